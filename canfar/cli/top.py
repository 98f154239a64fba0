"""``canfar top``."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click
from attrs import evolve

from canfar.cli.client import open_session
from canfar.cli.numbers import Number
from canfar.cli.order import by_name
from canfar.cli.output import SESSION_FIELDS, columns_of, output_of, print_rows
from canfar.cli.ps import kind_option
from canfar.cli.sessions_table import COLUMNS
from canfar.cli.state import state
from canfar.models.status import status_word

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from canfar.cli.output import Column
    from canfar.models.session import SessionRecord, SessionRecords
    from canfar.sessions import Session

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar top
  canfar top --kind headless --every 10
"""

OPEN: Final = "\x1b[?1049h\x1b[?25l"
CLOSE: Final = "\x1b[?25h\x1b[?1049l"
HOME: Final = "\x1b[H"
TO_END_OF_LINE: Final = "\x1b[K"
TO_END: Final = "\x1b[J"
SPARE: Final = {"IMAGE": 6, "ENDS": 5}
"""What gives way first where there is little room: here, people look for what is used."""

AT_WORK: Final = ("running", "pending")


@click.command(name="top", epilog=EXAMPLES)
@kind_option
@click.option(
    "-d", "--every", type=Number(1, 3600), default=5.0, show_default=True,
    metavar="SECONDS", help="How often to look.",
)  # fmt: skip
@output_of(SESSION_FIELDS)
def command(*, kinds: tuple[str, ...], every: float) -> None:
    """Show your sessions and what they use, as it changes. q or Ctrl-C leaves.

    Without a terminal, or with -o, it shows them once.
    """
    with open_session() as session:
        records = _fetch(session, kinds)
        if state().output is None and sys.stdin.isatty() and sys.stdout.isatty():
            _live(session, records, kinds, every)
        else:
            print_rows(records, _columns(), data=dict, empty="You have no sessions.")


def _columns() -> list[Column]:
    return [
        evolve(column, wide=False, spare=SPARE.get(column.heading, column.spare))
        for column in COLUMNS
    ]


def _fetch(session: Session, kinds: Sequence[str]) -> SessionRecords:
    found = session.fetch(kind=kinds or None)
    found.sort(key=_by_status)
    return found


def _by_status(record: SessionRecord) -> tuple[Any, ...]:
    word = status_word(record.status)
    return AT_WORK.index(word) if word in AT_WORK else len(AT_WORK), by_name(record)


def _live(session: Session, records: SessionRecords, kinds: Sequence[str], every: float) -> None:
    from canfar._core.away import is_away  # noqa: PLC0415 - only who stays needs it
    from canfar.cli.keys import Keys  # noqa: PLC0415 - the same
    from canfar.errors import CanfarError  # noqa: PLC0415 - the same

    trouble = ""
    with _screen(), Keys() as keys:
        while True:
            _draw(session.url, records, trouble)
            if keys.waited_for("qQ\x03", every):
                return
            try:
                records, trouble = _fetch(session, kinds), ""
            except CanfarError as error:
                if not is_away(error):
                    raise
                trouble = f"This is how it was; now {error}"


@contextmanager
def _screen() -> Generator[None]:
    """Use a screen of its own, and leave the one there was as it was."""
    sys.stdout.write(OPEN)
    try:
        yield
    finally:
        sys.stdout.write(CLOSE)
        sys.stdout.flush()


def _draw(url: str, records: SessionRecords, trouble: str) -> None:
    width, height = shutil.get_terminal_size()
    counts = Counter(record.status for record in records)
    told = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    lines = [
        f"{urlsplit(url).netloc}  {datetime.now(UTC).astimezone():%H:%M:%S}  q leaves  "
        f"{told or 'no sessions'}"[:width],
        trouble[:width],
        *columns_of(_columns(), records).split("\n"),
    ]
    hidden = len(lines) - height
    if hidden > 0:
        lines[height - 1 :] = [f"and {hidden + 1} more"]
    body = "\n".join(f"{line}{TO_END_OF_LINE}" for line in lines)
    sys.stdout.write(f"{HOME}{body}{TO_END}")
    sys.stdout.flush()
