"""What a plan can ask its driver to do.

A plan is a generator: it yields steps, the driver does them (with threads or with asyncio) and
sends back what came of each. So everything a method decides is written once, for both colours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from attrs import field, frozen, mutable

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from canfar.errors import CanfarError

T = TypeVar("T")


class Reply(Protocol):
    """What a generated function's ``*_detailed`` twin returns."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def parsed(self) -> Any: ...
    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...


class Operation(Protocol):
    """A generated endpoint module."""

    @property
    def sync_detailed(self) -> Callable[..., Reply]: ...
    @property
    def asyncio_detailed(self) -> Callable[..., Coroutine[Any, Any, Reply]]: ...


@frozen
class Call(Generic[T]):
    """One request: what to send, and what a good reply to it means.

    Attributes:
        about: The id or replica number the call is about.
        operation: The generated endpoint module that sends it.
        arguments: What that module's functions take, besides ``client``.
        settle: Makes the value from the parsed body of a good reply.
    """

    about: str | int | None
    operation: Operation
    arguments: Mapping[str, Any]
    settle: Callable[[Any], T]


@frozen
class Outcome(Generic[T]):
    """What became of one item of a call.

    Attributes:
        about: The id or the replica number.
        value: What was asked for, when it worked.
        error: Why it did not, otherwise None.
    """

    about: str | int | None
    value: T | None = None
    error: CanfarError | None = None

    @property
    def ok(self) -> bool:
        """Whether it worked."""
        return self.error is None


@mutable(eq=False)
class Batch(Generic[T]):
    """Send these calls, several at a time; what came of them is kept in ``settled``.

    The driver fills ``settled`` as replies come in, so that a plan that is interrupted still knows.
    """

    calls: Sequence[Call[T]]
    settled: dict[int, Outcome[T]] = field(factory=dict)
    hopeless: bool = False
    """Whether a failure showed that the remaining calls would fail too."""

    def settle(self, index: int, outcome: Outcome[T]) -> None:
        """Note what became of the call at this index."""
        self.settled[index] = outcome
        if outcome.error is not None and outcome.error.systemic:
            self.hopeless = True

    @property
    def outcomes(self) -> list[Outcome[T]]:
        """What is known, in the order of the calls."""
        return [self.settled[index] for index in sorted(self.settled)]


@frozen
class Pause:
    """Wait this many seconds."""

    seconds: float


@frozen
class OpenTab:
    """Open a browser tab; the driver sends back whether a browser took it."""

    url: str


@frozen
class Say:
    """Print a text, because the caller asked for that."""

    text: str


Step: TypeAlias = Batch[Any] | Pause | OpenTab | Say
Plan: TypeAlias = Generator[Step, Any, T]
Clock: TypeAlias = Callable[[], float]

monotonic: Clock = time.monotonic


def send(calls: Sequence[Call[T]]) -> Plan[list[Outcome[T]]]:
    """Send the calls; stop early and raise when one shows that all the others would fail."""
    batch: Batch[T] = Batch(calls)
    if calls:
        try:
            yield batch
        except BaseException as error:
            attach(error, batch)
            raise
    for outcome in batch.outcomes:
        if outcome.error is not None and outcome.error.systemic:
            attach(outcome.error, batch)
            raise outcome.error
    return batch.outcomes


def send_one(call: Call[T]) -> Plan[T]:
    """Send one call and return its value, or raise why there is none."""
    (outcome,) = yield from send([call])
    if outcome.error is not None:
        raise outcome.error
    return outcome.value  # type: ignore[return-value]  # no error: it is a T


def attach(error: BaseException, batch: Batch[Any]) -> None:
    """Let an exception that ends a call early carry what the call had got done."""
    done = [outcome for outcome in batch.outcomes if outcome.error is None]
    failed = {
        o.about: o.error for o in batch.outcomes if o.error is not None and o.error is not error
    }
    error.results = [o.value for o in done]  # type: ignore[attr-defined]  # any exception may pass
    error.errors = failed  # type: ignore[attr-defined]
