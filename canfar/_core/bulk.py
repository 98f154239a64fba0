"""How a bulk call ends: with a result, one warning, an error, or interrupted with what was done."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from attrs import field, mutable

from canfar._core.filters import one_of
from canfar._core.steps import OnOutcome, Requests
from canfar.errors import CanfarError, MayExist, SessionRequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from canfar._core.steps import Call, Plan
    from canfar.models.outcome import Outcome
    from canfar.models.results import BulkResult

T = TypeVar("T")
R = TypeVar("R", bound="BulkResult")

logger: Final = logging.getLogger("canfar.sessions.failures")

NAMED: Final = 5
"""How many failures a warning names; ``errors`` has all of them."""


@mutable(eq=False)
class Tally(Generic[T]):
    """What became of each item of a bulk call, in the order of the items.

    Attributes:
        items: The ids or replica numbers.
        on_outcome: Told of each outcome once it stands.
        known: The outcomes that stand.
        muted: Set when a report failed: outcomes are still noted, and reported no more.
    """

    items: Sequence[str | int]
    on_outcome: OnOutcome | None = None
    known: dict[str | int | None, Outcome[T]] = field(factory=dict)
    muted: bool = False

    def settle(self, outcome: Outcome[T]) -> None:
        """Note an outcome that will not change any more, and report it."""
        self.known[outcome.about] = outcome
        if self.on_outcome is None or self.muted:
            return
        try:
            self.on_outcome(outcome)
        except BaseException:
            self.muted = True
            raise

    @property
    def outcomes(self) -> list[Outcome[T]]:
        """The outcomes that stand, in the order of the items."""
        return [self.known[item] for item in self.items if item in self.known]

    @property
    def values(self) -> dict[str | int, T]:
        """The values there are, by item, in the order of the items."""
        return {
            o.about: o.value for o in self.outcomes if o.about is not None and o.value is not None
        }

    def send(self, calls: Sequence[Call[T]]) -> Plan[None]:
        """Send calls whose first outcome stands."""
        requests = Requests(calls, self.settle)
        if calls:
            yield requests
        requests.raise_if_hopeless()


@contextmanager
def carrying(shape: Callable[[], BulkResult]) -> Generator[None]:
    """Let an exception that ends a call early carry what the call had got done."""
    try:
        yield
    except BaseException as error:
        result = shape()
        carry(error, result)
        raise


def carry(error: BaseException, result: BulkResult) -> None:
    """Put a result, its failures and the ids of what was started onto an exception."""
    # Any exception may pass: ours, Ctrl-C, a task's cancellation, whatever a callback raises.
    error.results = result  # type: ignore[attr-defined]  # they are noted on errors of any kind
    error.errors = {k: e for k, e in result.errors.items() if e is not error}  # type: ignore[attr-defined]  # the same
    if result.operation == "create":
        ids = tuple(str(o.value) for o in result.outcomes if o.ok)
        error.ids = ids  # type: ignore[attr-defined]  # the same
        if ids:
            started = f"{len(ids)} session{'' if len(ids) == 1 else 's'}"
            error.add_note(
                f"{started} had been started and go on: `.ids` of this error names them."
            )
        doubts = sum(isinstance(each, MayExist) for each in result.errors.values())
        if doubts:
            error.add_note(
                f"{doubts} more may have been started: `.errors` of this error says which."
            )


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
    hint = f" {result.advice}" if result.advice else ""
    return (
        f"{result.operation}: {len(errors)} of {len(result.outcomes)} failed: {named}{more}{hint}"
    )


def policy(value: object) -> str:
    """Return the error policy that a caller means."""
    return one_of("errors", value, ("ignore", "raise"))


def nothing_worked(result: BulkResult) -> CanfarError:
    """Return the error to raise when every item failed: the cause itself if there is just one."""
    errors = list(result.errors.values())
    if len({(type(error), error.message) for error in errors}) == 1:
        first = errors[0]
        carry(first, result)
        return first
    return SessionRequestError(result.operation, result, result.errors)
