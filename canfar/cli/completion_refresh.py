"""``python -m canfar.cli.completion_refresh``: ask a server for what completion then offers.

Runs beside the shell, which waits for nothing.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from canfar.cli.completion_cache import keep, session_rows

if TYPE_CHECKING:
    from canfar.cli.completion_cache import Thing

__all__ = ["ask"]

DEADLINE_SECONDS: Final = 10


def ask(thing: Thing, server: str | None) -> None:
    """Ask for all there is of a thing, and keep it.

    Args:
        thing: What is wanted.
        server: The server to ask, None for the one that is chosen.
    """
    from canfar.images import Images  # noqa: PLC0415 - one of them is needed
    from canfar.sessions import Session  # noqa: PLC0415 - the same

    if _would_start_one(server):
        return
    if thing == "sessions":
        with Session(server=server, deadline=DEADLINE_SECONDS) as session:
            keep(thing, server, session_rows(session.fetch()))
    else:
        with Images(server=server, deadline=DEADLINE_SECONDS) as images:
            keep(thing, server, [[image.id, *image.types] for image in images.details()])


def _would_start_one(server: str | None) -> bool:
    """Whether asking would start a local platform: a key pressed in a shell must not."""
    from canfar import config  # noqa: PLC0415 - no other module of the command's needs it here

    if server is None and "CANFAR_URL" not in os.environ:
        server = config.load().active.server
    if server != "local":
        return False
    from canfar.local.joining import running  # noqa: PLC0415 - only for this server

    return running() is None


if __name__ == "__main__":
    ask("images" if sys.argv[1] == "images" else "sessions", sys.argv[2] or None)
