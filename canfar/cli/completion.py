"""What a shell completes words with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

__all__ = ["complete_kinds"]


def complete_kinds(_context: click.Context, _parameter: click.Parameter, word: str) -> list[str]:
    """Return the kinds that begin with a word."""
    from canfar.models.types import CREATABLE_KINDS  # noqa: PLC0415 - only to complete

    return [kind for kind in CREATABLE_KINDS if kind.startswith(word.lower())]
