"""The ``canfar`` command.

Data goes to standard output, everything else to standard error. Exit codes, the same everywhere:
0 it was done, or what was asked for is so already; 1 it failed, and standard error says why; 2 the
command line or a setting makes no sense, or has a value that the platform does not offer, or
something would have to be asked and nobody is there; 3 there is no
such thing; 4 not logged in, or forbidden; 5 the server cannot be reached or is busy; 6 some of it
was done; 124 the time was over; 130 it was interrupted; 141 whoever read its output had enough.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line.

    Args:
        arguments: The words after ``canfar``; those of this process by default.

    Returns:
        The exit code.

    Example:
        >>> from canfar.cli import main
        >>> main(["local", "status", "--state", "/nowhere"])
        No local platform runs in /nowhere.
        3
    """
    from canfar.cli.exit_codes import PIPE_CLOSED  # noqa: PLC0415 - importing is not running it
    from canfar.cli.interrupts import never_lost  # noqa: PLC0415 - the same
    from canfar.cli.lazy import PipeClosed  # noqa: PLC0415 - the same

    try:
        with never_lost():
            return _carry_out(arguments)
    except (BrokenPipeError, PipeClosed):
        # As a program that SIGPIPE ends: quietly, and with what a shell would say of it. Not by
        # the signal itself, as sessions may have to be cleaned up first.
        _leave_streams()
        return PIPE_CLOSED


def _carry_out(arguments: Sequence[str] | None) -> int:
    import click  # noqa: PLC0415 - importing the package is not running the command

    from canfar.cli.commands import canfar  # noqa: PLC0415 - the same
    from canfar.cli.exit_codes import FAILED, INTERRUPTED  # noqa: PLC0415 - the same
    from canfar.cli.lazy import PipeClosed  # noqa: PLC0415 - the same
    from canfar.cli.problems import report  # noqa: PLC0415 - the same
    from canfar.cli.state import State  # noqa: PLC0415 - the same
    from canfar.errors import CanfarError  # noqa: PLC0415 - the same

    state = State()
    if "_CANFAR_COMPLETE" in os.environ:
        from canfar.cli.completion import register  # noqa: PLC0415 - only to complete

        register()
    try:
        code = canfar.main(
            args=None if arguments is None else list(arguments),
            prog_name="canfar",
            standalone_mode=False,
            obj=state,
        )
        sys.stdout.flush()
    except (BrokenPipeError, PipeClosed):
        raise
    except (click.ClickException, CanfarError, OSError) as error:
        if state.debug and not isinstance(error, click.UsageError):
            _show_where()
        return report(error, state)
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("\nInterrupted.\n")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - people are told, and shown it if they want
        if state.debug:
            _show_where()
        sys.stderr.write(f"Error: {type(error).__name__}: {error}\n")
        sys.stderr.write("This is a fault of canfar; with --debug it shows where.\n")
        return FAILED
    finally:
        if state.log_level or state.log_file:
            from canfar.cli.logging_setup import forget  # noqa: PLC0415 - only who asks for logs

            forget()
    return code if isinstance(code, int) else 0


def _leave_streams() -> None:
    # The interpreter tries to write once more at its end, and where it cannot it exits with 120.
    both = _are_one(sys.stdout, sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        closed = both
        try:
            stream.flush()
        except BrokenPipeError:
            closed = True
        if closed:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _are_one(stream: TextIO, other: TextIO) -> bool:
    """Whether two streams go to one place, as after ``2>&1``."""
    try:
        return os.path.sameopenfile(stream.fileno(), other.fileno())
    except OSError:  # one that is captured has no number
        return False


def _show_where() -> None:
    from traceback import print_exc  # noqa: PLC0415 - only to find faults

    print_exc()
