"""``canfar version``."""

from __future__ import annotations

import sys

import click

from canfar import __version__

__all__ = ["command"]


@click.command(name="version")
def command() -> None:
    """Print the version."""
    sys.stdout.write(f"canfar {__version__}\n")
