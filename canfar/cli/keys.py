"""Keys that are pressed while something else is shown."""

from __future__ import annotations

import os
import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Keys"]

NAP: Final = 0.05


class Keys:
    """Reads keys as they are pressed, without waiting for the end of a line.

    The terminal is as it was when the ``with`` block ends, however it does.
    """

    def __enter__(self) -> Self:
        self._before: Any = None
        if sys.platform != "win32":
            import termios  # noqa: PLC0415 - Windows has none
            import tty  # noqa: PLC0415 - the same

            self._screen = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._screen)
            tty.setcbreak(self._screen)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if sys.platform != "win32":
            import termios  # noqa: PLC0415 - Windows has none

            termios.tcsetattr(self._screen, termios.TCSADRAIN, self._before)

    def waited_for(self, wanted: str, seconds: float) -> bool:
        """Wait; return True as soon as one of some keys is pressed, or nobody is there any more.

        Args:
            wanted: The keys.
            seconds: How long to wait.
        """
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            key = self._next(left)
            if key is not None and (not key or key in wanted):
                return True
        return False

    def _next(self, seconds: float) -> str | None:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - only Windows has it

            if msvcrt.kbhit():
                return msvcrt.getwch()
            sleep(min(seconds, NAP))
            return None
        import select  # noqa: PLC0415 - as a terminal needs it

        if not select.select([self._screen], [], [], seconds)[0]:
            return None
        return os.read(self._screen, 1).decode("latin-1")
