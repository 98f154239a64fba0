"""Numbers, as people type them; what is none is said in their words."""

from __future__ import annotations

import re
from typing import Any, Final

import click

__all__ = ["GIGABYTES", "NUMBER", "Number", "Whole"]

GB: Final = re.compile(r"\s*gi?b?\s*$", re.IGNORECASE)


class Whole(click.IntRange):
    """A whole number, in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return it."""
        try:
            int(value)
        except ValueError:
            self.fail(f"{value!r} is not a whole number; write 3, for instance.", param, ctx)
        return super().convert(value, param, ctx)


class Number(click.FloatRange):
    """A number, in a range."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return it."""
        _number(self, value, value, "2", param, ctx)
        return super().convert(value, param, ctx)


class _Any(click.ParamType):
    """Any number: the library knows better which make sense, and what to do instead."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        return _number(self, value, value, "2", param, ctx)


class _Gigabytes(click.ParamType):
    """A number of GB, which may say so; the platform calls GiB that."""

    name = "GB"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        return _number(self, value, GB.sub("", str(value)), "4 for 4 GB", param, ctx)


NUMBER: Final = _Any()
GIGABYTES: Final = _Gigabytes()


def _number(
    kind: click.ParamType,
    value: Any,
    text: Any,
    instead: str,
    param: click.Parameter | None,
    ctx: click.Context | None,
) -> float:
    try:
        return float(text)
    except ValueError:
        kind.fail(f"{value!r} is not a number; write {instead}, for instance.", param, ctx)
