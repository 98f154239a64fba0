"""Batches: N replicas of a headless session as one thing to wait for, follow and start again.

Nothing of a batch lives in this process only: leave it, with Ctrl-C too, and find it again with
``session.batch(name)``, or with ``to_json`` and ``from_json``.
"""

# pyright: reportPrivateUsage=false
# A batch is driven by its session's own means, which are nobody else's.

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self

from canfar._core.batch import keeping, running
from canfar._core.batch.result import result_of, run_failed
from canfar._core.batch.scenes import picture, snapshot
from canfar._core.wait import deadline
from canfar.errors import CanfarError, InvalidInput
from canfar.pictures.picture import Picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator, Mapping
    from types import TracebackType

    from canfar._core.batch.roster import Roster
    from canfar._drive.progress import Board, Lines
    from canfar.models.batch import BatchStatus, Progress, Replica, RunResult
    from canfar.models.results import Destroyed, Logs
    from canfar.sessions import AsyncSession, Session

__all__ = ["AsyncBatch", "Batch"]

logger: Final = logging.getLogger("canfar")


class BatchView:
    """What is known of a batch without asking anybody."""

    _roster: Roster
    _keep: bool
    _boards: list[Board]

    @property
    def name(self) -> str:
        """The batch's name; its replicas are called ``name-1`` to ``name-N``."""
        return self._roster.name

    @property
    def ids(self) -> list[str]:
        """The latest session of each replica that has one, by the replicas' numbers."""
        return self._roster.ids

    @property
    def status(self) -> BatchStatus:
        """How many replicas were in which state when they were last looked at."""
        return self._roster.status

    @property
    def replicas(self) -> list[Replica]:
        """The replicas as they were last seen."""
        return [self._roster.replica(number) for number in self._roster.numbers]

    @property
    def failed(self) -> list[Replica]:
        """The replicas that failed, vanished without an end, or never started."""
        return [self._roster.replica(number) for number in self._roster.failed]

    @property
    def ok(self) -> bool:
        """Whether every replica has completed."""
        return self._roster.status.ok

    def keep(self) -> Self:
        """Have the end of a ``with`` block destroy nothing.

        Returns:
            The batch itself.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> with session.submit("fit", "skaha/astroml", cmd="true").keep() as batch:
            ...     batch.ids == session.fetch().ids
            True
        """
        self._keep = True
        return self

    def to_json(self, *, secrets: bool = False) -> str:
        """Return all that is known of the batch, as text.

        Args:
            secrets: Keep the values of its environment too, and the ends of the logs of what
                failed; by default only the names of the environment, and why it failed.

        Returns:
            JSON, for ``from_json``.

        Example:
            >>> from canfar.batches import Batch
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> Batch.from_json(session, batch.to_json()).ids == batch.ids
            True
        """
        return keeping.to_json(self._roster, secrets=secrets)

    def timeline(self) -> Picture:
        """Draw every replica's waiting and running on a time axis, as they were last seen.

        Returns:
            An SVG picture: a notebook shows it, ``save(path)`` writes it to a file.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> batch.wait()
            3 replicas: 3 Completed
            >>> batch.timeline().save("/tmp/fit.svg").suffix
            '.svg'
        """
        return Picture(picture(self._roster))

    def __len__(self) -> int:
        return self._roster.count

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {self.status}>"

    def _numbers_to_relaunch(self) -> list[int]:
        # Of those in doubt a session may run: started again they would run twice.
        return [n for n in self._roster.failed if n not in self._roster.doubts]

    def _launch(self, session: Session | AsyncSession, numbers: list[int]) -> Any:
        settings = session._settings
        return running.launch(
            self._roster,
            numbers,
            registry=settings.registry,
            retry=settings.retry,
            recent=session._recent,
            clock=monotonic,
        )

    def _wait(
        self,
        timeout: float | None,
        save_logs: str | Path | None,
        progress: Progress,
    ) -> Any:
        return running.wait(
            self._roster,
            timeout=timeout,
            folder=_folder(save_logs),
            on_look=self._tell(progress),
            clock=monotonic,
        )

    def _tell(self, progress: Progress) -> running.OnLook:
        """Return what is to be called after each look."""
        _check_progress(progress)
        displays = [*self._boards, *([self._display()] if progress is True else [])]

        told: BatchStatus | None = None

        def tell(*, changed: bool) -> None:
            nonlocal told
            # What changed may be what was already counted: sessions that are seen to wait.
            if callable(progress) and changed and told != self.status:
                told = self.status
                progress(told)
            if displays:
                now = snapshot(self._roster)
                for display in displays:
                    display.show(now)

        return tell

    def _display(self) -> Board | Lines:
        from canfar._drive.progress import Board, Lines, in_notebook  # noqa: PLC0415 - who asks

        return Board(snapshot(self._roster)) if in_notebook() else Lines()

    def _ipython_display_(self) -> None:
        from canfar._drive.progress import Board, in_notebook  # noqa: PLC0415 - IPython is there

        board = Board(snapshot(self._roster))
        if in_notebook():
            # A later wait keeps it up.
            self._boards.append(board)


