"""``canfar context``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_client
from canfar.cli.output import Column, columns_of, output_of, print_data

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar context
  canfar context -o json
"""

COLUMNS: Final = (
    Column("RESOURCE", lambda row: row[0]),
    Column("FLEXIBLE", lambda row: row[1]),
    Column("FIXED", lambda row: row[2], wraps=True),
)


@click.command(name="context", epilog=EXAMPLES)
@output_of("cores, memoryGB, gpus, maxInteractiveSessions")
def command() -> None:
    """Show which cores, RAM and GPUs sessions can ask for.

    A session that asks for nothing is flexible: it gets the first number, and may use up to the
    second while nobody else needs it. One that asks has what it asked for, and can ask for what
    stands under FIXED.
    """
    from canfar.context import Context  # noqa: PLC0415 - help needs it not

    with open_client(Context) as context:
        found = context.resources()
    print_data(found, lambda: columns_of(COLUMNS, _rows(found)), "\n".join)


def _rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for what, key in (("cores", "cores"), ("RAM (GiB)", "memoryGB"), ("GPUs", "gpus")):
        resource: dict[str, Any] = found.get(key) or {}
        rows.append((what, _flexible(resource), _options(resource.get("options"))))
    most = found.get("maxInteractiveSessions")
    if most is not None:
        rows.append(("sessions", f"{most} interactive at a time", ""))
    return rows


def _flexible(resource: dict[str, Any]) -> str:
    least, most = resource.get("defaultRequest"), resource.get("defaultLimit")
    return "" if least is None or most is None else f"{least} to {most}"


def _options(options: Sequence[Any] | None) -> str:
    """Return numbers with runs of more than two as "1-16"."""
    runs: list[list[Any]] = []
    for number in options or ():
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    longest_pair = 2
    return " ".join(
        f"{run[0]}-{run[-1]}" if len(run) > longest_pair else " ".join(map(str, run))
        for run in runs
    )
