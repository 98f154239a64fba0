"""Ctrl-C that falls into a finaliser is not lost."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["never_lost"]

SOON: Final = 0.05
"""Seconds after which an interrupt comes again; the finaliser has ended by then."""


@contextmanager
def never_lost() -> Generator[None]:
    """Have an interrupt come again where Python would only print that it was ignored.

    What a finaliser raises cannot reach who waits for it, and at the moment when Ctrl-C is pressed
    one may run: of a file, of a lock, of anything.
    """
    before = sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            _again()
        else:
            before(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


def _again() -> None:
    from threading import Timer  # noqa: PLC0415 - only who is interrupted needs it

    # Later, because now it would be raised in here, where it is ignored too.
    timer = Timer(SOON, _interrupt)
    timer.daemon = True
    timer.start()


def _interrupt() -> None:
    if sys.platform == "win32":
        from _thread import interrupt_main  # noqa: PLC0415 - the same

        interrupt_main()
    else:
        import signal  # noqa: PLC0415 - the same
        from threading import main_thread  # noqa: PLC0415 - the same

        # To the main thread by name: it may wait, and another's signal would not wake it.
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
