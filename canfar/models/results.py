"""What bulk calls return: the list or dict people expect, which also knows what failed and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from canfar.errors import CanfarError, SessionRequestError
from canfar.models.outcome import Outcome
from canfar.models.session import SessionRecord, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "BulkResult",
    "Destroyed",
    "Logs",
    "Opened",
    "Outcome",
    "Renewed",
    "SavedLogs",
    "SessionEvents",
    "SessionIds",
    "SessionInfo",
]


T = TypeVar("T")
V = TypeVar("V")


class BulkResult:
    """What every bulk result has besides its list or dict.

    Attributes:
        operation: The method that was called.
        outcomes: One outcome per input, in order.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("fit", "skaha/astroml", cmd="true")
        >>> found = session.info([*ids, "nosuch00"])
        >>> found.ok, list(found.errors)
        (False, ['nosuch00'])
    """

    operation: str
    outcomes: Sequence[Outcome[Any]]

    @property
    def advice(self) -> str:
        """What to do about the failures, or an empty string."""
        return ""

    @property
    def errors(self) -> dict[str | int, CanfarError]:
        """The failures, by id or by 1-based replica number."""
        return {
            "" if o.about is None else o.about: o.error
            for o in self.outcomes
            if o.error is not None
        }

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.errors

    def raise_for_errors(self) -> Self:
        """Raise an error if anything failed, as ``errors="raise"`` does in the call itself.

        Returns:
            The result itself.

        Raises:
            SessionRequestError: Something failed; its ``results`` is this result.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> ids = session.create("fit", "skaha/astroml", cmd="true", replicas=2)
            >>> len(session.destroy(ids).raise_for_errors())
            2
        """
        if self.errors:
            raise SessionRequestError(self.operation, self, self.errors, advice=self.advice)
        return self


class BulkList(list[T], BulkResult, Generic[T]):
    """A list of what worked."""

    def __init__(
        self,
        values: Iterable[T] = (),
        *,
        operation: str = "",
        outcomes: Sequence[Outcome[Any]] = (),
    ) -> None:
        super().__init__(values)
        self.operation = operation
        self.outcomes = tuple(outcomes)


class BulkDict(dict[str, V], BulkResult, Generic[V]):
    """A dict by id."""

    def __init__(
        self,
        values: Mapping[str, V] | Iterable[tuple[str, V]] = (),
        *,
        operation: str = "",
        outcomes: Sequence[Outcome[Any]] = (),
    ) -> None:
        super().__init__(values)
        self.operation = operation
        self.outcomes = tuple(outcomes)


class SessionIds(BulkList[str]):
    """The ids that ``create`` started.

    Example:
        >>> from canfar.sessions import Session
        >>> ids = Session().create("fit", "skaha/astroml", cmd="true", replicas=3)
        >>> len(ids), ids.ok, ids.advice
        (3, True, '')
    """

    @property
    def advice(self) -> str:
        """How to start just the replicas that failed."""
        failed = [number for number in self.errors if isinstance(number, int)]
        if not failed or len(self.outcomes) < 2:  # noqa: PLR2004 - a single one is simply repeated
            return ""
        return f"Start just those with the same arguments and only={failed}."


class SessionEvents(BulkList[dict[str, str]]):
    """What ``events`` found: ``[{id: text}, ...]``.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("one", "skaha/astroml", kind="notebook")
        >>> [told] = session.events(ids)
        >>> told[ids[0]].split()[:3]
        ['TYPE', 'REASON', 'MESSAGE']
    """


class Logs(BulkDict[str]):
    """What ``logs`` found, by id.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("hi", "skaha/astroml", command=["echo", "hello"])
        >>> ended = session.wait(ids)
        >>> [text.strip() for text in session.logs(ids).values()]
        ['hello']
    """


class Destroyed(BulkDict[bool]):
    """What ``destroy`` did, by id.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("one", "skaha/astroml", kind="notebook")
        >>> session.destroy(ids) == {ids[0]: True}
        True
    """


class Renewed(BulkDict[bool]):
    """What ``renew`` did, by id.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("one", "skaha/astroml", kind="notebook")
        >>> session.renew(ids) == {ids[0]: True}
        True
    """


class SavedLogs(BulkDict[Path]):
    """The files that ``download_logs`` wrote, by id.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("hi", "skaha/astroml", command=["echo", "hello"])
        >>> ended = session.wait(ids)
        >>> with TemporaryDirectory() as folder:
        ...     [path] = session.download_logs(ids, folder).values()
        ...     path.read_text().strip()
        'hello'
    """


class Opened(BulkDict[str]):
    """The addresses that ``connect`` opened, by id.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("one", "skaha/astroml", kind="notebook")
        >>> opened = session.connect(ids, browser=False)
        >>> list(opened) == ids
        True
    """


class SessionInfo(SessionRecords, BulkResult):
    """What ``info`` found; sessions that are gone are in ``errors``.

    Args:
        records: The sessions that were found.
        operation: The method that was called.
        outcomes: One outcome per input, in order.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("one", "skaha/astroml", kind="notebook")
        >>> session.info(ids).ids == ids
        True
    """

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]] = (),
        *,
        operation: str = "info",
        outcomes: Sequence[Outcome[SessionRecord]] = (),
    ) -> None:
        super().__init__(records)
        self.operation = operation
        self.outcomes = tuple(outcomes)
