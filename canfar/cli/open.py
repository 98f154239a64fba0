"""``canfar open``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.exit_codes import code_of_all, code_of_errors
from canfar.cli.output import output_option, print_data
from canfar.cli.targets import find_each, targets_argument
from canfar.cli.wait import patience_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar.models.session import SessionRecords

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar open analysis
  canfar open analysis --no-browser -o json
"""


@click.command(name="open", epilog=EXAMPLES)
@targets_argument
@patience_option("How long to wait for it to run: 90, 5min; 0 does not wait.", default="5min")
@click.option("--no-browser", is_flag=True, help="Only print where it can be opened.")
@output_option
def command(*, targets: tuple[str, ...], patience: float, no_browser: bool) -> int:
    """Open sessions in the browser, each as soon as it runs, and print their addresses.

    SESSION is an id, a name, or a pattern of names such as 'fit-*', in quotes; - reads them from
    standard input.

    -o json: a list of objects with id, name and url.
    """
    with open_session() as session:
        records, problems = find_each(session, targets)
        missing = code_of_errors(problems, len(records) + len(problems))
        if not records:
            return missing
        from canfar.cli.progress import Progress  # noqa: PLC0415 - help needs it not

        with Progress("", len(records), until="running") as progress:
            opened = session.connect(
                records, timeout=patience, browser=not no_browser, on_change=progress.seen
            )
    _print(records, opened)
    return code_of_all(opened) or missing


def _print(records: SessionRecords, opened: Mapping[str, str]) -> None:
    rows: list[dict[str, Any]] = [
        {"id": record.id, "name": record.name, "url": opened[record.id]}
        for record in records
        if record.id in opened
    ]
    print_data(rows, lambda: "\n".join(row["url"] for row in rows))
