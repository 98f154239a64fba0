"""``canfar renew``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.exit_codes import code_of_errors
from canfar.cli.output import Column, note, output_of, print_rows
from canfar.cli.targets import find_each, targets_argument
from canfar.cli.times import moment_of

if TYPE_CHECKING:
    from canfar.errors import CanfarError

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar renew analysis
  canfar ps -q --kind notebook | canfar renew -
"""

COLUMNS: Final = (
    Column("ID", lambda row: row["id"]),
    Column("NAME", lambda row: row["name"], shrinks=True),
    Column("ENDS", lambda row: moment_of(row["expiryTime"])),
)


@click.command(name="renew", epilog=EXAMPLES)
@targets_argument
@output_of("id, name, expiryTime, extended")
def command(*, targets: tuple[str, ...]) -> int:
    """Give running sessions their full time again, and print when each ends now.

    A headless session that has more time left than that keeps it. SESSION is an id, a name, or a
    pattern of names such as 'fit-*', in quotes; - reads them from standard input.
    """
    with open_session() as session:
        records, problems = find_each(session, targets)
        errors: dict[Any, CanfarError] = dict(problems)
        if not records:
            return code_of_errors(errors, len(errors))
        renewed = session.renew(records)
        done = [record for record in records if renewed.get(record.id)]
        # What the server answers says nothing of the new end (protocol notes 1.7).
        now = {record.id: record for record in session.fetch()} if done else {}
    rows = [
        {
            "id": before.id,
            "name": before.name,
            "expiryTime": now.get(before.id, before).get("expiryTime"),
            "extended": now.get(before.id, before).expiry_time != before.expiry_time,
        }
        for before in done
    ]
    if rows:
        print_rows(rows, COLUMNS, data=dict)
    for row in rows:
        if not row["extended"]:
            note(f"{row['name']} ({row['id']}) ends when it did: it has that time left already.")
    return code_of_errors(errors | renewed.errors, len(records) + len(problems))
