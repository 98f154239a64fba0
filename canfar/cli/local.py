"""``canfar local start | stop | status | serve``: a platform on this machine.

It lives in a state folder, so sessions, logs and the token are there again after the next start:
``$XDG_STATE_HOME/canfar/local``, which is ``~/.local/state/canfar/local`` for most people, unless
``--state`` names another. One platform runs in a folder at a time.
"""

from __future__ import annotations

import os
import shlex
import signal
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.commands import SETTINGS
from canfar.cli.exit_codes import DONE, NOT_FOUND
from canfar.cli.lazy import LazyGroup
from canfar.cli.output import note, output_option, print_data
from canfar.errors import CanfarError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from canfar.local.state.folder import Occupant

__all__ = ["command"]

_STOP_SECONDS: Final = 30.0

START_EXAMPLES: Final = """\b
Examples:
  eval "$(canfar local start)"
  canfar local start -- --seed 7 --no-jupyter
"""
STOP_EXAMPLES: Final = """\b
Examples:
  canfar local stop
  canfar local stop --state ~/survey-platform
"""
STATUS_EXAMPLES: Final = """\b
Examples:
  canfar local status
  canfar local status -o json || echo "it does not run"
"""
SERVE_EXAMPLES: Final = """\b
Examples:
  canfar local serve --no-jupyter
  canfar local serve --state ~/survey-platform --fault list:status=503,times=2
"""


@click.command(
    name="local",
    cls=LazyGroup,
    context_settings=SETTINGS,
    places={
        "start": ("canfar.cli.local:start", "Start it in the background."),
        "stop": ("canfar.cli.local:stop", "End it and everything it runs."),
        "status": ("canfar.cli.local:status", "Say whether it runs, and where."),
        "serve": ("canfar.cli.local:serve", "Run it here, until Ctrl-C."),
    },
)
def command() -> None:
    """A platform on this machine, for trying things out.

    Commands of headless sessions run as you, with your rights, files and network.
    """


def _state(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--state",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Its folder; ~/.local/state/canfar/local, or below XDG_STATE_HOME, by default.",
    )(function)


@click.command(name="start", epilog=START_EXAMPLES)
@_state
@click.argument("options", nargs=-1, metavar="[-- OPTION...]")
@output_option
def start(state: Path | None, options: tuple[str, ...]) -> None:
    """Start it in the background, and print what points a client at it.

    Prints two export lines, so that eval "$(canfar local start)" points your shell at it. If it
    runs already they are printed again. Options of `canfar local serve` come after --.
    """
    joining = _joining()
    folder = _folder(state)
    joined = joining.join_or_start(folder, options)
    data = {
        "url": joined.url,
        "token": joined.token,
        "process_id": joined.process_id,
        "state": str(folder),
        "started": joined.started,
    }
    print_data(data, lambda: _exports(data), lambda each: each["url"])
    if joined.started:
        note(
            f"canfar.local runs in the background as process {joined.process_id}, its state is in "
            f"{folder}; its commands run as you. `canfar local stop` ends it."
        )
    else:
        note(f"It runs already, as process {joined.process_id}, with the options it was given.")


@click.command(name="stop", epilog=STOP_EXAMPLES)
@_state
def stop(state: Path | None) -> None:
    """End it and everything it runs; what it remembers stays."""
    joining = _joining()
    folder = _folder(state)
    running = _occupant(folder)
    if running is None:
        note(f"No local platform runs in {folder}.")
        return
    with suppress(ProcessLookupError):
        os.kill(running.process_id, signal.SIGTERM)
    if not joining.wait_until(lambda: _occupant(folder) is None, _STOP_SECONDS):
        raise CanfarError(
            f"process {running.process_id} did not end in {_STOP_SECONDS:.0f} seconds",
            advice=f"`kill -9 {running.process_id}` ends it at once.",
        )
    note("The local platform has ended, and everything it ran.")


@click.command(name="status", epilog=STATUS_EXAMPLES)
@_state
@output_option
def status(state: Path | None) -> int:
    """Say whether it runs, where, and with how many sessions.

    Exits with 3 when none runs.
    """
    _joining()
    folder = _folder(state)
    running = _occupant(folder)
    data: dict[str, Any] = {"running": running is not None, "state": str(folder)}
    if running is None:
        print_data(data, lambda: f"No local platform runs in {folder}.", lambda _each: "")
        return NOT_FOUND
    # None while it starts: nobody can be asked yet.
    counts = _counts(running, folder) if running.url else None
    data |= {"url": running.url or None, "process_id": running.process_id, "sessions": counts}
    print_data(data, lambda: _shown(data), lambda each: each["url"] or "")
    return DONE


@click.command(
    name="serve", epilog=SERVE_EXAMPLES, context_settings={"ignore_unknown_options": True}
)
@_state
@click.argument("options", nargs=-1, metavar="[OPTION...]", type=click.UNPROCESSED)
def serve(state: Path | None, options: tuple[str, ...]) -> int:
    """Run it in this terminal, until Ctrl-C.

    \b
    Prints what `start` prints. OPTION is one of those that
    `python -m canfar.local --help` tells: --port, --token, --generation, --seed,
    --fault, --jupyter and --no-jupyter.
    """  # noqa: D301 - click's mark for lines to leave as they are
    _joining()
    from canfar.local.__main__ import main  # noqa: PLC0415 - the other commands need no server

    folder = _folder(state)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return main([*options, "--state", str(folder)], program="canfar local serve")


def _joining() -> ModuleType:
    """Return what joins and starts platforms.

    Raises:
        CanfarError: There is none for this system.
    """
    try:
        from canfar.local import joining  # noqa: PLC0415 - nothing of it loads on Windows
    except ModuleNotFoundError as missing:
        raise CanfarError(
            f"the local platform runs on Linux and macOS; this system has no {missing.name}",
            advice="On Windows it runs in WSL.",
        ) from None
    return joining


def _folder(state: Path | None) -> Path:
    from canfar.local.joining import default_state  # noqa: PLC0415 - nothing of it on Windows

    return (state or default_state()).expanduser().absolute()


def _occupant(folder: Path) -> Occupant | None:
    from canfar.local.state.folder import occupant  # noqa: PLC0415 - nothing of it on Windows

    return occupant(folder)


def _counts(running: Occupant, folder: Path) -> dict[str, int]:
    from canfar.local.state.folder import kept_token  # noqa: PLC0415 - nothing of it on Windows
    from canfar.sessions import Session  # noqa: PLC0415 - start and stop do without

    with Session(url=running.url, token=kept_token(folder), timeout=10) as session:
        return dict(sorted(Counter(str(record["status"]) for record in session.fetch()).items()))


def _exports(data: Mapping[str, Any]) -> str:
    pairs = {"CANFAR_URL": data["url"], "CANFAR_TOKEN": data["token"]}
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in pairs.items())


def _shown(data: Mapping[str, Any]) -> str:
    lines = [
        f"canfar.local runs at {data['url'] or '(starting)'}",
        f"process: {data['process_id']}",
        f"state: {data['state']}",
    ]
    if data["sessions"] is not None:
        parts = ", ".join(f"{count} {status}" for status, count in data["sessions"].items())
        total = sum(data["sessions"].values())
        lines.append(f"sessions: {total}{parts and f' ({parts})'}")
    return "\n".join(lines)
