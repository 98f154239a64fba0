"""Join the platform that runs on this machine, or start one in the background.

It lives in a state folder, so sessions, logs and the token are there again after the next start:
``$XDG_STATE_HOME/canfar/local``, which is ``~/.local/state/canfar/local`` for most people. One
platform runs in a folder at a time.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from attrs import field, frozen

from canfar.errors import ConfigurationError
from canfar.local.state.folder import kept_token, occupant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Joined", "default_state", "join_or_start", "running", "wait_until"]

logger: Final = logging.getLogger("canfar.local.joining")

_START_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.02

# The platform outlives whoever starts it, so it is to be nobody's child: not waited for, and no
# zombie when it ends first.
_LAUNCHER: Final = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"


@frozen(kw_only=True)
class Joined:
    """A platform that runs.

    Attributes:
        url: Its versioned base URL.
        token: Its bearer token.
        process_id: Its process.
        started: Whether it was started just now.
    """

    url: str
    token: str = field(repr=False)
    process_id: int
    started: bool = False


def default_state() -> Path:
    """The state folder of whoever asks.

    Example:
        >>> import os
        >>> os.environ["XDG_STATE_HOME"] = "/var/state"
        >>> print(default_state())
        /var/state/canfar/local
    """
    base = os.environ.get("XDG_STATE_HOME", "")
    # The standard has relative ones ignored.
    folder = Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "state"
    return folder / "canfar" / "local"


def running(folder: Path | None = None) -> Joined | None:
    """Return the platform that runs in a folder; one that is just starting is waited for.

    Args:
        folder: Its state folder; the usual one by default.
    """
    place = folder or default_state()
    wait_until(lambda: (seen := occupant(place)) is None or bool(seen.url), _START_SECONDS)
    found = occupant(place)
    if found is None or not found.url:
        return None
    return Joined(url=found.url, token=kept_token(place) or "", process_id=found.process_id)


def join_or_start(folder: Path | None = None, options: Sequence[str] = ()) -> Joined:
    """Return the platform that runs in a folder; start one there if none does.

    Args:
        folder: Its state folder; the usual one by default.
        options: Options of ``python -m canfar.local``, for one that is started.

    Raises:
        ConfigurationError: It did not start; its own words are in the message.

    Example:
        >>> from canfar.local.joining import join_or_start
        >>> join_or_start().url  # doctest: +SKIP
        'http://127.0.0.1:.../skaha/v1'
    """
    place = folder or default_state()
    found = running(place)
    if found is not None:
        return found
    complaint = _start(place, options)
    # Whoever was started at the same moment and was first has the folder: it serves as well.
    found = running(place)
    if found is None:
        raise ConfigurationError(
            f"the local platform did not start: {complaint.strip() or 'it said nothing'}",
            advice="`python -m canfar.local` starts one in the foreground.",
        )
    if not complaint:
        logger.info(
            "the local platform did not run and was started, as process %d", found.process_id
        )
    return Joined(
        url=found.url,
        token=found.token,
        process_id=found.process_id,
        started=not complaint,
    )


def wait_until(what: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so.

    Args:
        what: Says whether it is.
        seconds: How long to wait.

    Returns:
        Whether it became so in time.
    """
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _start(folder: Path, options: Sequence[str]) -> str:
    """Start a platform; return its complaint, empty if it has none."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-I", "-S", "-c", _LAUNCHER]
    command += [sys.executable, "-m", "canfar.local", *options]
    command += ["--state", str(folder), "--background"]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - our own program, and what its user asks of it
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        # It ends when the platform goes into the background, or when it can't start.
        exports = _read_all(process.stdout, _START_SECONDS)
        if exports is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        errors.seek(0)
        complaint = errors.read().decode(errors="replace")
    return "" if exports else complaint or "it took too long"


def _read_all(pipe: IO[bytes] | None, seconds: float) -> bytes | None:
    """Everything that comes through a pipe until its end; None when that takes too long."""
    if pipe is None:
        return b""
    end = time.monotonic() + seconds
    pieces: list[bytes] = []
    with pipe:
        while select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
            piece = os.read(pipe.fileno(), 4096)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    return None
