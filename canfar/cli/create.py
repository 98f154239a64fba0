"""``canfar create``, ``canfar launch``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.completion_words import complete_kinds
from canfar.cli.output import note, output_option, print_data, write
from canfar.cli.resources import environment, image_argument, random_name, resource_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from canfar._core.wait import Until
    from canfar.cli.progress import Progress
    from canfar.models.results import SessionIds
    from canfar.models.session import CreateRequest
    from canfar.sessions import Session

__all__ = ["as_request", "command", "name_of", "note_doubts", "start", "words_for"]

FEW: Final = 3
"""So many sessions are named by their ids, more by what their names have in common."""

EXAMPLES: Final = """\b
Examples:
  canfar create notebook skaha/astroml --open
  canfar create headless skaha/astroml -r 3 --wait -- printenv REPLICA_ID
"""


@click.command(name="create", epilog=EXAMPLES)
@click.argument("kind", shell_complete=complete_kinds)
@image_argument
@click.argument("words", nargs=-1, metavar="[-- CMD ARGS...]", type=click.UNPROCESSED)
@resource_options
@click.option("--only", metavar="N,N...", help="Start only the replicas with these numbers.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--wait", is_flag=True, help="Wait until it runs; headless ones until they end.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser when it runs.")
@output_option
def command(
    *, kind: str, image: str, words: tuple[str, ...], dry_run: bool, wait: bool, opens: bool,
    only: str | None, **options: Any,
) -> int:  # fmt: skip
    """Start sessions, and print the id of each as it exists: not in the order of the replicas.

    KIND is notebook, desktop, carta, firefly, contributed or headless; what a headless session
    runs comes after two dashes, and arrives there as you wrote it.

    -o json: a list of ids; with --dry-run of objects with method, url, headers and form.
    """
    request = as_request(kind, image, words, **options)
    numbers = _numbers(only)
    if opens and _goal(request) == "ended":
        raise click.UsageError("--open: a headless session has no page to open.")
    with open_session() as session:
        if dry_run:
            return _show(session, request, numbers)
        from canfar.cli.progress import Progress  # noqa: PLC0415 - help needs it not

        count = len(numbers or range(request.replicas))
        with Progress("created", count, until=_goal(request) if wait else None) as progress:
            ids, code = start(session, request, only=numbers, progress=progress)
            if opens and ids:
                code = _open(session, ids, progress) or code
            if wait and ids:
                code = _outcome(session, request, ids, progress) or code
    return code


def as_request(
    kind: str, image: str, words: Sequence[str], *, name: str | None, cores: float | None,
    ram: float | None, gpu: int | None, pairs: Sequence[str], env_files: Sequence[Path],
    replicas: int,
) -> CreateRequest:  # fmt: skip
    """Return what a command line asks for."""
    from canfar.models.session import CreateRequest  # noqa: PLC0415 - help needs it not

    return CreateRequest(
        name=name or random_name(),
        image=image,
        cores=cores,
        ram=ram,
        kind=kind,
        gpus=gpu,
        command=list(words) or None,
        env=environment(pairs, env_files),
        replicas=replicas,
    )


def start(
    session: Session,
    request: CreateRequest,
    *,
    progress: Progress,
    only: Sequence[int] | None = None,
) -> tuple[SessionIds, int]:
    """Start sessions, print their ids as they come, and return them with the exit code."""
    from canfar.cli.exit_codes import PARTLY, code_of_all  # noqa: PLC0415 - help needs it not
    from canfar.cli.state import state  # noqa: PLC0415 - the same

    plain = state().output in {None, "wide"}
    started: dict[str, str] = {}

    def told(outcome: Any) -> None:
        if outcome.ok:
            started[str(outcome.value)] = name_of(request, outcome.about)
            if plain:
                with progress.aside():
                    write(str(outcome.value))
        progress.step(ok=outcome.ok)

    try:
        ids = session.create(request, only=only, on_outcome=told)
    except BaseException as end:
        # What was started is said, whatever ended this: nobody else knows of it.
        known: Sequence[str] = getattr(end, "ids", ())
        with progress.aside():
            try:
                if plain:
                    write("\n".join(each for each in known if each not in started))
                elif known:
                    print_data(list(known), str, lambda each: started.get(str(each), str(each)))
            finally:
                _left_behind(request, known)
                note_doubts(request, end, beside=bool(known))
        raise
    with progress.aside():
        if not plain:
            print_data(list(ids), str, lambda each: started[each])
        code = code_of_all(ids)
        if code == PARTLY and plain:
            failed = ",".join(map(str, ids.errors))
            note(f"Start just those with the same name and words and --only {failed}")
        return ids, code


def name_of(request: CreateRequest, number: str | int | None) -> str:
    """Return the name of a replica."""
    from canfar.models.session import numbered  # noqa: PLC0415 - help needs it not

    return numbered(request.name, number, request.replicas)


def words_for(request: CreateRequest, ids: Sequence[str]) -> str:
    """Return what stands for sessions of a request on a command line."""
    if len(ids) <= FEW:
        return " ".join(ids)
    # With a digit, as what is begun with the same word is not to be destroyed with them.
    return f"'{request.name}-[0-9]*'"


def _left_behind(request: CreateRequest, ids: Sequence[str]) -> None:
    if ids:
        words, many = words_for(request, ids), len(ids) > 1
        goes = f"{len(ids)} were started and go on" if many else "1 was started and goes on"
        note(
            f"\n{goes}; end {'them' if many else 'it'} with: canfar delete --yes {words}",
            f"find {'them' if many else 'it'} with: canfar ps {words}",
        )


def note_doubts(request: CreateRequest, end: BaseException, *, beside: bool) -> None:
    """Say which sessions may have been started besides those that are known."""
    from canfar.errors import MayExist  # noqa: PLC0415 - only who is interrupted

    doubts = sum(isinstance(each, MayExist) for each in getattr(end, "errors", {}).values())
    if doubts:
        words = request.name if request.replicas == 1 else f"'{request.name}-[0-9]*'"
        more, them = (" more" if beside else ""), ("them" if doubts > 1 else "it")
        note(f"{doubts}{more} may have been started; find {them} with: canfar ps {words}")


def _numbers(only: str | None) -> list[int] | None:
    if only is None:
        return None
    words = only.replace(",", " ").split()
    if not words or not all(word.isdecimal() for word in words):
        raise click.UsageError(f"--only: {only!r} is no list of numbers such as 3,57.")
    return [int(word) for word in words]


def _goal(request: CreateRequest) -> Until:
    return "ended" if request.kind.lower() == "headless" else "running"


def _open(session: Session, ids: SessionIds, progress: Progress) -> int:
    from canfar.cli.exit_codes import code_of_all  # noqa: PLC0415 - only who opens

    opened = session.connect(ids, on_change=progress.seen)
    with progress.aside():
        for each, address in opened.items():
            note(f"{each}: {address}")
        return code_of_all(opened)


def _outcome(session: Session, request: CreateRequest, ids: SessionIds, progress: Progress) -> int:
    from canfar.cli.outcomes import code_of_outcome  # noqa: PLC0415 - only who waits

    try:
        records = session.wait(ids, on_change=progress.seen)
    except KeyboardInterrupt:
        with progress.aside():
            _left_behind(request, ids)
        raise
    with progress.aside():
        return code_of_outcome(records, lost=len(ids.errors))


def _show(session: Session, request: CreateRequest, only: Sequence[int] | None) -> int:
    data = session.preview(request, only=only)

    def shown() -> str:
        parts: list[str] = []
        for each in data:
            parts += [
                f"{each['method']} {each['url']}",
                *(f"{key}: {value}" for key, value in each["headers"].items()),
            ]
            parts += ["", *(f"{key}={value}" for key, value in each["form"]), ""]
        return "\n".join(parts)

    print_data(data, shown, lambda each: dict(each["form"])["name"])
    sys.stdout.flush()
    return 0
