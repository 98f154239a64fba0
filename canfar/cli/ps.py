"""``canfar ps``, ``canfar ls``."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.completion_cache import keep_sessions
from canfar.cli.completion_words import complete_sessions
from canfar.cli.order import by_name
from canfar.cli.output import SESSION_FIELDS, note, output_of, write
from canfar.cli.state import state
from canfar.models.types import KINDS, STATUSES

if TYPE_CHECKING:
    from canfar.models.session import SessionRecord, SessionRecords

__all__ = ["command", "kind_option", "status_option"]

EXAMPLES: Final = """\b
Examples:
  canfar ps --all 'fit-*'
  canfar delete --yes $(canfar ps -q --kind notebook)
"""

AT_WORK: Final = frozenset({"pending", "running"})
NOTHING_LIKE_THAT: Final = "No session of yours is like that."


def kind_option(function: Any) -> Any:
    """Give a command ``-k/--kind``, which can be given more than once."""
    return click.option(
        "-k",
        "--kind",
        "kinds",
        multiple=True,
        metavar="KIND",
        type=click.Choice(KINDS, case_sensitive=False),
        help=f"Only this kind: {', '.join(KINDS)}. More than once for several.",
    )(function)


def status_option(function: Any) -> Any:
    """Give a command ``-s/--status``, which can be given more than once."""
    return click.option(
        "-s",
        "--status",
        "statuses",
        multiple=True,
        metavar="STATUS",
        type=click.Choice(STATUSES, case_sensitive=False),
        help=f"Only with this status: {', '.join(STATUSES)}. More than once for several.",
    )(function)


@click.command(name="ps", epilog=EXAMPLES)
@click.argument("words", metavar="[NAME...]", nargs=-1, shell_complete=complete_sessions)
@click.option("-a", "--all", "everything", is_flag=True, help="Those that have ended too.")
@click.option("-q", "--quiet", "--ids", "ids", is_flag=True, help="Print the ids and nothing else.")
@kind_option
@status_option
@output_of(SESSION_FIELDS)
def command(
    *,
    words: tuple[str, ...],
    everything: bool,
    ids: bool,
    kinds: tuple[str, ...],
    statuses: tuple[str, ...],
) -> None:
    """List your sessions: those that wait or run, unless you ask for more.

    NAME is a name, an id, or a pattern of names such as 'fit-*', in quotes. With -q before the
    command, nothing but errors is said beside the list; after it, the list is ids.
    """
    if ids and state().output is not None:
        raise click.UsageError("-q prints ids only; leave out either -q or -o.")
    state().quiet |= ids
    with open_session() as session:
        found = session.fetch(kind=kinds or None, status=statuses or None)
    if not kinds and not statuses:
        keep_sessions(found)
    named = type(found)(record for record in found if _is_meant(record, words))
    named.sort(key=by_name)
    shown = named if everything or statuses else _at_work(named)
    if ids:
        write("\n".join(record.app_id or record.id for record in shown))
        return
    from canfar.cli.sessions_table import print_sessions  # noqa: PLC0415 - ids need no table

    narrowed = bool(words or kinds or statuses)
    print_sessions(
        shown, empty="" if named else NOTHING_LIKE_THAT if narrowed else "You have no sessions."
    )
    hidden = len(named) - len(shown)
    if hidden and sys.stdout.isatty():
        note(f"{hidden} more {'does' if hidden == 1 else 'do'} not run; -a lists them too.")


def _is_meant(record: SessionRecord, words: tuple[str, ...]) -> bool:
    # The server keeps names in lower case (protocol notes 1.4, a fact of Skaha 1.4).
    name = record.name.lower()
    return not words or any(w == record.id or fnmatchcase(name, w.lower()) for w in words)


def _at_work(records: SessionRecords) -> SessionRecords:
    from canfar.models.status import status_word  # noqa: PLC0415 - the client brings it

    return type(records)(r for r in records if status_word(r.status) in AT_WORK)
