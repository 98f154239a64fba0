"""``canfar logs``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.exit_codes import code_of_errors
from canfar.cli.numbers import Whole
from canfar.cli.output import Column, note, output_of, print_data, print_rows
from canfar.cli.state import state
from canfar.cli.targets import find_each, targets_argument
from canfar.models.status import status_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar.models.results import SavedLogs
    from canfar.models.session import SessionRecords
    from canfar.sessions import Session

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar logs --tail 20 'fit-*'
  canfar logs --follow fit-1
"""


@click.command(name="logs", epilog=EXAMPLES)
@targets_argument
@click.option("-f", "--follow", is_flag=True, help="Go on until all of them have ended.")
@click.option("-n", "--tail", type=Whole(0), metavar="N", help="Begin with the last N lines.")
@click.option(
    "-t", "--timestamps", is_flag=True,
    help="With -f, say when each line came; the platform does not say when it was written.",
)  # fmt: skip
@click.option(
    "--output-dir", "folder", metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write each log to a file of its own instead.",
)  # fmt: skip
@output_of("id, name, log; with -f line and came instead of log, with --output-dir bytes and file")
def command(
    *,
    targets: tuple[str, ...],
    follow: bool,
    tail: int | None,
    timestamps: bool,
    folder: Path | None,
) -> int:
    """Print what sessions have written, byte for byte.

    Of several sessions, each line comes after the name of its session; in a pipe a tab stands
    between them. The platform keeps the log of a headless session for an hour after its end.
    SESSION is an id, a name, or a pattern of names such as 'fit-*', in quotes; - reads them from
    standard input.
    """
    _check(follow=follow, tail=tail, timestamps=timestamps, folder=folder)
    with open_session() as session:
        records, problems = find_each(session, targets)
        errors: dict[Any, Any] = dict(problems)
        if not records:
            return code_of_errors(errors, len(errors))
        count = len(records) + len(errors)
        if follow:
            # What is not there is said first: following may take hours.
            code = code_of_errors(errors, count)
            _follow(session, records, tail, timestamps=timestamps)
            return code
        errors |= _save(session, records, folder) if folder else _print(session, records, tail)
    return code_of_errors(errors, count)


def _check(*, follow: bool, tail: int | None, timestamps: bool, folder: Path | None) -> None:
    if folder and (follow or timestamps or tail is not None):
        raise click.UsageError("--output-dir writes whole logs; leave out -f, --tail and -t.")
    if timestamps and not follow:
        raise click.UsageError(
            "The platform keeps no times of lines; with -f, -t says when each line came."
        )
    if follow and state().output in {"json", "yaml", "name"}:
        raise click.UsageError(f"-f goes with -o jsonl, not with -o {state().output}.")


def _follow(
    session: Session, records: SessionRecords, tail: int | None, *, timestamps: bool
) -> None:
    from canfar.cli.log_lines import Lines  # noqa: PLC0415 - help needs it not

    skipped = {} if tail is None else _before_the_tail(session, records, tail)
    lines = Lines(records, timestamps=timestamps)
    for each, line in session.follow(records, raw=True):
        if skipped.get(each):
            skipped[each] -= 1
        else:
            lines.show(each, line)


def _before_the_tail(session: Session, records: SessionRecords, tail: int) -> dict[str, int]:
    """Count the lines that are there already and are not wanted."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - only with --tail

    from canfar.cli.log_lines import count_lines  # noqa: PLC0415 - the same

    with TemporaryDirectory(prefix="canfar-") as folder:
        saved = session.download_logs(records, folder)
        return {each: max(0, count_lines(path) - tail) for each, path in saved.items()}


def _print(session: Session, records: SessionRecords, tail: int | None) -> Mapping[Any, Any]:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - help needs it not

    from canfar.cli.log_lines import Lines, copy, text_of  # noqa: PLC0415 - the same

    # Files, so that logs of any length pass in little memory, and as the bytes they are.
    with TemporaryDirectory(prefix="canfar-") as folder:
        saved = _download(session, records, Path(folder))
        if state().output in {None, "wide"}:
            lines = Lines(records)
            for each, path in saved.items():
                copy(path, lines, each, tail)
        else:
            named = [record for record in records if record.id in saved]
            print_data(
                [
                    {"id": each.id, "name": each.name, "log": text_of(saved[each.id], tail)}
                    for each in named
                ],
                str,
            )
        _say_what_is_empty(records, saved)
    return saved.errors


def _download(session: Session, records: SessionRecords, folder: Path) -> SavedLogs:
    from canfar.cli.progress import Progress  # noqa: PLC0415 - help needs it not

    with Progress("read", len(records)) as progress:
        return session.download_logs(
            records, folder, on_outcome=lambda outcome: progress.step(ok=outcome.ok)
        )


def _say_what_is_empty(records: SessionRecords, saved: SavedLogs) -> None:
    # An empty log is also what the server says of what never began (protocol notes 2.8, a fact
    # of Skaha 1.4).
    for record in records:
        waits = status_word(record.status) == "pending"
        if waits and record.id in saved and not saved[record.id].stat().st_size:
            note(f"{record.name} ({record.id}) has not begun: there is no log yet.")


def _save(session: Session, records: SessionRecords, folder: Path) -> Mapping[Any, Any]:
    saved = _download(session, records, folder)
    names = {record.id: record.name for record in records}
    columns = (
        Column("ID", lambda row: str(row["id"])),
        Column("NAME", lambda row: str(row["name"]), shrinks=True),
        Column("BYTES", lambda row: str(row["bytes"])),
        Column("FILE", lambda row: str(row["file"])),
    )
    rows = [
        {"id": each, "name": names[each], "bytes": path.stat().st_size, "file": str(path)}
        for each, path in saved.items()
    ]
    print_rows(rows, columns, data=dict, name=lambda row: str(row["file"]))
    sys.stdout.flush()
    return saved.errors
