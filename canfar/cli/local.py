"""``canfar local start | stop | status``: a local platform in the background.

It lives in a state folder, so sessions, logs and the token are there again after the next start:
``$XDG_STATE_HOME/canfar/local``, which is ``~/.local/state/canfar/local`` for most people, unless
``--state`` names another. One platform runs in a folder at a time.
"""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from canfar.local.state.folder import kept_token, occupant

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from canfar.local.state.folder import Occupant

__all__ = ["add_to", "default_state"]

DONE: Final = 0
FAILED: Final = 1
NOT_RUNNING: Final = 3

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.02
_CODES: Final = (
    "exit codes: 0 done, or so already; 1 failed; 2 a wrong command line; "
    "3 (of status) nothing runs"
)


class Commands(Protocol):
    """What subcommands are added to."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Add a subcommand."""
        ...


def add_to(commands: Commands) -> None:
    """Add ``local`` to the commands.

    Args:
        commands: The commands of ``canfar``.
    """
    local = commands.add_parser(
        "local",
        help="a platform on this machine, for trying things out",
        description="A platform on this machine, in the background. Commands of headless sessions "
        "run as you, with your rights, files and network.",
        epilog=_CODES,
    )
    verbs = local.add_subparsers(title="commands", metavar="COMMAND", required=True)
    start = _verb(verbs, "start", _start, "start it, and print what points a client at it")
    start.description = (
        'Start it, and print two export lines, so that eval "$(canfar local start)" points your '
        "shell at it. If it runs already they are printed again."
    )
    start.add_argument(
        "options",
        nargs="*",
        metavar="-- OPTION",
        help="options of `python -m canfar.local`, such as: -- --port 8080",
    )
    _verb(verbs, "stop", _stop, "end it and everything it runs; what it remembers stays")
    _verb(verbs, "status", _status, "say whether it runs, where, and with how many sessions")


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


def _verb(
    verbs: Commands,
    name: str,
    carry_out: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=summary, epilog=_CODES)
    verb.add_argument(
        "--state", metavar="DIR", type=Path, help=f"its folder (default: {default_state()})"
    )
    verb.set_defaults(carry_out=carry_out)
    return verb


def _folder(options: argparse.Namespace) -> Path:
    state: Path | None = options.state
    return (state or default_state()).expanduser().absolute()


def _start(options: argparse.Namespace) -> int:
    folder = _folder(options)
    running = _when_it_answers(folder)
    if running is not None:
        token = kept_token(folder) or ""
        sys.stdout.write(f"export CANFAR_URL={shlex.quote(running.url)}\n")
        sys.stdout.write(f"export CANFAR_TOKEN={shlex.quote(token)}\n")
        _say(f"It runs already, as process {running.process_id}, with the options it was given.")
        return DONE
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "canfar.local", *options.options]
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
            process.kill()
        errors.seek(0)
        complaint = errors.read().decode(errors="replace")
    started = occupant(folder)
    if started is None or not exports:
        _say(complaint, "It did not start.")
        return FAILED
    sys.stdout.write(exports.decode())
    _say(
        f"canfar.local runs in the background as process {started.process_id}, its state is in "
        f"{folder}; its commands run as you. `canfar local stop` ends it."
    )
    return DONE


def _stop(options: argparse.Namespace) -> int:
    folder = _folder(options)
    running = occupant(folder)
    if running is None:
        return _nothing(folder, DONE)
    with suppress(ProcessLookupError):
        os.kill(running.process_id, signal.SIGTERM)
    if not _wait(lambda: occupant(folder) is None, _STOP_SECONDS):
        _say(f"Process {running.process_id} did not end in {_STOP_SECONDS:.0f} seconds.")
        return FAILED
    sys.stdout.write("The local platform has ended, and everything it ran.\n")
    return DONE


def _status(options: argparse.Namespace) -> int:
    folder = _folder(options)
    running = occupant(folder)
    if running is None:
        return _nothing(folder, NOT_RUNNING)
    sys.stdout.write(
        f"canfar.local runs at {running.url or '(starting)'}\n"
        f"process: {running.process_id}\nstate: {folder}\n"
    )
    return _sessions(running, kept_token(folder)) if running.url else DONE


def _sessions(running: Occupant, token: str | None) -> int:
    # Not before it is needed: start and stop do without.
    from canfar.errors import CanfarError  # noqa: PLC0415
    from canfar.sessions import Session  # noqa: PLC0415

    try:
        with Session(url=running.url, token=token, timeout=10) as session:
            counts = Counter(str(record["status"]) for record in session.fetch())
    except CanfarError as error:
        _say(f"It doesn't answer: {error}")
        return FAILED
    parts = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    sys.stdout.write(f"sessions: {counts.total()}{parts and f' ({parts})'}\n")
    return DONE


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


def _when_it_answers(folder: Path) -> Occupant | None:
    """The platform in a folder; one that is just starting is waited for."""
    _wait(lambda: (seen := occupant(folder)) is None or bool(seen.url), _START_SECONDS)
    return occupant(folder)


def _wait(what: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _nothing(folder: Path, code: int) -> int:
    sys.stdout.write(f"No local platform runs in {folder}.\n")
    return code


def _say(*sentences: str) -> None:
    for sentence in sentences:
        if sentence.strip():
            sys.stderr.write(sentence.strip() + "\n")
