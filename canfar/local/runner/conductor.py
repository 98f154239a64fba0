"""Starts commands in order, sees them end, ends them when asked: in one thread of its own."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, Protocol

from canfar.local.runner.limits import limit
from canfar.local.runner.meter import Leader, Meter
from canfar.local.runner.notebooks import NotebookServer
from canfar.local.runner.process import NotStartedError, Process
from canfar.local.runner.surroundings import process_environment

if TYPE_CHECKING:
    from canfar.local.contract.engine import Job, Usage
    from canfar.local.runner.ledger import Ledger
    from canfar.local.runner.surroundings import Folders

__all__ = ["Conductor", "Listener"]

_POLL_SECONDS: Final = 0.02
_CAN_WATCH: Final = hasattr(os, "pidfd_open")


class Listener(Protocol):
    """Whoever wants to know what becomes of commands. Called from any thread."""

    def admitted(self, session_id: str) -> None:
        """A command's turn has come."""
        ...

    def started(self, session_id: str) -> None:
        """A command runs."""
        ...

    def unstartable(self, session_id: str, reason: str) -> None:
        """A command can't be started, and this is why."""
        ...

    def out_of_memory(self, session_id: str) -> None:
        """A command was killed because it used more memory than it may."""
        ...

    def finished(self, session_id: str, exit_code: int | None) -> None:
        """A command has ended; without an exit code it never began."""
        ...


