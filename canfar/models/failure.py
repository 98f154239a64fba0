"""Why a session failed, as far as anybody says."""

from __future__ import annotations

from typing import Final

from attrs import frozen

__all__ = ["CAUSES", "Failure"]

CAUSES: Final = (
    "exit code",
    "out of memory",
    "deadline",
    "image pull",
    "not scheduled",
    "could not start",
    "evicted",
    "not started",
    "gone",
    "unknown",
)
"""The words for causes: "not started" is a create that the server refused, "gone" a session that
the server knows no longer and never said how it ended, "unknown" one that nobody explains."""


@frozen(kw_only=True)
class Failure:
    """Why a session failed: facts only, "unknown" where there are none.

    Attributes:
        cause: One of :data:`CAUSES`.
        text: The same as a sentence.
        exit_code: The exit code of its program, None where nobody says it. Skaha 1.4 does not
            (protocol notes 2.7 and 2.8), though its events may.
        evidence: The line of its events or of its log that says so, or an empty string.

    Example:
        >>> from canfar.models.failure import Failure
        >>> print(Failure(cause="exit code", text="its program ended with exit code 3"))
        its program ended with exit code 3
    """

    cause: str
    text: str
    exit_code: int | None = None
    evidence: str = ""

    def __str__(self) -> str:
        if not self.evidence or self.evidence in self.text:
            return self.text
        return f"{self.text}: {self.evidence}"
