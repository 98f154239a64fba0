"""Who is calling (section 5).

As on a platform with OpenID Connect: a bearer token, or nobody. ``Basic`` is ignored, other schemes
are refused, certificates and cookies mean nothing here.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING, Final

from canfar.local.contract.generations import CURRENT
from canfar.local.contract.problems import (
    BadCredentialsError,
    BadRequestError,
    ForbiddenError,
    ProblemError,
    UnauthorizedError,
)

if TYPE_CHECKING:
    from canfar.local.contract.generations import Generation
    from canfar.local.contract.messages import Request
    from canfar.local.contract.settings import Settings, User

__all__ = ["CHALLENGE", "anonymous", "authenticate"]

CHALLENGE: Final = ("WWW-Authenticate", "Bearer")
"""The header that goes with every reply to somebody unknown."""


def authenticate(request: Request, settings: Settings) -> User | None:
    """Read the credentials of a request.

    Args:
        request: The request.
        settings: Who has an account.

    Returns:
        The caller; None when there are no credentials.

    Raises:
        BadCredentialsError: 401: there are some, but they are no good.
    """
    given = [
        value
        for value in request.every_header("authorization")
        if value.strip().partition(" ")[0].lower() != "basic"
    ]
    if not given:
        return None
    if len(given) > 1:
        raise BadCredentialsError("Multiple authorization tokens not supported")
    scheme, _, token = given[0].strip().partition(" ")
    if scheme.lower() != "bearer":
        raise BadCredentialsError(f"unhandled auth: Authorization {given[0].strip()}")
    # Every user is compared, so that the time it takes says nothing about whose token it was.
    sent = token.strip().encode()
    found = [user for user in settings.users if compare_digest(user.token.encode(), sent)]
    if not found:
        text = "Invalid JWT token"
        challenge = f'Bearer error="invalid_token", error_description="{text}"'
        raise BadCredentialsError(text, challenge)
    return found[0]


def anonymous(request: Request, generation: Generation = CURRENT) -> ProblemError:
    """What a caller without credentials is told: 400, not 401, since Skaha 1.4.

    Args:
        request: The request.
        generation: The platform's.
    """
    problem: ProblemError
    if request.header("x-auth-token-skaha") is None and generation.anonymous_status == 401:  # noqa: PLR2004
        problem = UnauthorizedError("Unauthorized")
    elif request.header("x-auth-token-skaha") is None:
        problem = BadRequestError("cannot get group memberships for anonymous")
    else:
        # Only desktops are given such a token, and no desktop runs here that could have one.
        problem = ForbiddenError("Invalid auth token")
    problem.headers = (CHALLENGE,)
    return problem
