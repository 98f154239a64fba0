"""``canfar stats``."""

from __future__ import annotations

from typing import Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.output import output_of, print_data, table

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar stats
  canfar stats -o json
"""

HEADINGS: Final = ("RESOURCE", "GIVEN OUT", "OF ALL", "FLEXIBLE AT MOST")


@click.command(name="stats", epilog=EXAMPLES)
@output_of("cores and ram, with what the server has in them")
def command() -> None:
    """Show how full the platform is: cores and RAM that it has, and has given out.

    The last column is the most that a flexible session gets; a fixed one may ask for more, as
    `canfar context` says.
    """
    with open_session() as session:
        stats = session.stats()
    print_data(stats, lambda: table(HEADINGS, _rows(stats)), "\n".join)


def _rows(stats: dict[str, Any]) -> list[tuple[str, ...]]:
    # What is called available is all there is (protocol notes 2.3, a fact of Skaha 1.4).
    return [
        (
            "cores",
            _at(stats, "cores", "requestedCPUCores"),
            _at(stats, "cores", "cpuCoresAvailable"),
            _at(stats, "cores", "maxCPUCores", "cpuCores"),
        ),
        (
            "RAM",
            _at(stats, "ram", "requestedRAM"),
            _at(stats, "ram", "ramAvailable"),
            _at(stats, "ram", "maxRAM", "ram"),
        ),
    ]


def _at(stats: Any, *path: str) -> str:
    """Return what stands there, as text; servers differ in what they have."""
    found = stats
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - plain data
    if found is None:
        return ""
    return f"{found:g}" if isinstance(found, float) else str(found)  # pyright: ignore[reportUnknownArgumentType] - the same
