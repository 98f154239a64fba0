"""Destroy sessions, after saying how many and which: shared by ``delete`` and ``prune``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from canfar.cli.asking import confirm, is_terminal
from canfar.cli.exit_codes import code_of_all
from canfar.cli.output import note, print_data, write
from canfar.cli.progress import Progress
from canfar.cli.state import state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from canfar.models.session import SessionRecord
    from canfar.sessions import Session

__all__ = ["destroy", "is_meant", "yes_option"]


def yes_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``-y/--yes``, which canfar 1.5 calls ``-f/--force``."""
    return click.option(
        "-y", "--yes", "-f", "--force", "yes", is_flag=True, help="Do not ask; needed in scripts."
    )(function)


def is_meant(records: Sequence[SessionRecord], *, yes: bool) -> bool:
    """Say which sessions are to be destroyed, and whether that is meant.

    Raises:
        click.UsageError: It would have to be asked, and there is no terminal.
    """
    count = f"{len(records)} session{'' if len(records) == 1 else 's'}"
    if yes:
        note(f"Destroying {count}:", *_lines(records))
        return True
    if is_terminal():
        # Whoever is asked sees what about, with -q too.
        click.echo("\n".join(_lines(records)), err=True)
    return confirm(f"Destroy {count} for good?", "--yes")


def destroy(session: Session, records: Sequence[SessionRecord]) -> int:
    """Destroy sessions, print the id of each that is gone, and return the exit code."""
    names = {record.id: record.name for record in records}
    plain = state().output in {None, "wide"}
    gone: list[dict[str, str]] = []
    with Progress("destroyed", len(names)) as progress:

        def told(outcome: Any) -> None:
            if outcome.ok:
                gone.append({"id": outcome.about, "name": names[outcome.about]})
            if outcome.ok and plain:
                with progress.aside():
                    write(outcome.about)
            progress.step(ok=outcome.ok)

        try:
            result = session.destroy(list(names), on_outcome=told)
        except KeyboardInterrupt:
            progress.clear()
            note("\nMore of them may be gone: `canfar ps --all` lists what is left.")
            raise
        finally:
            if not plain:
                print_data(gone, str)
    return code_of_all(result)


def _lines(records: Sequence[SessionRecord]) -> list[str]:
    widths = [
        max(len(text) for text in column)
        for column in zip(*((r.id, r.name, r.kind) for r in records), strict=True)
    ]
    return [
        f"  {r.id:{widths[0]}}  {r.name:{widths[1]}}  {r.kind:{widths[2]}}  {r.status}"
        for r in records
    ]
