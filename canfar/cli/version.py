"""``canfar version``."""

from __future__ import annotations

from typing import Final

import click

from canfar import __version__
from canfar.cli.output import output_option, print_data

__all__ = ["command"]


EXAMPLES: Final = """\b
Examples:
  canfar version
  canfar version -o json
"""


@click.command(name="version", epilog=EXAMPLES)
@output_option
def command() -> None:
    """Print the version."""
    data = {"name": "canfar", "version": __version__}
    print_data(data, lambda: f"canfar {__version__}", lambda each: each["version"])
