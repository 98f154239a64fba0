"""The ``canfar`` command.

Only ``canfar local`` so far: a local platform in the background (:mod:`canfar.cli.local`).

Exit codes, of every command: 0 it was done, or what was asked for is so already; 1 it failed, and
standard error says why; 2 the command line makes no sense; 3 what was asked about doesn't run.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from canfar import __version__
from canfar.cli import local

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
    parser = argparse.ArgumentParser(
        prog="canfar", description="The CANFAR Science Platform from the command line."
    )
    parser.add_argument("--version", action="version", version=f"canfar {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    local.add_to(commands)
    options = parser.parse_args(arguments)
    code: int = options.carry_out(options)
    return code
