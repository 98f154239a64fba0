"""What became of sessions, as an exit code: shared by ``create --wait``, ``run`` and ``wait``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.cli.exit_codes import DONE, FAILED, PARTLY
from canfar.cli.output import note
from canfar.models.session import GONE
from canfar.models.status import has_failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.models.session import SessionRecord

__all__ = ["code_of_outcome", "went_badly"]


def code_of_outcome(records: Sequence[SessionRecord], *, lost: int = 0) -> int:
    """Say which sessions failed, and return the exit code for all of them.

    Args:
        records: The sessions, as they were last seen.
        lost: How many were to be among them and could not be started.
    """
    bad = [record for record in records if went_badly(record)]
    for record in bad:
        note(f"{record.name or record.id} ({record.id}): {record.status}")
    if len(bad) == len(records):
        return FAILED if records or lost else DONE
    return PARTLY if bad or lost else DONE


def went_badly(record: SessionRecord) -> bool:
    """Whether a session failed, or vanished without anybody saying how it ended."""
    return record.status == GONE or has_failed(record.status)
