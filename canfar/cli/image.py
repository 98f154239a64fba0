"""``canfar image``: what there is to run."""

from __future__ import annotations

import sys
from typing import Any, Final

import click
from attrs import asdict

from canfar.cli.client import open_client
from canfar.cli.commands import SETTINGS
from canfar.cli.completion_cache import keep
from canfar.cli.lazy import LazyGroup
from canfar.cli.output import Column, output_of, print_rows
from canfar.cli.state import state
from canfar.models.types import KINDS

__all__ = ["command", "list_images"]

EXAMPLES: Final = """\b
Examples:
  canfar image ls
  canfar image ls --kind notebook -o name
"""

COLUMNS: Final = (
    Column("IMAGE", lambda image: image.id, shrinks=True),
    Column("KINDS", lambda image: ",".join(image.types)),
    Column("DIGEST", lambda image: image.digest or "", wide=True, shrinks=True),
)


@click.command(
    name="image",
    cls=LazyGroup,
    context_settings=SETTINGS,
    places={"ls": ("canfar.cli.image:list_images", "List the public images.")},
    aliases={"list": "ls"},
)
def command() -> None:
    """Find out which images there are."""


@click.command(name="ls", epilog=EXAMPLES)
@click.option(
    "-k", "--kind", metavar="KIND", type=click.Choice(KINDS, case_sensitive=False),
    help=f"Only those made for this kind: {', '.join(KINDS)}.",
)  # fmt: skip
@output_of("id, types, digest")
def list_images(*, kind: str | None) -> None:
    """List the public images, and the kinds of session that each is made for.

    An image that is not in the list can be run too, if it is in a registry that the platform
    trusts (canfar repository ls).
    """
    from canfar.images import Images  # noqa: PLC0415 - help needs it not

    with open_client(Images) as images:
        found = images.details(kind)
    if kind is None and sys.stderr.isatty():
        keep("images", state().server, [[image.id, *image.types] for image in found])
    found.sort(key=lambda image: image.id)
    print_rows(found, COLUMNS, data=_data, empty="There is no such image.")


def _data(image: Any) -> dict[str, Any]:
    return {**asdict(image), "types": list(image.types)}
