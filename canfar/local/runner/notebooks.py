"""Real Jupyter servers for notebook sessions, where Jupyter is installed.

Each has a port of its own on loopback, to which the platform sends whoever opens the session's
``connectURL``. The session's ID is the token, as on the real platform, so it appears neither on a
command line nor in the name of a file that others can see. Jupyter's root folder holds the homes
below the path that they have on the real platform, and nothing else.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import shutil
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from canfar.local.runner.surroundings import Folders

__all__ = ["NotebookServer", "find_jupyter"]

LOOPBACK: Final = "127.0.0.1"
_CONFIG: Final = "jupyter.json"
_ANSWER_SECONDS: Final = 5.0
_LOOK_SECONDS: Final = 0.1


def find_jupyter() -> tuple[str, ...] | None:
    """The words that start JupyterLab, or None where there is none.

    The one beside the platform's own Python comes first, then one that is on the ``PATH``.
    """
    if importlib.util.find_spec("jupyterlab") is not None:
        return (sys.executable, "-m", "jupyterlab")
    program = shutil.which("jupyter-lab")
    return None if program is None else (program,)


class NotebookServer:
    """A Jupyter server that is about to be started.

    Args:
        folders: The platform's folders.
        session_id: The session's ID, which is the token too.
    """

    def __init__(self, folders: Folders, session_id: str) -> None:
        self._folders = folders
        self._id = session_id
        self.port = _free_port()

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"http://{LOOPBACK}:{self.port}"

    def prepare(self, folder: Path) -> tuple[str, ...]:
        """Write the settings.

        Args:
            folder: Where it will be started.

        Returns:
            The words that start it.
        """
        root = self._folders.root / "jupyter"
        root.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            (root / self._folders.homes.parent.name).symlink_to(self._folders.homes.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        settings = {
            "ServerApp": {
                "ip": LOOPBACK,
                "port": self.port,
                "port_retries": 0,
                "base_url": f"/session/notebook/{self._id}/",
                "root_dir": str(root),
                "allow_root": True,
                "open_browser": False,
            },
            # It asks no server of Jupyter's for news, updates or extensions.
            "LabApp": {
                "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
                "news_url": None,
                "extension_manager": "readonly",
            },
        }
        (folder / _CONFIG).write_text(json.dumps(settings), "utf-8")
        return (*(find_jupyter() or ("jupyter-lab",)), f"--config={_CONFIG}")

    def wait(self, alive: Callable[[], bool]) -> bool:
        """Return whether it answers, once it does or has ended.

        Args:
            alive: Says whether it has ended.
        """
        while alive():
            if self._answers():
                return True
            time.sleep(_LOOK_SECONDS)
        return False

    def _answers(self) -> bool:
        link = http.client.HTTPConnection(LOOPBACK, self.port, timeout=_ANSWER_SECONDS)
        try:
            headers = {"Authorization": f"token {self._id}"}
            link.request("GET", f"/session/notebook/{self._id}/api/status", headers=headers)
            return link.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind((LOOPBACK, 0))
        port: int = door.getsockname()[1]
    return port
