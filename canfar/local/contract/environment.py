"""The environment of a headless session (section 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.commands import kubernetes_expansion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.local.contract.resources import Resources
    from canfar.local.contract.settings import Settings, User

__all__ = ["session_environment"]


def session_environment(
    user: User,
    session_id: str,
    resources: Resources,
    settings: Settings,
    given: Sequence[tuple[str, str]],
) -> tuple[tuple[str, str], ...]:
    """The user's variables and, after them, the server's: a later one of the same name wins.

    Args:
        user: Whose session it is.
        session_id: The session's ID.
        resources: What it gets, for ``OMP_NUM_THREADS``.
        settings: The platform's host and homes.
        given: What the user asked for.
    """
    home = f"{settings.home}/{user.name}"
    server = (
        ("skaha_hostname", settings.host),
        ("skaha_username", user.name),
        ("skaha_sessionid", session_id),
        ("HOME", home),
        ("PWD", home),
        ("OMP_NUM_THREADS", str(resources.threads)),
    )
    known: dict[str, str] = {}
    for name, value in (*given, *server):
        known[name] = kubernetes_expansion(value, known)
    return tuple(known.items())