class Conductor:
    """Runs commands, at most so many at a time, the others waiting in order.

    Args:
        folders: Where they run and write.
        ledger: Told of every process.
        max_running: The most that run at a time.
        grace: Seconds between asking a process group to end (SIGTERM) and ending it (SIGKILL).
    """

    def __init__(
        self, folders: Folders, ledger: Ledger, *, max_running: int = 32, grace: float = 5.0
    ) -> None:
        self._folders = folders
        self._ledger = ledger
        self._max_running = max_running
        self._grace = grace
        self._listener: Listener
        self._lock = Lock()
        # All below is the lock's.
        self._queue: deque[Job] = deque()
        self._running: dict[str, Process] = {}
        self._memory: dict[str, int] = {}
        self._notebooks: dict[str, NotebookServer] = {}
        self._greeters: list[Thread] = []
        self._out_of_memory: set[str] = set()
        self._starting = 0
        self._to_stop: deque[str] = deque()
        self._closing = False
        # The conductor's own.
        self._kill_at: dict[str, float] = {}
        self._watched: dict[str, int] = {}
        self._thread = Thread(target=self._conduct, name="canfar-local-conductor", daemon=True)
        # Removing a folder may take long: never while a request waits or a command could start.
        self._janitor = ThreadPoolExecutor(1, "canfar-local-janitor")
        self._meter = Meter(folders.root, self._leaders, self._kill_for_memory)
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)

    def start(self, listener: Listener) -> None:
        """Begin to run commands.

        Args:
            listener: Told what becomes of each.
        """
        self._listener = listener
        self._thread.start()
        self._meter.start()

    def close(self, *, grace: float) -> None:
        """End every command and return when all are gone.

        Args:
            grace: Seconds that they are given to end by themselves.
        """
        with self._lock:
            self._closing = True
            self._grace = grace
            self._queue.clear()
            self._to_stop.extend(self._running)
        self._wake()
        if self._thread.ident is not None:
            self._thread.join()
        for thread in self._greeters:
            thread.join()
        self._meter.close()
        self._janitor.shutdown()
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def submit(self, job: Job) -> bool:
        """Take a command over; see :class:`canfar.local.contract.engine.Engine`."""
        with self._lock:
            if job.notebook:
                # People wait for it.
                self._queue.appendleft(job)
                ahead = -1
            else:
                waiting = sum(not one.notebook for one in self._queue)
                ahead = self._commands() + self._starting + waiting
                self._queue.append(job)
        self._wake()
        return ahead < self._max_running

    def stop(self, session_id: str) -> None:
        """End a command; see :class:`canfar.local.contract.engine.Engine`."""
        with self._lock:
            self._to_stop.append(session_id)
        self._wake()

    def usage(self, session_id: str) -> Usage | None:
        """What a command uses; see :class:`canfar.local.contract.engine.Engine`."""
        return self._meter.usage(session_id)

    def address(self, session_id: str) -> str | None:
        """Where a notebook answers; see :class:`canfar.local.contract.engine.Engine`."""
        with self._lock:
            notebook = self._notebooks.get(session_id)
        return None if notebook is None else notebook.address

    def forget(self, session_id: str) -> None:
        """Remove a command's files; see :class:`canfar.local.contract.engine.Engine`."""
        with suppress(RuntimeError):  # the platform is stopping, and removes everything
            self._janitor.submit(self._remove_files, session_id)

    def refresh(self) -> None:
        """Report what has ended up to this moment, without waiting for the conductor's turn."""
        with self._lock:
            running = list(self._running.items())
        for session_id, process in running:
            if process.has_ended():
                self._end(session_id)

    def _remove_files(self, session_id: str) -> None:
        self._folders.log(session_id).unlink(missing_ok=True)
        shutil.rmtree(self._folders.scratch_of(session_id), ignore_errors=True)

    def _wake(self) -> None:
        # A full pipe is as good as one more byte in it.
        with suppress(BlockingIOError):
            os.write(self._wake_write, b".")

    def _conduct(self) -> None:
        while True:
            self._stop_some()
            self._kill_overdue()
            begun = self._start_one()
            with self._lock:
                if self._closing and not self._running:
                    break
            self._watch(0 if begun else self._patience())
        self._unwatch()

    def _stop_some(self) -> None:
        """Ask those to end that are to be stopped; take those out of the queue that wait."""
        dropped: list[str] = []
        with self._lock:
            while self._to_stop:
                session_id = self._to_stop.popleft()
                process = self._running.get(session_id)
                if process is not None:
                    process.signal(signal.SIGTERM)
                    kill_at = time.monotonic() + self._grace
                    # Asked again with less patience, as when the platform stops: the sooner counts.
                    self._kill_at[session_id] = min(kill_at, self._kill_at.get(session_id, kill_at))
                else:
                    waiting = [job for job in self._queue if job.session_id != session_id]
                    if len(waiting) < len(self._queue):
                        self._queue = deque(waiting)
                        dropped.append(session_id)
        for session_id in dropped:
            self._listener.finished(session_id, None)

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for session_id, at in tuple(self._kill_at.items()):
            if at <= now:
                with self._lock:
                    process = self._running.get(session_id)
                    if process is not None:
                        process.signal(signal.SIGKILL)
                # Not again: what a SIGKILL doesn't end at once, another doesn't end sooner.
                self._kill_at[session_id] = float("inf")

    def _start_one(self) -> bool:
        with self._lock:
            if not self._queue:
                return False
            if not self._queue[0].notebook and self._commands() >= self._max_running:
                return False
            job = self._queue.popleft()
            self._starting = int(not job.notebook)
        self._listener.admitted(job.session_id)
        folder, log = self._folders.scratch_of(job.session_id), self._folders.log(job.session_id)
        environment = process_environment(self._folders, job.environment, os.environ)
        self._ledger.ready()
        notebook: NotebookServer | None = None
        argv = job.argv
        try:
            if job.notebook:
                notebook = NotebookServer(self._folders, job.session_id)
                argv = notebook.prepare(folder)
            process = Process(argv, environment, folder, log)
        except (NotStartedError, OSError) as error:
            with self._lock:
                self._starting = 0
            self._listener.unstartable(job.session_id, str(error))
            return True
        limit(process.pid, job.memory, job.cpu_seconds)
        # Before anybody can see it end: reports of one session stay in order.
        if notebook is None:
            self._listener.started(job.session_id)
        self._ledger.began(job.session_id, process.pid)
        with self._lock:
            self._starting = 0
            self._running[job.session_id] = process
            self._memory[job.session_id] = job.memory
            if notebook is not None:
                self._notebooks[job.session_id] = notebook
            if self._closing:
                self._to_stop.append(job.session_id)
        self._meter.began()
        if notebook is not None:
            self._greet(job.session_id, notebook)
        if _CAN_WATCH:
            with suppress(OSError):
                descriptor = os.pidfd_open(process.pid)
                self._watched[job.session_id] = descriptor
                self._selector.register(descriptor, selectors.EVENT_READ)
        return True

    def _patience(self) -> float | None:
        """How long nothing can happen that no descriptor tells of, in seconds; None is for ever."""
        waits = [at - time.monotonic() for at in self._kill_at.values() if at != float("inf")]
        with self._lock:
            if any(session_id not in self._watched for session_id in self._running):
                waits.append(_POLL_SECONDS)
        return max(0.0, min(waits)) if waits else None

    def _watch(self, timeout: float | None) -> None:
        """Wait for something to happen, then report who has ended."""
        self._selector.select(timeout)
        with suppress(BlockingIOError):
            while os.read(self._wake_read, 4096):
                pass
        self.refresh()
        with self._lock:
            gone = [key for key in self._watched if key not in self._running]
        for session_id in gone:
            self._close_watch(session_id)

    def _end(self, session_id: str) -> None:
        with self._lock:
            process = self._running.pop(session_id, None)
            out_of_memory = session_id in self._out_of_memory
            self._out_of_memory.discard(session_id)
            self._memory.pop(session_id, None)
            self._notebooks.pop(session_id, None)
        if process is not None:
            exit_code = process.reap()
            self._ledger.ended(session_id, process.pid)
            self._meter.ended(session_id)
            # It may have ended by itself just before.
            if out_of_memory and exit_code == -signal.SIGKILL:
                self._listener.out_of_memory(session_id)
            self._listener.finished(session_id, exit_code)
            # There is room for the next in the queue now, whoever noticed.
            self._wake()

    def _commands(self) -> int:
        """How many run of those that there may be only so many of. Ask with the lock."""
        return len(self._running) - len(self._notebooks)

    def _greet(self, session_id: str, notebook: NotebookServer) -> None:
        """Report that a notebook has started once it answers."""

        def alive() -> bool:
            with self._lock:
                return session_id in self._running and not self._closing

        def wait() -> None:
            if notebook.wait(alive):
                self._listener.started(session_id)

        thread = Thread(target=wait, name="canfar-local-greeter", daemon=True)
        self._greeters = [one for one in self._greeters if one.is_alive()]
        self._greeters.append(thread)
        thread.start()

    def _leaders(self) -> dict[str, Leader]:
        with self._lock:
            return {
                session_id: Leader(process.pid, self._memory[session_id])
                for session_id, process in self._running.items()
            }

    def _kill_for_memory(self, session_id: str) -> None:
        with self._lock:
            process = self._running.get(session_id)
            if process is not None:
                self._out_of_memory.add(session_id)
                process.signal(signal.SIGKILL)

    def _close_watch(self, session_id: str) -> None:
        descriptor = self._watched.pop(session_id)
        self._selector.unregister(descriptor)
        os.close(descriptor)
        self._kill_at.pop(session_id, None)

    def _unwatch(self) -> None:
        for session_id in tuple(self._watched):
            self._close_watch(session_id)
