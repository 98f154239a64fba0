"""Print data: tables for people, JSON, YAML or names for programs; always to standard output."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import frozen

from canfar.cli.state import state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "SESSION_FIELDS",
    "Column",
    "as_yaml",
    "columns_of",
    "note",
    "output_of",
    "output_option",
    "print_data",
    "print_rows",
    "table",
    "write",
]

FORMATS: Final = ("json", "yaml", "jsonl", "wide", "name")
SESSION_FIELDS: Final = "id, name, type, status, image, startTime and what else the server says"
GAP: Final = 2
NARROWEST: Final = 12
"""Characters that a column keeps however narrow the terminal."""


@frozen
class Column:
    """A column of a table.

    Attributes:
        heading: What stands above it.
        cell: Makes the text for a row.
        wide: Whether only ``-o wide`` shows it.
        shrinks: Whether it gives way where the terminal is narrow, the last one first; its end
            stays.
        spare: Where that is not enough, columns are left out, those with the highest number first,
            of equals the last; 0 for one that stays. With ``-o wide`` all stay.
        paint: Gives a cell its colour.
        wraps: Whether it goes on in further lines where the terminal is narrow; for the last one.
    """

    heading: str
    cell: Callable[[Any], str]
    wide: bool = False
    shrinks: bool = False
    spare: int = 0
    paint: Callable[[str], str] | None = None
    wraps: bool = False


def output_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``-o FORMAT``, and the spellings ``--json`` and ``--yaml``."""
    return output_of("")(function)


