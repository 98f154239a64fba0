"""What arrived, and what became of it: for tests that count."""

from __future__ import annotations

from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from canfar.local.contract.operations import Operation, selector
from canfar.local.contract.parameters import read_parameters

if TYPE_CHECKING:
    from canfar.local.contract.messages import Request
    from canfar.local.contract.parameters import Parameters

__all__ = ["Arrival", "Journal"]

_KEPT: Final = 10_000


@frozen
class Arrival:
    """A request that arrived.

    Attributes:
        number: Its place in the order of arrival, from 1.
        connection: The number of the connection that it came over, from 1.
        request: The request itself, whose headers and body no representation shows.
        operation: What it asks for.
        applied: Whether the platform did what it asks for, or refused it for reasons of its own.
            False while it waits, and of a request that a fault kept from being applied.
        status: The status that was answered; None before, and when the connection was cut.
        cut: Whether a fault cut the connection.

    Example:
        >>> from canfar.local import LocalPlatform
        >>> from canfar.sessions import Session
        >>> with LocalPlatform() as platform:
        ...     found = Session(url=platform.url, token=platform.token).fetch()
        ...     [arrival] = platform.requests
        >>> arrival.method, arrival.path, arrival.status
        ('GET', '/skaha/v1/session', 200)
    """

    number: int
    connection: int
    request: Request = field(repr=False)
    operation: Operation
    applied: bool = False
    status: int | None = None
    cut: bool = False

    @property
    def method(self) -> str:
        """The method."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path, without the query."""
        return self.request.path

    @property
    def parameters(self) -> Parameters:
        """What the handler sees of query and form; its representation shows no values.

        Raises:
            BadRequestError: The same name in two spellings of case.
        """
        return read_parameters(self.request)

    def is_of(self, operation: str) -> bool:
        """Whether it is of an operation.

        Args:
            operation: A name of the specification's, an alias or ``*``.

        Returns:
            True if it is.

        Raises:
            ValueError: There is no such operation.

        Example:
            >>> from canfar.local import LocalPlatform
            >>> from canfar.sessions import Session
            >>> with LocalPlatform() as platform:
            ...     found = Session(url=platform.url, token=platform.token).fetch()
            ...     [arrival] = platform.requests
            >>> arrival.is_of("list"), arrival.is_of("create")
            (True, False)
        """
        return selector(operation).takes(self.operation)


class Journal:
    """The last ten thousand requests."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._arrivals: dict[int, Arrival] = {}
        self._count = 0

    def arrived(self, request: Request, operation: Operation, connection: int) -> int:
        """Write down a request.

        Args:
            request: The request.
            operation: What it asks for.
            connection: The number of its connection.

        Returns:
            The number of the entry.
        """
        with self._lock:
            self._count += 1
            self._arrivals[self._count] = Arrival(self._count, connection, request, operation)
            for oldest in tuple(islice(self._arrivals, max(0, len(self._arrivals) - _KEPT))):
                del self._arrivals[oldest]
            return self._count

    def applied(self, number: int) -> None:
        """Write down that the contract has answered it."""
        with self._lock:
            if number in self._arrivals:
                self._arrivals[number] = evolve(self._arrivals[number], applied=True)

    def answered(self, number: int, status: int | None) -> None:
        """Write down what was answered: a status, or None for a cut."""
        with self._lock:
            if number in self._arrivals:
                self._arrivals[number] = evolve(
                    self._arrivals[number], status=status, cut=status is None
                )

    def all(self) -> tuple[Arrival, ...]:
        """The requests, in the order of their arrival."""
        with self._lock:
            return tuple(self._arrivals.values())
