"""Numbers, as people type them; what is none is said in their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from click import Context, Parameter

__all__ = ["Number", "Whole", "gigabytes", "number"]

GB: Final = re.compile(r"\s*gi?b?\s*$", re.IGNORECASE)


class Whole(click.IntRange):
    """A whole number, in a range."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> int:
        """Return it."""
        try:
            int(value)
        except ValueError:
            raise click.BadParameter(
                f"{value!r} is not a whole number; write 3, for instance."
            ) from None
        return super().convert(value, param, ctx)


class Number(click.FloatRange):
    """A number, in a range."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> float:
        """Return it."""
        number(value)
        return super().convert(value, param, ctx)


def number(text: str) -> float:
    """Return any number: the library knows better which make sense, and what to do instead.

    Raises:
        click.BadParameter: It is none.
    """
    try:
        return float(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a number; write 2, for instance.") from None


def gigabytes(text: str) -> float:
    """Return what ``4``, ``4G``, ``4GB`` or ``4Gi`` mean; the platform calls GiB GB.

    Raises:
        click.BadParameter: It is no such thing.
    """
    try:
        return float(GB.sub("", text))
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not a number of GB; write 4, for instance."
        ) from None
