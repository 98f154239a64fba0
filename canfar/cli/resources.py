"""The options that say what a session is to have: shared by ``create`` and ``run``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canfar.cli.completion_words import complete_images
from canfar.cli.numbers import Whole, gigabytes, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["environment", "random_name", "resource_options"]


def resource_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options for name, resources, environment and replicas."""
    options = (
        click.option("-n", "--name", help="The name; a random one by default."),
        click.option(
            "-c", "--cpu", "--cores", "cores", type=number, metavar="CORES", help="CPU cores."
        ),
        click.option(
            "-m", "--memory", "--ram", "ram", type=gigabytes, metavar="GB", help="RAM in GB."
        ),
        click.option("-g", "--gpu", "--gpus", "gpu", type=Whole(0), metavar="N", help="GPUs."),
        click.option(
            "-e", "--env", "pairs", multiple=True, metavar="KEY=VALUE",
            help="An environment variable; a KEY alone takes its value from here.",
        ),
        click.option(
            "--env-file", "env_files", multiple=True, metavar="FILE",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="A file with one KEY=VALUE a line.",
        ),
        click.option(
            "-r", "--replicas", type=Whole(1), metavar="N", default=1, show_default=True,
            help="How many to start.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def image_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its ``IMAGE`` argument."""
    return click.argument("image", shell_complete=complete_images)(function)


def environment(pairs: Sequence[str], files: Sequence[Path]) -> dict[str, str] | None:
    """Return the environment that options name, None if they name none.

    Raises:
        click.UsageError: A line is no KEY=VALUE, a KEY alone has no value here, or a file no text.
    """
    import os  # noqa: PLC0415 - only for a KEY alone

    found: dict[str, str] = {}
    lines = [
        (line, f"{file}, line {number}")
        for file in files
        for number, line in enumerate(_text(file).splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    for pair, where in [*lines, *((pair, "--env") for pair in pairs)]:
        key, equals, value = pair.partition("=")
        if not equals and key in os.environ:
            value = os.environ[key]
        elif not equals or not key.strip():
            # It is not shown: it may be a part of a secret that goes on over several lines.
            raise click.UsageError(f"{where}: this is no KEY=VALUE.")
        found[key.strip()] = value
    return found or None


def _text(file: Path) -> str:
    from canfar.cli.asking import text_of  # noqa: PLC0415 - only with --env-file

    return text_of(file.read_bytes(), str(file))


def random_name() -> str:
    """Return a name that a session can have, easy to say and unlikely to be there already."""
    from secrets import choice, token_hex  # noqa: PLC0415 - only where no name was given

    return f"{choice(NAMES)}-{token_hex(2)}"


NAMES = (
    "bell", "cannon", "fleming", "herschel", "hogg", "hubble", "kepler", "leavitt", "maury",
    "messier", "mitchell", "payne", "plaskett", "rubin", "sagan", "sawyer", "shapley", "tinsley",
)  # fmt: skip
