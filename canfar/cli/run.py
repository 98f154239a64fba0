"""``canfar run``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.output import note
from canfar.cli.resources import image_argument, resource_options
from canfar.cli.wait import patience_option
from canfar.models.types import CREATABLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.cli.progress import Progress
    from canfar.models.results import SessionIds
    from canfar.models.session import CreateRequest, SessionRecords
    from canfar.sessions import Session

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar run skaha/astroml --rm -- python -c 'print("hello")'
  canfar run skaha/astroml -n fit -r 3 -- printenv REPLICA_ID
"""


@click.command(name="run", epilog=EXAMPLES)
@image_argument
@click.argument("words", nargs=-1, metavar="[-- CMD ARGS...]", type=click.UNPROCESSED)
@resource_options
@click.option("--rm", "removes", is_flag=True, help="Destroy the sessions at the end.")
@patience_option("How long to follow at most: 90, 5min, 2h; exit code 124 when it is over.")
def command(
    *, image: str, words: tuple[str, ...], removes: bool, patience: float | None, **options: Any
) -> int:
    """Run a command in one or more headless sessions, and print what it writes as it does.

    What a session writes arrives byte for byte; of several, each line comes after its session's
    name, and nothing in the order of the replicas. The exit code is 0 when all completed, 1 when
    none did, 6 when some did.

    `canfar run KIND IMAGE`, as canfar 1.0 has it, is `canfar create KIND IMAGE`.
    """
    from canfar.cli.create import as_request, note_doubts, start  # noqa: PLC0415 - help needs it not
    from canfar.cli.progress import Progress  # noqa: PLC0415 - the same

    if image.lower() in CREATABLE_KINDS:
        if not words:
            raise click.UsageError("Missing argument 'IMAGE'.")
        if removes or patience is not None:
            raise click.UsageError("--rm and --timeout go with `canfar run IMAGE`, without a kind.")
        request = as_request(image, words[0], words[1:], **options)
        with open_session() as session, Progress("created", request.replicas) as progress:
            return start(session, request, progress=progress)[1]
    request = as_request("headless", image, words, **options)
    with open_session() as session:
        ids: list[str] = []
        try:
            with Progress("created", request.replicas, until="ended") as progress:
                code = _run(session, request, ids, progress, patience)
        except BaseException as end:
            ids = ids or list(getattr(end, "ids", ()))
            if removes:
                _remove(session, request, ids, count=True)
            elif ids:
                _left_behind(request, ids)
            note_doubts(request, end, beside=bool(ids))
            raise
        return (removes and _remove(session, request, ids)) or code


def _run(
    session: Session,
    request: CreateRequest,
    ids: list[str],
    progress: Progress,
    patience: float | None,
) -> int:
    from canfar.cli.exit_codes import code_of_all  # noqa: PLC0415 - help needs it not
    from canfar.cli.log_lines import Lines  # noqa: PLC0415 - the same
    from canfar.cli.outcomes import code_of_outcome, went_badly  # noqa: PLC0415 - the same

    started = _started(session, request, progress)
    ids.extend(started)
    with progress.aside():
        code_of_all(started)
    records = _named(request, started)
    lines = Lines(records)
    for each, line in session.follow(started, raw=True, timeout=patience, on_change=progress.seen):
        with progress.aside():
            lines.show(each, line)
            if lines.plain and not line.endswith(b"\n") and sys.stdout.isatty():
                # What is said next begins a line of its own.
                click.echo(err=True)
    ended = session.wait(started)
    with progress.aside():
        code = code_of_outcome(ended, lost=len(started.errors))
        if any(map(went_badly, ended)):
            _explain(session, request, ids)
    return code


def _explain(session: Session, request: CreateRequest, ids: Sequence[str]) -> None:
    """Say why sessions failed, as far as the platform says."""
    from canfar.cli.exit_codes import note_error  # noqa: PLC0415 - only what failed
    from canfar.errors import CanfarError  # noqa: PLC0415 - the same

    batch = session.batch(request)
    try:
        batch.wait()
    except CanfarError as error:
        note_error(error)
    for replica in batch.failed:
        if replica.id in ids:
            note(f"{replica.name}: {replica.failure}")


def _started(session: Session, request: CreateRequest, progress: Progress) -> SessionIds:
    from canfar.cli.create import name_of  # noqa: PLC0415 - help needs it not
    from canfar.cli.state import state  # noqa: PLC0415 - the same

    quiet = state().quiet

    def told(outcome: Any) -> None:
        # Outcomes are told in other threads, of which click knows nothing.
        if outcome.ok and not quiet:
            with progress.aside():
                name = name_of(request, outcome.about)
                click.echo(f"{name} is session {outcome.value}", err=True)
        progress.step(ok=outcome.ok)

    return session.create(request, on_outcome=told)


def _named(request: CreateRequest, started: SessionIds) -> SessionRecords:
    from canfar.cli.create import name_of  # noqa: PLC0415 - help needs it not
    from canfar.models.session import SessionRecord, SessionRecords  # noqa: PLC0415 - the same

    return SessionRecords(
        SessionRecord(id=outcome.value, name=name_of(request, outcome.about))
        for outcome in started.outcomes
        if outcome.ok
    )


def _left_behind(request: CreateRequest, ids: Sequence[str]) -> None:
    from canfar.cli.create import words_for  # noqa: PLC0415 - help needs it not

    words = words_for(request, ids)
    goes = f"{len(ids)} sessions go" if len(ids) > 1 else "The session goes"
    note(
        f"\n{goes} on; follow with: canfar logs --follow {words}",
        f"find with: canfar ps {words}",
        f"end with: canfar delete --yes {words}",
    )


def _remove(
    session: Session, request: CreateRequest, ids: Sequence[str], *, count: bool = False
) -> int:
    from canfar.cli.create import words_for  # noqa: PLC0415 - help needs it not
    from canfar.cli.exit_codes import code_of, code_of_all, note_error  # noqa: PLC0415 - only --rm
    from canfar.errors import CanfarError  # noqa: PLC0415 - the same

    still = f"They may be there still: canfar ps --all {words_for(request, ids)}"
    try:
        gone = session.destroy(ids)
    except CanfarError as error:
        note_error(error)
        note(still)
        return code_of(error)
    except KeyboardInterrupt:
        note(f"\n{still}")
        raise
    if count:
        done = sum(outcome.ok for outcome in gone.outcomes)
        were = "session was" if done == 1 else "sessions were"
        note(f"\n{done} {were} destroyed.")
    return code_of_all(gone)
