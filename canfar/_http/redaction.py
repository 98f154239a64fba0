"""Keep secrets out of what the libraries below log at DEBUG: they log replies' headers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from canfar._secrets import hide

if TYPE_CHECKING:
    from collections.abc import Iterable

# A filter holds for the logger it is on and not for those below it.
LOGGERS: Final = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)


class Redacting(logging.Filter):
    """Takes secrets out of log records."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without secrets."""
        message = record.getMessage()
        clean = hide(message, self.secrets)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


REDACTING: Final = Redacting()


def keep_out_of_logs(secrets: Iterable[str]) -> None:
    """Take these secrets out of whatever the HTTP libraries log from now on."""
    REDACTING.secrets.update(secrets)
    for name in LOGGERS:
        # Adding a filter twice adds it once.
        logging.getLogger(name).addFilter(REDACTING)
