"""Where a platform lives: a temporary folder, or a state folder that outlasts it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from canfar.local.contract.interruption import interrupt
from canfar.local.contract.store import Store
from canfar.local.runner.guard import end_group, end_strays
from canfar.local.runner.guardian import Guardian
from canfar.local.runner.ledger import Ledger, Ledgers
from canfar.local.runner.surroundings import Folders
from canfar.local.state.database import Database
from canfar.local.state.folder import StateFolder
from canfar.local.state.saved_store import SavedStore
from canfar.local.temporary import TemporaryFolder

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from canfar.local.contract.world import World

__all__ = ["Residence"]


class Residence:
    """A platform's folder, from moving in to moving out.

    Whichever way the platform ends, no process of it is left: those that it doesn't end itself are
    ended by the guard at once, and by the next platform in the same state folder otherwise.

    Args:
        state: The state folder; None takes a temporary one, removed in the end.

    Raises:
        OSError: The state folder belongs to a running platform, or can't be used.
    """

    def __init__(self, state: Path | None) -> None:
        self.store = Store()
        self._stack = ExitStack()
        self._state: StateFolder | None = None
        self._database: Database | None = None
        with self._stack:
            if state is None:
                folder = TemporaryFolder()
                self._stack.callback(folder.remove)
                root, held = folder.path, folder.lock
            else:
                root, held = self._move_into(state)
            self.root = root
            self.folders = Folders(root)
            guardian = Guardian(root, remove=state is None, held=[held])
            self._stack.callback(guardian.close)
            self._stack.callback(end_strays, str(root))
            ledgers: list[Ledger] = (
                [guardian]
                if self._database is None
                else [
                    self._database,
                    guardian,
                ]
            )
            self.ledger = Ledgers(ledgers)
            self._stack = self._stack.pop_all()

    @property
    def port(self) -> int:
        """The port that the platform had in its last life, or 0."""
        return 0 if self._database is None else self._database.port()

    def settle(self, world: World) -> None:
        """Make the sessions of the last life what they are now: over.

        Args:
            world: The platform, before it runs anything.
        """
        interrupt(world)
        known = {session.key for session in world.store}
        for log in self.folders.logs.glob("*.log"):
            if log.stem not in known:
                log.unlink(missing_ok=True)
        for scratch in self.folders.scratch.iterdir():
            if scratch.name not in known:
                shutil.rmtree(scratch, ignore_errors=True)

    def announce(self, url: str, port: int, token: str) -> None:
        """Tell others where the platform answers, and remember it.

        Args:
            url: The versioned base URL.
            port: The port.
            token: The bearer token.
        """
        if self._state is not None and self._database is not None:
            self._database.keep_port(port)
            self._state.keep_token(token)
            self._state.announce(url)

    def __enter__(self) -> Self:
        """Move in, which making it did."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Move out. Nothing runs here any more, or is ended now."""
        self._stack.close()

    def _move_into(self, path: Path) -> tuple[Path, int]:
        self._state = state = StateFolder(path)
        self._stack.callback(state.release)
        self._database = database = Database(state.database)
        self._stack.callback(database.close)
        for pid, born in database.processes():
            end_group(pid, born)
            database.ended("", pid)
        end_strays(str(state.path))
        self.store = SavedStore(database)
        return state.path, state.lock
