"""The order in which sessions are listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canfar.models.session import SessionRecord

__all__ = ["by_name"]


def by_name(record: SessionRecord) -> tuple[list[tuple[int, str]], str]:
    """Return what sorts sessions by name, replica 2 before replica 10."""
    parts = re.findall(r"\d+|\D+", record.name)
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts], record.id