def _folder(save_logs: str | Path | None) -> Path | None:
    """Return the folder for logs, which is there from now on: what cannot be is said at once."""
    if save_logs is None:
        return None
    if not isinstance(save_logs, str | Path):
        raise InvalidInput(f"save_logs must be a folder, not {save_logs!r}")
    place = Path(save_logs).expanduser()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(f"save_logs: {place} is no folder: {error.strerror}") from None
    return place


@contextmanager
def _kept_in(save_logs: str | Path | None) -> Generator[Path]:
    """The folder for the logs of a run: the one that was named, or one for as long as it takes."""
    folder = _folder(save_logs)
    if folder is not None:
        yield folder
    else:
        with TemporaryDirectory(prefix="canfar-") as passing:
            yield Path(passing)


def _say_what_is_left(name: str, error: CanfarError) -> None:
    # What ran has its results, and they are not to be lost with what cannot be tidied up.
    logger.warning("sessions of %s could not be destroyed: %s", name, error)


def _unless_failed(result: RunResult) -> RunResult:
    if result.failed:
        raise run_failed(result)
    return result


def _check_progress(progress: Progress) -> None:
    if not isinstance(progress, bool | None) and not callable(progress):
        raise InvalidInput(f"progress must be True or a function, not {progress!r}")


class Batch(BatchView):
    """Replicas of one headless session.

    Made by ``session.submit(...)`` and ``session.batch(name)``. As a context manager it is
    destroyed at the end of the block, unless ``keep()`` was called, or the block was interrupted or
    ran out of time.

    Args:
        session: What it is driven with.
        roster: What is known of it.

    Example:
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> submitted = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
        >>> with submitted as batch:
        ...     batch.wait(timeout=60)
        3 replicas: 3 Completed
    """

    def __init__(self, session: Session, roster: Roster) -> None:
        self._session = session
        self._roster = roster
        self._keep = False
        self._boards = []

    @classmethod
    def from_json(
        cls, session: Session, text: str, *, env: Mapping[str, str | float] | None = None
    ) -> Batch:
        """Return the batch that ``to_json`` wrote.

        Args:
            session: What to drive it with.
            text: What ``to_json`` returned.
            env: Its environment, if the values were not kept.

        Returns:
            The batch as it was then; ``refresh`` and ``wait`` look at it anew.

        Raises:
            InvalidInput: The text holds no batch, or one of another version.

        Example:
            >>> from canfar.batches import Batch
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> text = batch.to_json()
            >>> Batch.from_json(session, text).wait(timeout=60)
            3 replicas: 3 Completed
        """
        return cls(session, keeping.from_json(text, env))

    def _start(self) -> None:
        self._session._drive(self._launch(self._session, list(self._roster.numbers)))

    def refresh(self) -> BatchStatus:
        """Look at all replicas, with one list call.

        Returns:
            How many replicas are in which state.

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> status = batch.refresh()
            >>> sum(status.values())
            3
        """
        self._session._drive(running.refresh(self._roster))
        return self.status

    def wait(
        self,
        *,
        timeout: float | None = None,
        save_logs: str | Path | None = None,
        progress: Progress = None,
    ) -> BatchStatus:
        """Wait until every replica that was started has ended.

        One list call a poll serves all; a server that has answered once may be away for ten
        minutes.

        Args:
            timeout: Seconds to wait at most; None waits as long as it takes.
            save_logs: A folder for each replica's log and events, written as it ends, once and
                whole: the server deletes them an hour later (protocol notes 3.4, a fact of Skaha
                1.4).
            progress: True shows a live board in a notebook and lines on stderr elsewhere; a
                function is called with the counts whenever they change.

        Returns:
            How many replicas are in which state.

        Raises:
            WaitTimeout: Time ran out; the sessions go on.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> batch.wait(timeout=60)
            3 replicas: 3 Completed
        """
        self._session._drive(self._wait(timeout, save_logs, progress), patient=True)
        return self.status

    def logs(self) -> Logs:
        """Ask for what the replicas wrote, as far as the server still has it.

        Returns:
            The logs of the latest sessions, by id.

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("hi", "skaha/astroml", command=["echo", "hello"])
            >>> status = batch.wait(timeout=60)
            >>> logs = batch.logs()
            >>> logs[batch.ids[0]].strip()
            'hello'
        """
        return self._session.logs(self.ids)

    def follow(self, *, timeout: float | None = None) -> Iterator[tuple[str, str]]:
        """Give what the replicas write, line by line as they write it, until all have ended.

        Args:
            timeout: Seconds to follow at most; None follows to the end.

        Returns:
            An iterator of ``(id, line)``.

        Raises:
            WaitTimeout: Time ran out; the sessions go on.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("hi", "skaha/astroml", command=["echo", "hello"])
            >>> for session_id, line in batch.follow():
            ...     line
            'hello'
        """
        return self._session.follow(self.ids, timeout=timeout)

    def relaunch(self) -> list[int]:
        """Start again what failed, vanished or never started: same numbers, same REPLICA_COUNT.

        Returns:
            The numbers of the replicas that were started again.

        Raises:
            InvalidInput: How the batch was started is not known.
            CanfarError: None could be started; the server's reason is the message.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> status = batch.wait(timeout=60)
            >>> batch.relaunch()
            []
        """
        self.refresh()
        numbers = self._numbers_to_relaunch()
        self._session._drive(self._launch(self._session, numbers))
        return [number for number in numbers if not self._roster.errors.get(number)]

    def destroy(self) -> Destroyed:
        """Destroy all its sessions, those of earlier attempts too.

        Returns:
            ``{id: True}`` of those that were there and are gone.

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> batch = session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> destroyed = batch.destroy()
            >>> destroyed.ok
            True
        """
        return self._session._drive(running.remove(self._roster, self._session._recent))

    def _run(
        self,
        *,
        timeout: float | None,
        save_logs: str | Path | None,
        progress: Progress,
        keep: bool,
    ) -> RunResult:
        deadline(timeout, monotonic)
        _check_progress(progress)
        with _kept_in(save_logs) as folder:
            self._start()
            self.wait(timeout=timeout, save_logs=folder, progress=progress)
            result = result_of(self._roster, folder)
        if not keep:
            try:
                self.destroy().raise_for_errors()
            except CanfarError as error:
                _say_what_is_left(self.name, error)
        return _unless_failed(result)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Whoever interrupts a wait, or sets it a time, wants to go on later, not to lose what runs.
        if not self._keep and not isinstance(error, KeyboardInterrupt | TimeoutError):
            self.destroy()


