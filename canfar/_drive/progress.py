"""Show how far a batch is: a board in a notebook that is kept up, lines on stderr elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from canfar.pictures.board import board_html, board_text

if TYPE_CHECKING:
    from canfar.pictures.board import Snapshot

__all__ = ["Board", "Lines", "in_notebook"]


CLEAR: Final = "\r\x1b[2K"
"""Goes back to the beginning of a terminal's line and empties it."""


def in_notebook() -> bool:
    """Whether what is displayed can be changed later: in a notebook, not in a terminal."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython  # noqa: PLC0415 - loaded already

    return hasattr(get_ipython(), "kernel")


class Board:
    """A board in a notebook.

    Args:
        snapshot: What it shows first.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        from IPython import display  # noqa: PLC0415 - a notebook has it

        show: Any = display.display  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        self._handle: Any = show(_bundle(snapshot), raw=True, display_id=True)

    def show(self, snapshot: Snapshot) -> None:
        """Show something newer in its place."""
        self._handle.update(_bundle(snapshot), raw=True)


class Lines:
    """Lines on stderr: one in its place on a terminal, one for each change elsewhere."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, snapshot: Snapshot) -> None:
        """Tell of something newer."""
        headline, *rest = board_text(snapshot).split("\n")
        said = rest[0] if rest else headline
        terminal = sys.stderr.isatty()
        if terminal and not snapshot.finished:
            sys.stderr.write(f"{CLEAR}{snapshot.name} {said}")
        elif said != self._last:
            shown = "\n".join([headline, *rest]) if snapshot.finished else f"{snapshot.name} {said}"
            sys.stderr.write(f"{CLEAR if terminal else ''}{shown}\n")
        self._last = said
        sys.stderr.flush()


def _bundle(snapshot: Snapshot) -> dict[str, str]:
    return {"text/html": board_html(snapshot), "text/plain": board_text(snapshot)}
