"""From what a generated function returned or raised to an outcome, the same for both drivers."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from canfar._core.circumstances import CIRCUMSTANCES, Campaign, Circumstances
from canfar._core.replies import settle
from canfar._http.failures import as_ours
from canfar.errors import CanfarError, DeadlinePassed
from canfar.models.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Generator

    from canfar._core.steps import Call, Reply
    from canfar._drive.reach import Reach

T = TypeVar("T")


def prepare(call: Call[T], campaign: Campaign, deadline: float | None) -> None:
    """Let the transport know what the request that this thread or task sends next is part of."""
    CIRCUMSTANCES.set(
        Circumstances(
            campaign,
            call.repeatable,
            deadline,
            once=call.once,
            streams=call.into is not None,
        )
    )


@contextmanager
def unchanged() -> Generator[None]:
    """Leave the circumstances of whoever called as they were."""
    before = CIRCUMSTANCES.get()
    try:
        yield
    finally:
        CIRCUMSTANCES.set(before)


def outcome(call: Call[T], result: Reply | Exception, reach: Reach) -> Outcome[T]:
    """Return what became of a call.

    The error is made, not raised, and never in the frames that hold what was sent.
    """
    if isinstance(result, Exception):
        problem = as_ours(result)
    else:
        try:
            return Outcome(call.about, settle(call, result))
        except CanfarError as error:
            problem = error.with_traceback(None)
    return Outcome(call.about, error=problem.concerning(call.about).without(reach.secrets()))


def end_of(seconds: float | None) -> float | None:
    """Return the clock's time at which a call that may take this long is over."""
    return None if seconds is None else monotonic() + seconds


def within(seconds: float, deadline: float | None) -> float:
    """Return the seconds to pause, or raise when the whole call's time ends before."""
    if deadline is not None and monotonic() + seconds > deadline:
        raise DeadlinePassed("the time for the whole call is over")
    return seconds
