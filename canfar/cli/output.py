"""Print data: tables for people, JSON or YAML for programs; and always to standard output."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from canfar.cli.state import state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["as_yaml", "note", "output_option", "print_data", "table"]


def output_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``-o json|yaml``, and the spellings ``--json`` and ``--yaml``."""

    def remember(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            state().output = value

    options = (
        click.option(
            "-o",
            "--output",
            type=click.Choice(["json", "yaml"]),
            callback=remember,
            expose_value=False,
            help="Print data for programs.",
        ),
        click.option(
            "--json",
            "as_json",
            flag_value="json",
            callback=remember,
            expose_value=False,
            hidden=True,
        ),
        click.option(
            "--yaml",
            "as_yaml",
            flag_value="yaml",
            callback=remember,
            expose_value=False,
            hidden=True,
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def print_data(data: Any, shown: Callable[[], str]) -> None:
    """Print data as it was asked for.

    Args:
        data: Plain dicts, lists and values, for programs.
        shown: Makes the text for people.
    """
    match state().output:
        case "json":
            text = json.dumps(data, indent=2, ensure_ascii=False)
        case "yaml":
            text = as_yaml(data)
        case _:
            text = shown()
    if text:
        sys.stdout.write(text.rstrip("\n") + "\n")


def as_yaml(data: Any) -> str:
    """Return data as YAML."""
    from io import StringIO  # noqa: PLC0415 - only for YAML

    from ruamel.yaml import YAML  # noqa: PLC0415 - the same

    out = StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(data, out)
    # A value alone is followed by the mark of a document's end.
    return out.getvalue().removesuffix("...\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows in columns under headings; separated by tabs when no terminal reads them."""
    lines = [list(headings), *(list(row) for row in rows)]
    if not sys.stdout.isatty():
        return "\n".join("\t".join(line) for line in lines)
    widths = [max(len(line[i]) for line in lines) for i in range(len(headings))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def note(*sentences: str) -> None:
    """Say something beside the data, on standard error."""
    for sentence in sentences:
        if sentence:
            sys.stderr.write(sentence.rstrip("\n") + "\n")
