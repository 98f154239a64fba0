"""Where canfar's own log goes: to standard error as far as is asked for, and to a file."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Final

from canfar.errors import InvalidSetting

if TYPE_CHECKING:
    from canfar.cli.state import State

__all__ = ["configure", "forget"]

FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOGGERS: Final = ("canfar", "httpx")
"""httpx names each request and its answer, without what is secret."""


def configure(state: State) -> None:
    """Log as this run of the command was asked to.

    Raises:
        InvalidSetting: The file cannot be written.
    """
    forget()
    shown = logging.StreamHandler(sys.stderr)
    shown.setLevel((state.log_level or "warning").upper())
    handlers: list[logging.Handler] = [shown]
    if state.log_file is not None:
        try:
            handlers.append(logging.FileHandler(state.log_file, encoding="utf-8"))
        except OSError as error:
            raise InvalidSetting(f"the log file cannot be written: {error}") from None
    for handler in handlers:
        handler.setFormatter(logging.Formatter(FORM))
    for logger in map(logging.getLogger, LOGGERS):
        for handler in handlers:
            logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False


def forget() -> None:
    """Take back what was configured."""
    for logger in map(logging.getLogger, LOGGERS):
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
