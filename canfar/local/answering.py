"""One request, answered: what the server and the in-process transport have in common."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from canfar.local.contract.messages import Reply
from canfar.local.contract.skaha import handle

if TYPE_CHECKING:
    from canfar.local.contract.messages import Request
    from canfar.local.contract.world import World

__all__ = ["Runner", "answer"]

_LOGGER: Final = logging.getLogger("canfar.local")


class Runner(Protocol):
    """What answering needs of whatever runs the commands."""

    def refresh(self) -> None:
        """Report what has ended up to this moment."""
        ...


def answer(request: Request, world: World, runner: Runner) -> Reply:
    """Answer a request, whatever happens.

    Args:
        request: The request.
        world: The platform that answers.
        runner: What runs its commands.
    """
    runner.refresh()
    try:
        return handle(request, world)
    except Exception:
        _LOGGER.exception("a request made canfar.local fail")
        text = b"canfar.local failed on this request, which is a mistake of its own.\n"
        return Reply(500, "text/plain", text, (("server", "canfar.local"),))
