"""Making a platform fail on demand: methods of :class:`canfar.local.LocalPlatform`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.effects import Cut, Delay, Drip, Fail, Html, RefuseToken
from canfar.local.contract.fault_plan import FaultPlan
from canfar.local.contract.fault_text import read_fault
from canfar.local.contract.faults import Fault
from canfar.local.contract.journal import Journal
from canfar.local.contract.operations import selector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canfar.local.contract.effects import Effect
    from canfar.local.contract.journal import Arrival
    from canfar.local.server.connections import Connections

__all__ = ["Faulty"]


class Faulty:
    """Something that goes wrong when it is told to, and keeps a list of what it was asked.

    Operations are named as in spec/openapi.yaml (``create_session``, ``list_sessions``,
    ``get_session`` ...), or shorter: ``create``, ``list``, ``info``, ``logs``, ``events``,
    ``stats``, ``renew``, ``delete``, ``images``, ``context``; ``*`` is all of them. The short names
    of views are narrower: ``get_session`` is ``info``, ``logs`` and ``events`` together.

    Each method adds a fault, which stays until it has struck ``times`` requests or
    :meth:`clear_faults` is called. Faults may be added before the platform is started and at any
    time afterwards, from any thread. Of two that decide what a client gets, the one that was added
    first strikes first; delays add up.

    Args:
        seed: Makes faults with a chance strike the same requests in every run.
        faults: Faults that are there from the beginning, as values or as the command line has them.
    """

    def __init__(self, seed: int | None = None, faults: Iterable[Fault | str] = ()) -> None:
        self._plan = FaultPlan(seed)
        self._journal = Journal()
        self._connections: Connections | None = None
        for fault in faults:
            self.inject(fault)

    @property
    def requests(self) -> tuple[Arrival, ...]:
        """The requests that arrived so far, in order; the last ten thousand of them."""
        return self._journal.all()

    @property
    def connections(self) -> int:
        """How many TCP connections were accepted since the platform was started."""
        return 0 if self._connections is None else self._connections.accepted

    @property
    def open_connections(self) -> int:
        """How many TCP connections are open now."""
        return 0 if self._connections is None else self._connections.open

    def count(self, operation: str = "*", *, applied: bool | None = None) -> int:
        """Count the requests that arrived for an operation.

        Args:
            operation: The operation.
            applied: Only those that the platform was left to act on (True), or that a fault kept
                it from (False); None counts both.

        Returns:
            How many, of the last ten thousand.

        Raises:
            ValueError: There is no such operation.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().count("create")
            0
        """
        wanted = selector(operation)
        return sum(
            1
            for arrival in self.requests
            if wanted.takes(arrival.operation) and applied in {None, arrival.applied}
        )

    def inject(self, fault: Fault | str) -> None:
        """Add a fault.

        Args:
            fault: The fault, as a value or as the command line has it, such as
                ``"create:cut-after,chance=0.05"``.

        Raises:
            ValueError: The text can't be read.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().inject("create:cut-after,chance=0.05")
        """
        self._plan.add(read_fault(fault) if isinstance(fault, str) else fault)

    def clear_faults(self) -> None:
        """Let everything work again. Requests that a delay holds up already stay held up.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> platform = LocalPlatform()
            >>> platform.fail("create")
            >>> platform.clear_faults()
        """
        self._plan.clear()

    def fail(
        self,
        operation: str = "*",
        *,
        times: int | None = None,
        status: int = 503,
        retry_after: float | str | None = None,
        body: str | None = None,
        after: bool = False,
        skip: int = 0,
    ) -> None:
        """Answer with an error.

        Args:
            operation: The operation.
            times: How many requests; None is until :meth:`clear_faults`.
            status: The status code.
            retry_after: The ``Retry-After`` header, in seconds or as a date; None sends none, while
                Skaha itself sends 30 with each 503.
            body: The text; None is what Skaha says with that status.
            after: Whether the request is applied all the same, as when a gateway gives up waiting.
            skip: How many requests pass first.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().fail("create", times=3, status=503, retry_after=2)
        """
        self._add(operation, Fail(status, retry_after, body, after), times, skip)

    def cut(
        self, operation: str = "*", *, times: int | None = None, after: bool = True, skip: int = 0
    ) -> None:
        """Close the connection without a reply.

        Args:
            operation: The operation.
            times: How many requests; None is until :meth:`clear_faults`.
            after: Whether the request is applied; with False it isn't.
            skip: How many requests pass first.

        Raises:
            ValueError: There is no such operation, or a number makes no sense.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> from canfar.sessions import Session
            >>> with LocalPlatform() as platform:
            ...     platform.cut("create", times=1)  # started, but the reply is lost
            ...     session = Session(url=platform.url, token=platform.token)
            ...     ids = session.create("one", "skaha/astroml", cmd="true")
            ...     print(len(ids), platform.count("create"))  # found, not started again
            1 1
        """
        self._add(operation, Cut("after" if after else "before"), times, skip)

    def truncate(self, operation: str = "*", *, times: int | None = None, skip: int = 0) -> None:
        """Apply the request, and close the connection in the middle of the reply's body.

        Args:
            operation: The operation.
            times: How many requests; None is until :meth:`clear_faults`.
            skip: How many requests pass first.

        Raises:
            ValueError: There is no such operation, or a number makes no sense.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().truncate("list", times=1)
        """
        self._add(operation, Cut("midway"), times, skip)

    def delay(
        self,
        operation: str = "*",
        *,
        seconds: float,
        times: int | None = None,
        after: bool = False,
        skip: int = 0,
    ) -> None:
        """Take long, by the platform's clock: :meth:`~canfar.local.LocalPlatform.advance` helps.

        A client that gives up doesn't change what happens: the request is applied in the end.

        Args:
            operation: The operation.
            seconds: How long, in seconds.
            times: How many requests; None is until :meth:`clear_faults`.
            after: Whether the request is applied at once, and only its reply is late.
            skip: How many requests pass first.

        Raises:
            ValueError: There is no such operation, or a number makes no sense.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().delay("create", seconds=45, times=1)
        """
        self._add(operation, Delay(seconds, after), times, skip)

    def drip(
        self,
        operation: str = "*",
        *,
        bytes_per_second: float,
        times: int | None = None,
        skip: int = 0,
    ) -> None:
        """Send the bodies of replies slowly, by the platform's clock.

        Args:
            operation: The operation.
            bytes_per_second: How slowly; below 50, byte by byte.
            times: How many requests; None is until :meth:`clear_faults`.
            skip: How many requests pass first.

        Raises:
            ValueError: There is no such operation, or a number makes no sense.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().drip("logs", bytes_per_second=1000)
        """
        self._add(operation, Drip(bytes_per_second), times, skip)

    def answer_html(
        self, operation: str = "*", *, times: int | None = None, after: bool = False, skip: int = 0
    ) -> None:
        """Answer 200 with a page of HTML, as a portal in between does.

        Args:
            operation: The operation.
            times: How many requests; None is until :meth:`clear_faults`.
            after: Whether the request is applied all the same.
            skip: How many requests pass first.

        Raises:
            ValueError: There is no such operation, or a number makes no sense.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().answer_html("*", times=3)
        """
        self._add(operation, Html(after=after), times, skip)

    def refuse_token(
        self,
        token: str | None = None,
        *,
        operation: str = "*",
        times: int | None = None,
        message: str = "Token has expired",
        skip: int = 0,
    ) -> None:
        """Answer 401 to a token, as when it has expired.

        Args:
            token: The token; None refuses all.
            operation: The operation.
            times: How many requests; None is until :meth:`clear_faults`.
            message: The sentence.
            skip: How many requests pass first.

        Raises:
            ValueError: There is no such operation, or a number makes no sense.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().refuse_token(times=1, message="Token has expired")
        """
        self._add(operation, RefuseToken(token, message), times, skip)

    def faults(
        self,
        operation: str = "*",
        *,
        seed: int | None = None,
        cut_before: float = 0.0,
        cut_after: float = 0.0,
        cut_midway: float = 0.0,
        busy: float = 0.0,
        broken: float = 0.0,
        html: float = 0.0,
        retry_after: float | str | None = None,
        times: int | None = None,
        skip: int = 0,
    ) -> None:
        """Let requests go wrong by chance: for each, one of these or nothing.

        Args:
            operation: The operation.
            seed: With the same seed the n-th request of the operation meets the same fate in every
                run. None takes the platform's seed, if it has one.
            cut_before: The chance, from 0 to 1, that the connection is closed and the request isn't
                applied.
            cut_after: The chance that the request is applied and the connection closed.
            cut_midway: The chance that the request is applied and the reply ends in its middle.
            busy: The chance of a 503; the request isn't applied.
            broken: The chance of a 500; the request isn't applied.
            html: The chance of a page of HTML with 200; the request isn't applied.
            retry_after: The ``Retry-After`` header of those 503, in seconds or as a date.
            times: How many requests go wrong at most; None is until :meth:`clear_faults`.
            skip: How many requests pass first.

        Raises:
            ValueError: The chances add up to more than 1, or to nothing.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> LocalPlatform().faults("create", seed=7, cut_before=0.05, cut_after=0.05, busy=0.05)
        """
        outcomes: tuple[tuple[float, Effect], ...] = (
            (cut_before, Cut("before")),
            (cut_after, Cut("after")),
            (cut_midway, Cut("midway")),
            (busy, Fail(503, retry_after)),
            (broken, Fail(500)),
            (html, Html()),
        )
        if not any(chance for chance, _effect in outcomes):
            raise ValueError("without a chance nothing goes wrong: give one, such as busy=0.1")
        self._plan.add(Fault(operation, outcomes, times, skip, seed))

    def _add(self, operation: str, effect: Effect, times: int | None, skip: int) -> None:
        self._plan.add(Fault.certain(operation, effect, times=times, skip=skip))