class AsyncBatch(BatchView):
    """For asyncio: replicas of one headless session.

    Made by ``session.submit(...)`` and ``session.batch(name)``. As a context manager it is
    destroyed at the end of the block, unless ``keep()`` was called, or the block was interrupted or
    ran out of time.

    Args:
        session: What it is driven with.
        roster: What is known of it.

    Example:
        >>> from canfar.sessions import AsyncSession
        >>> session = AsyncSession()
        >>> submitted = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
        >>> async with submitted as batch:
        ...     await batch.wait(timeout=60)
        3 replicas: 3 Completed
    """

    def __init__(self, session: AsyncSession, roster: Roster) -> None:
        self._session = session
        self._roster = roster
        self._keep = False
        self._boards = []

    @classmethod
    def from_json(
        cls, session: AsyncSession, text: str, *, env: Mapping[str, str | float] | None = None
    ) -> AsyncBatch:
        """Return the batch that ``to_json`` wrote.

        Args:
            session: What to drive it with.
            text: What ``to_json`` returned.
            env: Its environment, if the values were not kept.

        Returns:
            The batch as it was then; ``refresh`` and ``wait`` look at it anew.

        Raises:
            InvalidInput: The text holds no batch, or one of another version.

        Example:
            >>> from canfar.batches import AsyncBatch
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> text = batch.to_json()
            >>> await AsyncBatch.from_json(session, text).wait(timeout=60)
            3 replicas: 3 Completed
        """
        return cls(session, keeping.from_json(text, env))

    async def _start(self) -> None:
        await self._session._drive(self._launch(self._session, list(self._roster.numbers)))

    async def refresh(self) -> BatchStatus:
        """Look at all replicas, with one list call.

        Returns:
            How many replicas are in which state.

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> status = await batch.refresh()
            >>> sum(status.values())
            3
        """
        await self._session._drive(running.refresh(self._roster))
        return self.status

    async def wait(
        self,
        *,
        timeout: float | None = None,
        save_logs: str | Path | None = None,
        progress: Progress = None,
    ) -> BatchStatus:
        """Wait until every replica that was started has ended.

        One list call a poll serves all; a server that has answered once may be away for ten
        minutes.

        Args:
            timeout: Seconds to wait at most; None waits as long as it takes.
            save_logs: A folder for each replica's log and events, written as it ends, once and
                whole: the server deletes them an hour later (protocol notes 3.4, a fact of Skaha
                1.4).
            progress: True shows a live board in a notebook and lines on stderr elsewhere; a
                function is called with the counts whenever they change.

        Returns:
            How many replicas are in which state.

        Raises:
            WaitTimeout: Time ran out; the sessions go on.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> await batch.wait(timeout=60)
            3 replicas: 3 Completed
        """
        await self._session._drive(self._wait(timeout, save_logs, progress), patient=True)
        return self.status

    async def logs(self) -> Logs:
        """Ask for what the replicas wrote, as far as the server still has it.

        Returns:
            The logs of the latest sessions, by id.

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("hi", "skaha/astroml", command=["echo", "hello"])
            >>> status = await batch.wait(timeout=60)
            >>> logs = await batch.logs()
            >>> logs[batch.ids[0]].strip()
            'hello'
        """
        return await self._session.logs(self.ids)

    def follow(self, *, timeout: float | None = None) -> AsyncIterator[tuple[str, str]]:
        """Give what the replicas write, line by line as they write it, until all have ended.

        Args:
            timeout: Seconds to follow at most; None follows to the end.

        Returns:
            An iterator of ``(id, line)``.

        Raises:
            WaitTimeout: Time ran out; the sessions go on.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("hi", "skaha/astroml", command=["echo", "hello"])
            >>> async for session_id, line in batch.follow():
            ...     line
            'hello'
        """
        return self._session.follow(self.ids, timeout=timeout)

    async def relaunch(self) -> list[int]:
        """Start again what failed, vanished or never started: same numbers, same REPLICA_COUNT.

        Returns:
            The numbers of the replicas that were started again.

        Raises:
            InvalidInput: How the batch was started is not known.
            CanfarError: None could be started; the server's reason is the message.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> status = await batch.wait(timeout=60)
            >>> await batch.relaunch()
            []
        """
        await self.refresh()
        numbers = self._numbers_to_relaunch()
        await self._session._drive(self._launch(self._session, numbers))
        return [number for number in numbers if not self._roster.errors.get(number)]

    async def destroy(self) -> Destroyed:
        """Destroy all its sessions, those of earlier attempts too.

        Returns:
            ``{id: True}`` of those that were there and are gone.

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> batch = await session.submit("fit", "skaha/astroml", cmd="true", replicas=3)
            >>> destroyed = await batch.destroy()
            >>> destroyed.ok
            True
        """
        return await self._session._drive(running.remove(self._roster, self._session._recent))

    async def _run(
        self,
        *,
        timeout: float | None,
        save_logs: str | Path | None,
        progress: Progress,
        keep: bool,
    ) -> RunResult:
        deadline(timeout, monotonic)
        _check_progress(progress)
        with _kept_in(save_logs) as folder:
            await self._start()
            await self.wait(timeout=timeout, save_logs=folder, progress=progress)
            result = result_of(self._roster, folder)
        if not keep:
            try:
                (await self.destroy()).raise_for_errors()
            except CanfarError as error:
                _say_what_is_left(self.name, error)
        return _unless_failed(result)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from asyncio import CancelledError  # noqa: PLC0415 - scripts without asyncio load none

        # Whoever interrupts a wait, or sets it a time, wants to go on later, not to lose what runs.
        if not self._keep and not isinstance(
            error, KeyboardInterrupt | TimeoutError | CancelledError
        ):
            await self.destroy()
