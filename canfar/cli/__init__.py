"""The ``canfar`` command.

Data goes to standard output, everything else to standard error. Exit codes: 0 it was done, or what
was asked for is so already; 1 it failed, and standard error says why; 2 the command line makes no
sense, or something would have to be asked and nobody is there; 130 it was interrupted. (``canfar
local status`` says 3 when nothing runs.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    import click  # noqa: PLC0415 - importing the package is not running the command

    from canfar.cli.commands import canfar  # noqa: PLC0415 - the same
    from canfar.cli.problems import INTERRUPTED, report  # noqa: PLC0415 - the same
    from canfar.cli.state import State  # noqa: PLC0415 - the same
    from canfar.errors import CanfarError  # noqa: PLC0415 - the same

    state = State()
    try:
        code = canfar.main(
            args=None if arguments is None else list(arguments),
            prog_name="canfar",
            standalone_mode=False,
            obj=state,
        )
    except (click.ClickException, CanfarError, OSError) as error:
        return report(error, state)
    except (KeyboardInterrupt, click.Abort):
        import sys  # noqa: PLC0415 - only who interrupts it

        sys.stderr.write("\nInterrupted.\n")
        return INTERRUPTED
    return code if isinstance(code, int) else 0
