"""``canfar info``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.colour import painted_status
from canfar.cli.exit_codes import code_of_errors
from canfar.cli.output import SESSION_FIELDS, output_of, print_data, table
from canfar.cli.targets import find_each, targets_argument
from canfar.cli.times import moment

if TYPE_CHECKING:
    from canfar.models.session import SessionRecord

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar info analysis
  canfar info 'fit-*' -o json
"""

RESOURCES: Final = {True: "fixed", False: "flexible", None: ""}


@click.command(name="info", epilog=EXAMPLES)
@targets_argument
@output_of(SESSION_FIELDS)
def command(*, targets: tuple[str, ...]) -> int:
    """Show all that the platform says of sessions.

    State, times, resources and what is used of them, user and group ids, and where to open it.
    SESSION is an id, a name, or a pattern of names such as 'fit-*', in quotes; - reads them from
    standard input.
    """
    with open_session() as session:
        records, problems = find_each(session, targets)
    if records or not problems:
        data = [dict(record) for record in records]
        print_data(data, lambda: "\n\n".join(_block(record) for record in records))
    return code_of_errors(problems, len(records) + len(problems))


def _block(record: SessionRecord) -> str:
    rows = [(what, text) for what, text in _rows(record) if text]
    return table(("session", record.id), rows)


def _rows(record: SessionRecord) -> list[tuple[str, str]]:
    groups: Any = record.get("supplementalGroups") or ()
    return [
        ("name", record.name),
        ("kind", record.kind),
        ("status", painted_status(record.status)),
        ("image", record.image),
        ("user", record.user),
        ("started", moment(record.start_time)),
        ("ends", moment(record.expiry_time)),
        ("open at", record.connect_url or ""),
        ("resources", RESOURCES[record.is_fixed]),
        ("cores", _of(record.cores_in_use, record.requested_cores)),
        ("RAM", _of(record.ram_in_use, record.requested_ram, " GB")),
        ("GPUs", "" if record.requested_gpus is None else str(record.requested_gpus)),
        ("uid", "" if record.uid is None else str(record.uid)),
        ("gid", "" if record.gid is None else str(record.gid)),
        ("groups", " ".join(map(str, groups))),
        ("app", record.app_id or ""),
    ]


def _of(used: float | None, asked: float | None, unit: str = "") -> str:
    parts = [] if used is None else [f"{used:.3g}{unit} used"]
    if asked is not None:
        parts.append(f"{asked:.3g}{unit} asked for")
    return ", ".join(parts)
