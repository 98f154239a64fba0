"""What completion remembers of sessions and images, for a short while, so that it never waits.

A file for each kind of thing, below ``$XDG_CACHE_HOME/canfar/completion``, which is
``~/.cache/canfar/completion`` for most people. It holds ids, names, kinds and statuses, readable
by you alone. One login, server or token never sees what was kept for another.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from canfar.cli.state import state

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from canfar.models.session import SessionRecord

__all__ = ["Thing", "keep", "keep_sessions", "kept"]

Thing = Literal["sessions", "images"]

FRESH_SECONDS: Final[dict[Thing, float]] = {"sessions": 10, "images": 600}
"""What is older is asked for again."""

GONE_SECONDS: Final[dict[Thing, float]] = {"sessions": 600, "images": 86_400}
"""What is older is not offered any more."""

ASKING_SECONDS: Final = 15
"""A server that hangs is not asked by ever more processes."""


def kept(thing: Thing, server: str | None) -> list[list[str]]:
    """Return what was kept, at once; what is not fresh is asked for, for the next time.

    Args:
        thing: What is wanted.
        server: Whose, None for the server that is chosen.

    Returns:
        Rows as :func:`keep` got them; none where nothing was kept for a while.
    """
    file = _file(thing, server)
    age = _age(file)
    if age > FRESH_SECONDS[thing] and _age(file.with_suffix(".asked")) > ASKING_SECONDS:
        _ask(thing, server, file.with_suffix(".asked"))
    if age > GONE_SECONDS[thing]:
        return []
    with suppress(OSError, ValueError):
        rows: list[list[str]] = json.loads(file.read_text("utf-8"))
        return rows
    return []


def keep(thing: Thing, server: str | None, rows: Sequence[Sequence[str]]) -> None:
    """Keep what a server has just said; where that cannot be kept, nothing happens.

    Args:
        thing: What it is.
        server: The server, None for the one that is chosen.
        rows: Of sessions id, name, kind and status; of images the name and its kinds.
    """
    file = _file(thing, server)
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = file.with_suffix(f".{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:  # noqa: PTH123 - ids and names are ASCII
            json.dump(rows, out)
        new.replace(file)
        for old in file.parent.iterdir():
            if _age(old) > max(GONE_SECONDS.values()):
                old.unlink()


def keep_sessions(records: Iterable[SessionRecord]) -> None:
    """Keep the list of sessions that a command at a terminal has got; scripts complete nothing.

    Args:
        records: All sessions there are.
    """
    if sys.stderr.isatty():
        keep("sessions", state().server, session_rows(records))


def session_rows(records: Iterable[SessionRecord]) -> list[list[str]]:
    """Return the rows that are kept of sessions, by their names."""
    from canfar.cli.order import by_name  # noqa: PLC0415 - who completes lists nothing

    return [
        [record.id, record.name, record.kind, record.status]
        for record in sorted(records, key=by_name)
        if not record.app_id
    ]


def _file(thing: Thing, server: str | None) -> Path:
    from hashlib import sha256  # noqa: PLC0415 - only who completes

    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    # As canfar.config.path() says, which takes half of the time there is to load.
    settings = Path(os.environ.get("CANFAR_CONFIG", "").strip() or "~/.canfar/config.yaml")
    settings = settings.expanduser()
    changed = settings.stat().st_mtime_ns if settings.exists() else 0
    ours = sorted((n, v) for n, v in os.environ.items() if n.startswith("CANFAR_"))
    whose = repr((server, str(settings), changed, ours))
    key = sha256(whose.encode(errors="surrogateescape")).hexdigest()[:16]
    return folder / "canfar" / "completion" / f"{thing}-{key}.json"


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except OSError:
        return float("inf")


def _ask(thing: Thing, server: str | None, mark: Path) -> None:
    """Have a process of its own ask the server, which may take its time."""
    import subprocess  # noqa: PLC0415 - only where nothing fresh is there

    with suppress(OSError):
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.touch(mode=0o600)
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "canfar.cli.completion_refresh", thing, server or ""],
            # The shell waits for whoever has its pipe.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
