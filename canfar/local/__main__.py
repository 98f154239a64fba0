"""``python -m canfar.local``: a local platform in the foreground, until Ctrl-C.

The two ``export`` lines that point a client at it go to standard output, everything else to
standard error, so that a script can read them. Ctrl-C, SIGTERM and a terminal that goes away end it
and everything it started, and it exits with 0: being told to end is how it is meant to end.
"""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from canfar.local.contract.fault_text import HELP, read_fault
from canfar.local.contract.generations import CURRENT, GENERATIONS
from canfar.local.platform import LocalPlatform, MissingExtraError
from canfar.local.state.folder import LOG, private

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import FrameType

    from canfar.local.contract.faults import Fault

__all__ = ["main"]

_SERVING: Final = "canfar.local is serving; its commands run as you. Ctrl-C ends it."


def main(arguments: Sequence[str] | None = None, *, program: str = "python -m canfar.local") -> int:
    """Serve until told to end.

    Args:
        arguments: The command line; that of this process by default.
        program: What was typed before it, for messages.

    Returns:
        The exit code: 0, or 1 when it can't start.
    """
    parser = argparse.ArgumentParser(
        prog=program,
        description="A Skaha on this machine. Commands of headless sessions run as you.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)"
    )
    parser.add_argument(
        "--token",
        help="bearer token (default: a random one); others on this machine can read it here",
    )
    parser.add_argument(
        "--state",
        metavar="DIR",
        help="folder that keeps sessions, logs and the token (default: a temporary one)",
    )
    parser.add_argument(
        "--generation",
        choices=tuple(GENERATIONS),
        default=CURRENT.name,
        help="the release of Skaha that it answers as (default: %(default)s)",
    )
    parser.add_argument(
        "--fault", action="append", default=[], metavar="FAULT", type=_fault, help="see below"
    )
    parser.add_argument(
        "--seed", type=int, help="the same seed gives the same session IDs and the same faults"
    )
    parser.add_argument(
        "--jupyter",
        action=argparse.BooleanOptionalAction,
        help="whether notebooks are real Jupyter servers (default: if Jupyter is installed)",
    )
    parser.add_argument(
        "--host", type=_loopback, help="nothing but 127.0.0.1: it is no server for other hosts"
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help="after the export lines write to DIR/platform.log, as `canfar local start` has it do",
    )
    options = parser.parse_args(arguments)
    if options.background and options.state is None:
        parser.error("--background needs --state")
    try:
        # Before it starts: a signal in between must not leave anything behind.
        with (
            _told_by_signals() as told,
            LocalPlatform(
                port=options.port,
                token=options.token,
                seed=options.seed,
                faults=options.fault,
                generation=options.generation,
                state=options.state,
                jupyter=options.jupyter,
            ) as platform,
        ):
            for name, value in platform.environment.items():
                sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
            sys.stdout.flush()
            if options.background:
                _write_to(Path(options.state).expanduser() / LOG)
            else:
                sys.stderr.write(f"{_SERVING}\n")
            told.wait()
    except (MissingExtraError, OSError, ValueError) as error:
        sys.stderr.write(f"canfar.local: {error}\n")
        return 1
    return 0


@contextmanager
def _told_by_signals() -> Generator[Event]:
    """Give what is set by the signals that end programs, which otherwise do nothing meanwhile."""
    told = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        told.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _fault(text: str) -> Fault:
    try:
        return read_fault(text)
    except ValueError as error:
        # argparse would leave out the reason of a ValueError.
        raise argparse.ArgumentTypeError(str(error)) from None


def _loopback(text: str) -> str:
    if text not in {"127.0.0.1", "localhost"}:
        raise argparse.ArgumentTypeError(
            f"{text} is refused: whoever can reach it and has its token can run commands as you, "
            "so it listens on 127.0.0.1 only"
        )
    return text


def _write_to(log: Path) -> None:
    """Let go of the terminal, or of the pipes of whoever started this."""
    sys.stdout.flush()
    with private(log).open("ab", buffering=0) as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)


if __name__ == "__main__":
    sys.exit(main())
