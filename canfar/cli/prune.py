"""``canfar prune``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import click

from canfar.cli.client import open_session
from canfar.cli.destroying import destroy, is_meant, yes_option
from canfar.cli.exit_codes import FAILED
from canfar.cli.order import by_name
from canfar.cli.output import note, output_option
from canfar.cli.ps import kind_option, status_option
from canfar.cli.sessions_table import print_sessions
from canfar.cli.spans import span
from canfar.errors import InvalidInput
from canfar.models.types import KINDS, STATUSES

if TYPE_CHECKING:
    from canfar.models.session import SessionRecords

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar prune fit- --dry-run
  canfar prune fit- --older-than 2h --status Completed --status Failed --yes
"""


@click.command(name="prune", epilog=EXAMPLES)
@click.argument("prefix")
@click.argument(
    "kind", required=False, metavar="[KIND]", type=click.Choice(KINDS, case_sensitive=False)
)
@click.argument(
    "status", required=False, metavar="[STATUS]", type=click.Choice(STATUSES, case_sensitive=False)
)
@click.option("--regex", is_flag=True, help="PREFIX is a regular expression.")
@click.option(
    "--older-than", type=span, metavar="TIME", help="Only if started before that: 90s, 2h, 3d."
)
@kind_option
@status_option
@click.option("--dry-run", is_flag=True, help="List them, and destroy nothing.")
@yes_option
@output_option
def command(
    *, prefix: str, kind: str | None, status: str | None, regex: bool, older_than: float | None,
    kinds: tuple[str, ...], statuses: tuple[str, ...], dry_run: bool, yes: bool,
) -> int:  # fmt: skip
    """Destroy the sessions whose names begin with PREFIX: headless ones that completed.

    --kind and --status mean others than those. You are shown which and asked first; there is no
    way back. Prints the id of each that is gone.

    -o json: a list of objects with id and name, those that are gone; with --dry-run what
    `canfar ps -o json` says of those that would be.
    """
    with open_session() as session:
        try:
            found = session.destroy_with(
                prefix,
                kind=(*kinds, *([kind] if kind else ())) or "headless",
                status=(*statuses, *([status] if status else ())) or "Completed",
                regex=regex,
                dry_run=True,
            )
        except InvalidInput as error:
            raise click.UsageError(error.message.replace("regex=True", "--regex")) from None
        records = _older(found, older_than)
        records.sort(key=by_name)
        if dry_run:
            print_sessions(records, empty="No session of yours is like that.")
            return 0
        if not records:
            note("No session of yours is like that; nothing was destroyed.")
        elif not is_meant(records, yes=yes):
            note("Nothing was destroyed.")
            return FAILED
        return destroy(session, records)


def _older(records: SessionRecords, seconds: float | None) -> SessionRecords:
    if seconds is None:
        return records
    # The server's clock says how old they are, where it told its time.
    until = (records.at or datetime.now(UTC)) - timedelta(seconds=seconds)
    return type(records)(r for r in records if r.start_time is not None and r.start_time <= until)