def output_of(fields: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command what :func:`output_option` gives it, and say what it is for programs.

    Args:
        fields: What each item has: fields of ours, or the server's.
    """

    def remember(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            state().output = value

    def flag(word: str) -> Callable[..., Any]:
        return click.option(
            f"--{word}",
            f"as_{word}",
            flag_value=word,
            callback=remember,
            # Before the others, so that what is wrong with one of them is said as it was asked for.
            is_eager=True,
            expose_value=False,
            hidden=True,
        )

    options = (
        click.option(
            "-o",
            "--output",
            type=click.Choice(FORMATS),
            callback=remember,
            # Before the others, so that what is wrong with one of them is said as it was asked for.
            is_eager=True,
            expose_value=False,
            help="Print data for programs, more columns, or just names."
            + (f" Fields: {fields}." if fields else ""),
        ),
        flag("json"),
        flag("yaml"),
    )

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def print_data(
    data: Any, shown: Callable[[], str], name: Callable[[Any], str] | None = None
) -> None:
    """Print data as it was asked for.

    Args:
        data: Plain dicts, lists and values, for programs.
        shown: Makes the text for people.
        name: Names an item, where it is not called "name" or "id".
    """
    items: list[Any] = data if isinstance(data, list) else [data]  # pyright: ignore[reportUnknownVariableType] - plain data of any kind
    match state().output:
        case "json":
            text = json.dumps(data, indent=2, ensure_ascii=False)
        case "jsonl":
            text = "\n".join(json.dumps(item, ensure_ascii=False) for item in items)
        case "yaml":
            text = as_yaml(data)
        case "name":
            text = "\n".join((name or _name)(item) for item in items)
        case _:
            text = shown()
    write(text)


def print_rows(
    rows: Sequence[Any],
    columns: Sequence[Column],
    *,
    data: Callable[[Any], Any],
    name: Callable[[Any], str] | None = None,
    empty: str = "",
) -> None:
    """Print a list: a table for people, and the same columns separated by tabs in a pipe.

    Args:
        rows: What the list has.
        columns: What is shown of each.
        data: Makes plain data of one, for programs.
        name: Names one, from its plain data.
        empty: What is said to people, on standard error, when there is nothing.
    """
    shown = [c for c in columns if not c.wide or state().output == "wide"]

    def text() -> str:
        if not rows and sys.stdout.isatty():
            note(empty)
            return ""
        return columns_of(shown, rows)

    print_data([data(row) for row in rows], text, name)


def write(text: str) -> None:
    """Write text and the end of its line to standard output."""
    if text:
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()


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
    columns = [Column(heading, str, shrinks=len(heading) == 0) for heading in headings]
    return _table(columns, [list(row) for row in rows])


def columns_of(columns: Sequence[Column], rows: Sequence[Any]) -> str:
    """Return rows as a table."""
    return _table(columns, [[column.cell(row) for column in columns] for row in rows])


def note(*sentences: str) -> None:
    """Say something beside the data, on standard error, unless only data is wanted."""
    if state().quiet:
        return
    for sentence in sentences:
        if sentence:
            sys.stderr.write(sentence.rstrip("\n") + "\n")
            sys.stderr.flush()


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    if not sys.stdout.isatty():
        headings = [column.heading for column in columns]
        plain = [[cell.replace("\t", " ").replace("\n", " ") for cell in row] for row in rows]
        return "\n".join("\t".join(line) for line in [headings, *plain])
    columns, headings, rows = _that_fit(columns, rows)
    widths = _widths(headings, rows)
    _shrink(columns, widths)
    lines = ["".join(_fit(h, w, None) for h, w in zip(headings, widths, strict=True))]
    for row in rows:
        for part in _parts(columns, widths, row):
            cells = zip(part, widths, columns, strict=True)
            lines.append("".join(_fit(cell, w, column.paint) for cell, w, column in cells))
    return "\n".join(line.rstrip() for line in lines)


def _parts(
    columns: Sequence[Column], widths: Sequence[int], row: Sequence[str]
) -> list[Sequence[str]]:
    """Return the lines that a row takes: one, or as many as its last cell does."""
    if not columns[-1].wraps or (len(row[-1]) <= widths[-1] and "\n" not in row[-1]):
        return [row]
    from textwrap import wrap  # noqa: PLC0415 - only what does not fit

    lines = row[-1].split("\n")
    first, *more = [part for line in lines for part in wrap(line, widths[-1]) or [""]]
    return [[*row[:-1], first], *([*[""] * (len(row) - 1), part] for part in more)]


def _widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    # Names, kinds and images are ASCII (protocol notes 1.4, facts of Skaha 1.4): a character
    # is a cell.
    return [max(map(len, cells)) for cells in zip(headings, *rows, strict=True)]


def _that_fit(
    columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> tuple[Sequence[Column], list[str], Sequence[Sequence[str]]]:
    """Leave out the columns that the terminal has no room for, even when others shrink."""
    left = list(columns)
    while True:
        places = [columns.index(column) for column in left]
        kept = [[row[place] for place in places] for row in rows]
        headings = [column.heading for column in left]
        widths = _widths(headings, kept)
        _shrink(left, widths)
        spare = max(reversed(left), key=lambda column: column.spare)
        every = state().output == "wide"
        if every or not spare.spare or sum(widths) + GAP * (len(widths) - 1) <= _room():
            return left, headings, kept
        left.remove(spare)


def _room() -> int:
    return shutil.get_terminal_size().columns


def _shrink(columns: Sequence[Column], widths: list[int]) -> None:
    over = sum(widths) + GAP * (len(widths) - 1) - _room()
    for index, column in reversed(list(enumerate(columns))):
        if over > 0 and (column.shrinks or column.wraps):
            taken = min(over, max(0, widths[index] - max(NARROWEST, len(column.heading))))
            widths[index] -= taken
            over -= taken


def _fit(cell: str, width: int, paint: Callable[[str], str] | None) -> str:
    # Of a name that is too long its end says more: repositories begin alike.
    text = cell if len(cell) <= width else f"…{cell[len(cell) - width + 1 :]}"
    space = " " * (width - len(text) + GAP)
    return (paint(text) if paint and text.strip() else text) + space


def _name(item: Any) -> str:
    if isinstance(item, dict):
        return str(item.get("name") or item.get("id") or "")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return str(item)
