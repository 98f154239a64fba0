"""``canfar app``: the apps of a desktop."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.asking import confirm, is_terminal
from canfar.cli.client import open_session
from canfar.cli.colour import painted_status
from canfar.cli.commands import SETTINGS
from canfar.cli.completion_words import complete_images, complete_sessions
from canfar.cli.destroying import yes_option
from canfar.cli.exit_codes import FAILED, code_of_errors
from canfar.cli.lazy import LazyGroup
from canfar.cli.numbers import gigabytes, number
from canfar.cli.output import Column, note, output_of, print_data, print_rows
from canfar.cli.targets import find, find_each
from canfar.cli.times import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.errors import CanfarError
    from canfar.models.session import SessionRecord, SessionRecords
    from canfar.sessions import Session

__all__ = ["attach", "command", "list_apps", "remove"]

LIST_EXAMPLES: Final = """\b
Examples:
  canfar app ls
  canfar app ls desk -o json
"""
ATTACH_EXAMPLES: Final = """\b
Examples:
  canfar app attach desk skaha/terminal:1.1.2
  canfar app attach desk skaha/terminal:1.1.2 --cores 2 --ram 4
"""
REMOVE_EXAMPLES: Final = """\b
Examples:
  canfar app rm desk 'terminal*'
  canfar app rm desk '*' --yes
"""

COLUMNS: Final = (
    Column("APP", lambda r: r.app_id or ""),
    Column("NAME", lambda r: r.name, shrinks=True),
    Column("STATUS", lambda r: r.status, paint=painted_status),
    Column("STARTED", lambda r: moment(r.start_time), spare=2),
    Column("DESKTOP", lambda r: r.id),
    Column("IMAGE", lambda r: r.image, shrinks=True, spare=3),
)


@click.command(
    name="app",
    cls=LazyGroup,
    context_settings=SETTINGS,
    places={
        "ls": ("canfar.cli.app:list_apps", "List the apps of your desktops."),
        "attach": ("canfar.cli.app:attach", "Start an app in a desktop."),
        "rm": ("canfar.cli.app:remove", "End apps of a desktop."),
    },
    aliases={"list": "ls", "remove": "rm"},
)
def command() -> None:
    """Start, list and end the apps of desktops."""


@click.command(name="ls", epilog=LIST_EXAMPLES)
@click.argument("targets", metavar="[DESKTOP...]", nargs=-1, shell_complete=complete_sessions)
@output_of("id (of the desktop), appid, name, type, status and what else the server says")
def list_apps(*, targets: tuple[str, ...]) -> int:
    """List the apps of your desktops, or of those that you name."""
    from canfar.models.session import SessionRecords  # noqa: PLC0415 - help needs it not

    problems: dict[Any, CanfarError] = {}
    with open_session() as session:
        if targets:
            desktops, missing = find_each(session, targets)
            problems = dict(missing)
            found = SessionRecords(app for desktop in desktops for app in session.apps(desktop))
        else:
            desktops, found = SessionRecords(), session.fetch(kind="desktop-app")
    if desktops or not targets:
        found.sort(key=lambda record: (record.id, record.name, record.app_id or ""))
        print_rows(
            found, COLUMNS, data=dict, name=lambda each: each["appid"], empty="No app runs there."
        )
    return code_of_errors(problems, len(desktops) + len(problems))


@click.command(name="attach", epilog=ATTACH_EXAMPLES)
@click.argument("desktop", shell_complete=complete_sessions)
@click.argument("image", shell_complete=complete_images)
@click.option("-c", "--cpu", "--cores", "cores", type=number, metavar="CORES", help="CPU cores.")
@click.option("-m", "--memory", "--ram", "ram", type=gigabytes, metavar="GB", help="RAM in GB.")
@output_of("id (of the desktop), appid")
def attach(*, desktop: str, image: str, cores: float | None, ram: float | None) -> None:
    """Start an app in a desktop that runs, and print the app's id.

    DESKTOP is its id or its name, IMAGE the image of the app.
    """
    with open_session() as session:
        record = _desktop(session, desktop)
        app = session.attach(record, image, cores=cores, ram=ram)
    print_data({"id": record.id, "appid": app}, lambda: app, lambda _: app)


@click.command(name="rm", epilog=REMOVE_EXAMPLES)
@click.argument("desktop", shell_complete=complete_sessions)
@click.argument("apps", metavar="APP...", nargs=-1, required=True)
@yes_option
@output_of("id (of the desktop), appid, name")
def remove(*, desktop: str, apps: tuple[str, ...], yes: bool) -> int:
    """End apps of a desktop, and print the id of each that is gone.

    You are shown which and asked first. APP is an app's id, its name, or a pattern of names in
    quotes.
    """
    from canfar.errors import CanfarError  # noqa: PLC0415 - help needs it not

    with open_session() as session:
        record = _desktop(session, desktop)
        chosen, problems = _chosen(session.apps(record), apps)
        count = len(chosen) + len(problems)
        if not chosen:
            return code_of_errors(problems, count)
        if not _is_meant(record, chosen, yes=yes):
            note("Nothing was ended.")
            return FAILED
        gone: list[dict[str, str]] = []
        for app in chosen:
            try:
                session.detach(record, app)
            except CanfarError as error:
                problems[str(app.app_id)] = error
            else:
                gone.append({"id": record.id, "appid": str(app.app_id), "name": app.name})
    print_data(
        gone, lambda: "\n".join(each["appid"] for each in gone), lambda each: str(each["name"])
    )
    return code_of_errors(problems, count)


def _desktop(session: Session, word: str) -> SessionRecord:
    found = find(session, [word])
    if len(found) > 1:
        raise click.UsageError(f"{word!r} means {len(found)} sessions; name one desktop.")
    [record] = found
    if record.kind != "desktop":
        raise click.UsageError(
            f"{record.name} ({record.id}) is of kind {record.kind}; only desktops have apps."
        )
    return record


def _chosen(
    running: SessionRecords, words: Sequence[str]
) -> tuple[list[SessionRecord], dict[Any, CanfarError]]:
    from canfar.errors import NotFound  # noqa: PLC0415 - help needs it not

    chosen: dict[str | None, SessionRecord] = {}
    problems: dict[Any, CanfarError] = {}
    for word in words:
        meant = [r for r in running if r.app_id == word] or [
            r for r in running if fnmatchcase(r.name.lower(), word.lower())
        ]
        chosen.update((each.app_id, each) for each in meant)
        if not meant:
            advice = "`canfar app ls` lists them."
            problems[word] = NotFound(f"there is no app {word!r}", about=word, advice=advice)
    return list(chosen.values()), problems


def _is_meant(desktop: SessionRecord, apps: Sequence[SessionRecord], *, yes: bool) -> bool:
    count = f"{len(apps)} app{'' if len(apps) == 1 else 's'} of {desktop.name} ({desktop.id})"
    lines = [f"  {app.app_id}  {app.name}  {app.status}" for app in apps]
    if yes:
        note(f"Ending {count}:", *lines)
        return True
    if is_terminal():
        # Whoever is asked sees what about, with -q too.
        click.echo("\n".join(lines), err=True)
    return confirm(f"End {count}?", "--yes")
