"""Which sessions are meant: by id, name, pattern of names, or words on standard input."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.completion_cache import keep_sessions
from canfar.cli.completion_words import complete_sessions
from canfar.cli.order import by_name
from canfar.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from canfar.models.session import SessionRecord, SessionRecords
    from canfar.sessions import Session

__all__ = ["find", "find_each", "targets_argument"]

WILD: Final = frozenset("*?[")
SHOWN: Final = 8


def targets_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its ``SESSION...`` argument."""
    return click.argument(
        "targets",
        metavar="SESSION...",
        nargs=-1,
        required=True,
        shell_complete=complete_sessions,
    )(function)


def find(session: Session, targets: Sequence[str]) -> SessionRecords:
    """Return the sessions that words mean, each once.

    Args:
        session: Where they are.
        targets: Ids, names, patterns such as ``fit-*``, or ``-`` for words on standard input.

    Raises:
        NotFound: A word means none.
        click.UsageError: A name means several, or there are no words.
    """
    records, problems = find_each(session, targets)
    for problem in problems.values():
        raise problem
    return records


def find_each(
    session: Session, targets: Sequence[str]
) -> tuple[SessionRecords, dict[str, NotFound]]:
    """Return the sessions that words mean, each once, and why other words mean none.

    For commands that only read: what is there is shown, and what is not is said.

    Args:
        session: Where they are.
        targets: Ids, names, patterns such as ``fit-*``, or ``-`` for words on standard input.

    Raises:
        click.UsageError: A name means several, or there are no words.
    """
    words = list(_words(targets))
    if not words:
        raise click.UsageError("Standard input names no session.")
    records = session.fetch()
    keep_sessions(records)
    chosen: dict[str, SessionRecord] = {}
    problems: dict[str, NotFound] = {}
    for word in words:
        try:
            chosen.update((record.id, record) for record in _meant(word, records))
        except NotFound as problem:
            problems[word] = problem
    return type(records)(chosen.values()), problems


def _words(targets: Sequence[str]) -> Iterable[str]:
    for target in targets:
        if target == "-":
            yield from sys.stdin.read().split()
        else:
            yield target


def _meant(word: str, records: SessionRecords) -> Sequence[SessionRecord]:
    by_id = [record for record in records if record.id == word and not record.app_id]
    if by_id:
        return by_id
    # The server keeps names in lower case (protocol notes 1.4, a fact of Skaha 1.4).
    name = word.lower()
    if WILD & set(word):
        found = [record for record in records if fnmatchcase(record.name.lower(), name)]
        if not found:
            raise NotFound(f"no session of yours has a name like {word!r}", about=word)
        return sorted(found, key=by_name)
    found = [record for record in records if record.name.lower() == name]
    if len(found) > 1:
        candidates = [f"{record.id} ({record.status})" for record in found[:SHOWN]]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise click.UsageError(
            f"{word!r} is the name of {len(found)} sessions: {', '.join(candidates)}{more}. "
            f"Give an id, or '{word}*' to mean them all."
        )
    if not found:
        replicas = any(fnmatchcase(record.name.lower(), f"{name}-[0-9]*") for record in records)
        raise NotFound(
            f"there is no session {word!r} of yours",
            about=word,
            advice=f"'{word}-*' means its replicas."
            if replicas
            else "`canfar ps --all` lists yours.",
        )
    return found
