"""What a process of a session finds around it: its environment and its folders.

On the real platform the home is shared storage and ``/scratch`` belongs to one session. Here every
session of a platform has the same ``HOME``, so that replicas can exchange files through it, and
each starts in a scratch folder of its own. (On the real platform a headless session starts in the
home; ``PWD`` says so here too, as the server sets it, but a relative path is private to a session.)
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Folders", "process_environment"]

_INHERITED: Final = frozenset({"LANG", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"})


class Folders:
    """The folders of a platform.

    Args:
        root: The folder that holds all of them.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.homes = root / "cavern" / "home"
        self.scratch = root / "scratch"
        self.logs = root / "logs"
        self.programs = root / "bin"

    def create(self, users: Iterable[str]) -> None:
        """Make them, readable by nobody else.

        Args:
            users: The names of those who need a home.
        """
        # Each by itself: the parents of a folder get no mode.
        self.homes.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.homes.mkdir(mode=0o700, exist_ok=True)
        for folder in (self.scratch, self.logs, self.programs, *(self.homes / u for u in users)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._offer_python()

    def log(self, session_id: str) -> Path:
        """The file that holds what a session wrote."""
        return self.logs / f"{session_id}.log"

    def scratch_of(self, session_id: str) -> Path:
        """The folder that a session's command starts in."""
        return self.scratch / session_id

    def search_path(self) -> str:
        """The ``PATH`` of a process: the Python that runs the platform comes first."""
        inherited = os.environ.get("PATH", os.defpath)
        return os.pathsep.join((str(self.programs), str(Path(sys.executable).parent), inherited))

    def _offer_python(self) -> None:
        """Make sure that ``python`` is this interpreter, where only ``python3`` would be found.

        A script, not a link: through a link an interpreter doesn't find its virtual environment.
        """
        if not (Path(sys.executable).parent / "python").exists():
            script = self.programs / "python"
            script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
            script.chmod(0o700)


def process_environment(
    folders: Folders, given: Iterable[tuple[str, str]], inherited: Mapping[str, str]
) -> dict[str, str]:
    """The whole environment of a process.

    Only what programs need to start is inherited: nothing that could hold a token.

    Args:
        folders: The platform's folders.
        given: The session's own variables, which win.
        inherited: The environment of the platform.
    """
    environment = {
        name: inherited[name] for name in inherited if name in _INHERITED or name.startswith("LC_")
    }
    environment["PATH"] = folders.search_path()
    environment.update(given)
    return environment
