"""What a plan can ask its driver to do.

A plan is a generator: it yields steps, the driver does them (with threads or with asyncio) and
sends back what came of each. So everything a method decides is written once, for both colours.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from attrs import field, frozen, mutable

from canfar.models.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path


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
    @property
    def get_kwargs(self) -> Callable[..., dict[str, Any]]: ...
    @property
    def build_response(self) -> Callable[..., Reply]: ...


class Sink(Protocol):
    """Takes in the body of a reply as it comes."""

    def begin(self) -> None: ...
    def write(self, piece: bytes) -> bool:
        """Take in the next piece; False when no more is of use."""
        ...

    def end(self) -> None: ...


@frozen
class Call(Generic[T]):
    """One request: what to send, and what a good reply to it means.

    Attributes:
        about: The id or replica number the call is about.
        operation: The generated endpoint module that sends it.
        arguments: What that module's functions take, besides ``client``; they hold secrets.
        settle: Makes the value from a good reply.
        repeatable: Whether sending it twice does what sending it once does.
        once: Whether it is sent once only, because its failures do not pass.
        into: The file or sink that a good reply's body goes to, or None to keep it in memory.
        read: Makes ``parsed`` from the body of a good reply, where the operation's models would
            take long; TypeError or ValueError leaves it to them.
    """

    about: str | int | None
    operation: Operation
    arguments: Mapping[str, Any] = field(repr=False)
    settle: Callable[[Reply], T]
    repeatable: bool = True
    once: bool = False
    into: Path | Sink | None = None
    read: Callable[[bytes], Any] | None = None


OnOutcome: TypeAlias = Callable[[Outcome[Any]], object]


@mutable(eq=False)
class Requests(Generic[T]):
    """Send these calls, several at a time; what came of them is kept in ``settled``.

    The driver fills ``settled`` as replies come in, so that a plan that is interrupted still knows.

    Attributes:
        calls: What to send.
        on_outcome: Told of each outcome as it comes, one at a time.
        settled: What came of the calls so far, by their index.
        began: The clock's time at which each call was begun, by its index.
        hopeless: Whether a failure showed that the remaining calls would fail too.
    """

    calls: Sequence[Call[T]]
    on_outcome: OnOutcome | None = None
    settled: dict[int, Outcome[T]] = field(factory=dict)
    began: dict[int, float] = field(factory=dict)
    hopeless: bool = False

    def settle(self, index: int, outcome: Outcome[T]) -> None:
        """Note what became of the call at this index."""
        self.settled[index] = outcome
        if outcome.error is not None and outcome.error.systemic:
            self.hopeless = True

    @property
    def outcomes(self) -> list[Outcome[T]]:
        """What is known, in the order of the calls."""
        return [self.settled[index] for index in sorted(self.settled)]

    def raise_if_hopeless(self) -> None:
        """Raise the failure that would be that of every other call too."""
        if self.hopeless:
            for outcome in self.outcomes:
                if outcome.error is not None and outcome.error.systemic:
                    raise outcome.error


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


@frozen
class Emit:
    """Hand this to whoever iterates over the plan; it goes on when the next is asked for."""

    value: Any


Step: TypeAlias = Requests[Any] | Pause | OpenTab | Say | Emit
Plan: TypeAlias = Generator[Step, Any, T]
Clock: TypeAlias = Callable[[], float]


def send(calls: Sequence[Call[T]], on_outcome: OnOutcome | None = None) -> Plan[list[Outcome[T]]]:
    """Send the calls; stop early and raise when one shows that all the others would fail."""
    requests = Requests(calls, on_outcome)
    if calls:
        yield requests
    requests.raise_if_hopeless()
    return requests.outcomes


def send_one(call: Call[T]) -> Plan[T]:
    """Send one call and return its value, or raise why there is none."""
    (outcome,) = yield from send([call])
    if outcome.error is not None:
        raise outcome.error
    return outcome.value  # type: ignore[return-value]  # no error: it is a T
