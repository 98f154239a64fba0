"""``canfar events``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.colour import painted
from canfar.cli.exit_codes import code_of_errors
from canfar.cli.output import Column, note, output_of, print_rows
from canfar.cli.targets import find_each, targets_argument
from canfar.cli.times import moment_of

if TYPE_CHECKING:
    from canfar.errors import CanfarError
    from canfar.models.session import SessionRecord

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar events analysis
  canfar events 'fit-*' -o json
"""


def _painted_type(text: str) -> str:
    return painted(text, "yellow") if text.strip() == "Warning" else text


NAME: Final = Column("NAME", lambda row: row["name"], shrinks=True)
COLUMNS: Final = (
    Column("ID", lambda row: row["id"], wide=True),
    Column("FIRST", lambda row: moment_of(row["firstTime"]), wide=True),
    Column("LAST", lambda row: moment_of(row["lastTime"])),
    Column("TYPE", lambda row: row["type"], paint=_painted_type),
    Column("REASON", lambda row: row["reason"]),
    Column("MESSAGE", lambda row: row["message"], wraps=True),
)


@click.command(name="events", epilog=EXAMPLES)
@targets_argument
@output_of("id, name, type, reason, message, firstTime, lastTime")
def command(*, targets: tuple[str, ...]) -> int:
    """Show what the platform did to start sessions, and what went wrong with that.

    Look here when a session stays Pending. The platform keeps events for about an hour, and has
    none of a session that is still in the queue. SESSION is an id, a name, or a pattern of names
    such as 'fit-*', in quotes; - reads them from standard input.
    """
    from canfar.models.event import read_events  # noqa: PLC0415 - help needs it not

    with open_session() as session:
        records, problems = find_each(session, targets)
        errors: dict[Any, CanfarError] = dict(problems)
        if not records:
            return code_of_errors(errors, len(errors))
        found = session.events(records)
    by_id = {record.id: record for record in records}
    rows: list[dict[str, Any]] = []
    for each, text in ((each, text) for one in found for each, text in one.items()):
        events = read_events(text)
        if not events:
            note(f"{by_id[each].name} ({each}): the platform keeps no events of it any more.")
        rows += [
            {
                "id": each,
                "name": by_id[each].name,
                "type": event.type,
                "reason": event.reason,
                "message": event.message,
                "firstTime": event.first_time,
                "lastTime": event.last_time,
            }
            for event in events
        ]
    columns = COLUMNS if len(records) == 1 else (COLUMNS[0], NAME, *COLUMNS[1:])
    if rows or not found.errors:
        print_rows(rows, columns, data=dict)
    errors |= {each: _explained(error, by_id[str(each)]) for each, error in found.errors.items()}
    return code_of_errors(errors, len(records) + len(problems))


def _explained(error: CanfarError, record: SessionRecord) -> CanfarError:
    from canfar.errors import NotFound  # noqa: PLC0415 - only for what failed

    # The server says "not found" of sessions that it lists (protocol notes 2.7, a fact of Skaha
    # 1.4): nothing runs for them.
    if isinstance(error, NotFound):
        error.advice = (
            f"{record.name} is {record.status}, and events begin when the platform has a place "
            "for a session and end soon after it."
        )
    return error
