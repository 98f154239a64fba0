"""How a bulk call ends: the result, with one warning or an error when something failed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, TypeVar

from canfar._core.filters import one_of
from canfar.errors import CanfarError, SessionRequestError

if TYPE_CHECKING:
    from canfar.models.results import BulkResult

R = TypeVar("R", bound="BulkResult")

logger: Final = logging.getLogger("canfar.sessions")

NAMED: Final = 5
"""How many failures a warning names; ``errors`` has all of them."""


def finish(result: R, policy: str) -> R:
    """Return the result of a bulk call, after saying what failed.

    Raises:
        SessionRequestError: Something failed and the policy is "raise".
    """
    if policy == "raise":
        return result.raise_for_errors()
    if result.errors:
        logger.warning("%s", failures(result))
    return result


def failures(result: BulkResult) -> str:
    """Return one sentence that counts the failures and names the first of them."""
    errors = list(result.errors.values())
    named = "; ".join(str(error) for error in errors[:NAMED])
    more = f"; and {len(errors) - NAMED} more" if len(errors) > NAMED else ""
    return f"{result.operation}: {len(errors)} of {len(result.outcomes)} failed: {named}{more}"


def policy(value: object) -> str:
    """Return the error policy that a caller means."""
    return one_of("errors", value, ("ignore", "raise"))


def nothing_worked(result: BulkResult) -> CanfarError:
    """Return the error to raise when every item failed: the cause itself if there is just one."""
    errors = list(result.errors.values())
    if len({(type(error), error.message) for error in errors}) == 1:
        first = errors[0]
        first.results, first.errors = result, result.errors
        return first
    return SessionRequestError(result.operation, result, result.errors)
