"""What a session's status says, in the words of any release of the server."""

from __future__ import annotations

from typing import Final

__all__ = ["SYNONYMS", "has_ended", "has_failed", "status_word"]

WELL: Final = frozenset({"completed", "succeeded"})
BADLY: Final = frozenset({"failed", "error"})

# Skaha up to 0.30 named the phases of pods (protocol notes, section 9).
SYNONYMS: Final = {"completed": WELL, "succeeded": WELL, "failed": BADLY, "error": BADLY}


def status_word(status: object) -> str:
    """Return a server's status in lower case, without the reason that Skaha 1.0.3 appends.

    Example:
        >>> status_word("Failed (BackoffLimitExceeded)")
        'failed'
    """
    return str(status or "").split("(", maxsplit=1)[0].strip().lower()


def has_failed(status: object) -> bool:
    """Whether a session with this status has ended badly."""
    return status_word(status) in BADLY


def has_ended(status: object) -> bool:
    """Whether a session with this status has ended, well or badly."""
    return status_word(status) in WELL | BADLY
