"""``canfar create``, ``canfar launch``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.completion import complete_kinds
from canfar.cli.output import note, output_option, print_data, write
from canfar.cli.resources import environment, image_argument, random_name, resource_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from canfar.models.results import SessionIds
    from canfar.models.session import CreateRequest
    from canfar.sessions import Session

__all__ = ["command", "start"]

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
    """Start sessions, and print the id of each as it exists.

    KIND is notebook, desktop, carta, firefly, contributed or headless; what a headless session
    runs comes after two dashes, and arrives there as you wrote it.
    """
    request = as_request(kind, image, words, **options)
    with open_session() as session:
        if dry_run:
            return _show(session, request, _numbers(only))
        ids, code = start(session, request, only=_numbers(only))
        if not ids:
            return code
        if opens:
            for each, address in session.connect(ids).items():
                note(f"{each}: {address}")
        if wait:
            return code or _outcome(session, ids)
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
    session: Session, request: CreateRequest, *, only: Sequence[int] | None = None
) -> tuple[SessionIds, int]:
    """Start sessions, print their ids as they come, and return them with the exit code."""
    from canfar.cli.exit_codes import code_of_all  # noqa: PLC0415 - help needs it not
    from canfar.cli.progress import Progress  # noqa: PLC0415 - the same
    from canfar.cli.state import state  # noqa: PLC0415 - the same

    plain = state().output in {None, "wide"}
    with Progress("created", len(only or range(request.replicas))) as progress:

        def told(outcome: Any) -> None:
            if outcome.ok and plain:
                progress.clear()
                write(str(outcome.value))
            progress.step(ok=outcome.ok)

        try:
            ids = session.create(request, only=only, on_outcome=told)
        except KeyboardInterrupt as interrupt:
            _left_behind(getattr(interrupt, "ids", ()))
            raise
    if state().output == "name":
        write("\n".join(names(request, ids)))
    elif not plain:
        print_data(list(ids), str)
    return ids, code_of_all(ids)


def names(request: CreateRequest, ids: SessionIds) -> list[str]:
    """Return the names of the sessions that were started."""
    numbers = [outcome.about for outcome in ids.outcomes if outcome.ok]
    return [f"{request.name}-{n}" if request.replicas > 1 else request.name for n in numbers]


def _left_behind(ids: Sequence[str]) -> None:
    if ids:
        note(f"\n{len(ids)} were started and go on; end them with: canfar delete {' '.join(ids)}")


def _numbers(only: str | None) -> list[int] | None:
    if only is None:
        return None
    try:
        return [int(word) for word in only.replace(",", " ").split()]
    except ValueError:
        raise click.UsageError(f"--only: {only!r} is no list of numbers such as 3,57.") from None


def _outcome(session: Session, ids: SessionIds) -> int:
    from canfar.cli.exit_codes import DONE, FAILED, PARTLY  # noqa: PLC0415 - only who waits

    records = session.wait(ids)
    bad = [r for r in records if r.status.lower().startswith(("failed", "error", "gone"))]
    for record in bad:
        note(f"{record.name} ({record.id}): {record.status}")
    if not bad:
        return DONE
    return FAILED if len(bad) == len(records) else PARTLY


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
