"""Sessions as a table, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from canfar.cli.colour import painted_status
from canfar.cli.output import Column, print_rows
from canfar.cli.times import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.models.session import SessionRecord

__all__ = ["COLUMNS", "print_sessions"]


def _used(used: float | None, asked: float | None) -> str:
    if used is None and asked is None:
        return ""
    return f"{'-' if used is None else f'{used:.2g}'}/{'-' if asked is None else f'{asked:g}'}"


COLUMNS: Final = (
    Column("ID", lambda r: r.id),
    Column("NAME", lambda r: r.name, shrinks=True),
    Column("KIND", lambda r: r.kind, spare=1),
    Column("STATUS", lambda r: r.status, paint=painted_status),
    Column("STARTED", lambda r: moment(r.start_time), spare=2),
    Column("ENDS", lambda r: moment(r.expiry_time), wide=True, spare=4),
    Column("CORES", lambda r: _used(r.cores_in_use, r.requested_cores), wide=True, spare=4),
    Column("RAM GB", lambda r: _used(r.ram_in_use, r.requested_ram), wide=True, spare=4),
    Column("GPUS", lambda r: str(r.requested_gpus or ""), wide=True, spare=4),
    Column("IMAGE", lambda r: r.image, shrinks=True, spare=3),
)


def print_sessions(records: Sequence[SessionRecord], *, empty: str) -> None:
    """Print sessions; for programs, with the server's own names and values."""
    print_rows(records, COLUMNS, data=_data, empty=empty)


def _data(record: SessionRecord) -> dict[str, Any]:
    return dict(record)
