"""Session and app IDs (section 3.2): letters and digits, a letter first."""

from __future__ import annotations

import random
import string
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["Ids"]

_ALPHABET: Final = string.ascii_lowercase + string.digits
_SESSION_LENGTH: Final = 8
_APP_LENGTH: Final = 3


class Ids:
    """A source of IDs that were never used before.

    Args:
        seed: The same seed gives the same IDs in the same order; None gives others each time.

    Example:
        >>> Ids(1).session_id(()) == Ids(1).session_id(())
        True
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - names, not secrets: the token guards

    def session_id(self, taken: Container[str]) -> str:
        """Eight characters that are not taken."""
        return self._fresh(_SESSION_LENGTH, taken)

    def app_id(self, taken: Container[str]) -> str:
        """Three characters that are not taken."""
        return self._fresh(_APP_LENGTH, taken)

    def _fresh(self, length: int, taken: Container[str]) -> str:
        while True:
            first = self._random.choice(string.ascii_lowercase)
            candidate = first + "".join(self._random.choices(_ALPHABET, k=length - 1))
            if candidate not in taken:
                return candidate
