"""``canfar local start | stop | status``: a local platform in the background.

It lives in a state folder, so sessions, logs and the token are there again after the next start:
``$XDG_STATE_HOME/canfar/local``, which is ``~/.local/state/canfar/local`` for most people, unless
``--state`` names another. One platform runs in a folder at a time.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.local.joining import default_state, join_or_start, wait_until
from canfar.local.state.folder import kept_token, occupant

if TYPE_CHECKING:
    from collections.abc import Callable

    from canfar.local.state.folder import Occupant

__all__ = ["command"]

DONE: Final = 0
FAILED: Final = 1
NOT_RUNNING: Final = 3

_STOP_SECONDS: Final = 30.0
_CODES: Final = (
    "Exit codes: 0 done, or so already; 1 failed; 2 a wrong command line; "
    "3 (of status) nothing runs."
)


@click.group(name="local", epilog=_CODES)
def command() -> None:
    """A platform on this machine, for trying things out.

    It runs in the background. Commands of headless sessions run as you, with your rights, files
    and network.
    """


def _state(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--state",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help=f"Its folder (default: {default_state()}).",
    )(function)


@command.command(epilog=_CODES)
@_state
@click.argument("options", nargs=-1, metavar="[-- OPTION...]")
def start(state: Path | None, options: tuple[str, ...]) -> int:
    """Start it, and print what points a client at it.

    Prints two export lines, so that eval "$(canfar local start)" points your shell at it. If it
    runs already they are printed again. Options of `python -m canfar.local` come after --, such
    as: -- --port 8080
    """
    from canfar.errors import ConfigurationError  # noqa: PLC0415 - stop and status do without

    folder = _folder(state)
    try:
        joined = join_or_start(folder, options)
    except ConfigurationError as error:
        _say(str(error))
        return FAILED
    sys.stdout.write(f"export CANFAR_URL={shlex.quote(joined.url)}\n")
    sys.stdout.write(f"export CANFAR_TOKEN={shlex.quote(joined.token)}\n")
    if not joined.started:
        _say(f"It runs already, as process {joined.process_id}, with the options it was given.")
        return DONE
    _say(
        f"canfar.local runs in the background as process {joined.process_id}, its state is in "
        f"{folder}; its commands run as you. `canfar local stop` ends it."
    )
    return DONE


@command.command(epilog=_CODES)
@_state
def stop(state: Path | None) -> int:
    """End it and everything it runs; what it remembers stays."""
    folder = _folder(state)
    running = occupant(folder)
    if running is None:
        return _nothing(folder, DONE)
    with suppress(ProcessLookupError):
        os.kill(running.process_id, signal.SIGTERM)
    if not wait_until(lambda: occupant(folder) is None, _STOP_SECONDS):
        _say(f"Process {running.process_id} did not end in {_STOP_SECONDS:.0f} seconds.")
        return FAILED
    sys.stdout.write("The local platform has ended, and everything it ran.\n")
    return DONE


@command.command(epilog=_CODES)
@_state
def status(state: Path | None) -> int:
    """Say whether it runs, where, and with how many sessions."""
    folder = _folder(state)
    running = occupant(folder)
    if running is None:
        return _nothing(folder, NOT_RUNNING)
    sys.stdout.write(
        f"canfar.local runs at {running.url or '(starting)'}\n"
        f"process: {running.process_id}\nstate: {folder}\n"
    )
    return _sessions(running, kept_token(folder)) if running.url else DONE


def _folder(state: Path | None) -> Path:
    return (state or default_state()).expanduser().absolute()


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


def _nothing(folder: Path, code: int) -> int:
    sys.stdout.write(f"No local platform runs in {folder}.\n")
    return code


def _say(*sentences: str) -> None:
    for sentence in sentences:
        if sentence.strip():
            sys.stderr.write(sentence.strip() + "\n")
