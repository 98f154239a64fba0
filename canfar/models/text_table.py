"""Records as a table of text, or of HTML in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@frozen
class Column:
    """A heading, and how to get the text below it from a record."""

    heading: str
    cell: Callable[[Any], str]


def as_text(columns: Sequence[Column], records: Iterable[Any]) -> str:
    """Return the records in aligned columns, one line each, under a line of headings."""
    rows = [[column.heading for column in columns]]
    rows += [[column.cell(record) for column in columns] for record in records]
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    lines = ("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def as_html(columns: Sequence[Column], records: Iterable[Any]) -> str:
    """Return the records as an HTML table; what a server sent is escaped."""
    from html import escape  # noqa: PLC0415 - only notebooks need it

    head = "".join(f"<th>{escape(column.heading)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(column.cell(r))}</td>" for column in columns) + "</tr>"
        for r in records
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
