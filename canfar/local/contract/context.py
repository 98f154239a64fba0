"""``GET /context``: the resources on offer (section 2.4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from canfar.local.contract.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar.local.contract.resources import Context, Offer
    from canfar.local.contract.world import Call

__all__ = ["context"]


def context(call: Call) -> Reply:
    """Tell what may be asked for.

    Args:
        call: The call.
    """
    settings = call.world.settings
    offered = settings.context
    most = settings.max_sessions
    if settings.generation.context == "file":
        return _file(offered)
    summary: dict[str, object] = {
        "cores": _offer(offered.cores),
        "memoryGB": _offer(offered.memory),
        "gpus": {"options": list(offered.gpus)},
    }
    if settings.generation.context == "full":
        # A number or a text, by where the server has it from.
        summary["maxInteractiveSessions"] = most if offered.limit_range else str(most)
    text = json.dumps(summary, separators=(",", ":"))
    return Reply(200, "application/json", text.encode())


def _file(offered: Context) -> Reply:
    """The bytes of the server's file, as servers before 1.0 sent them; its layout is assumed."""
    summary = {
        "cores": _defaults(offered.cores),
        "memoryGB": _defaults(offered.memory),
        "gpus": {"options": list(offered.gpus)},
    }
    return Reply(200, "application/json", f"{json.dumps(summary, indent=2)}\n".encode())


def _defaults(offer: Offer) -> Mapping[str, int | list[int]]:
    return {
        "default": offer.default,
        "defaultHeadless": offer.default_headless,
        "options": list(offer.options),
    }


def _offer(offer: Offer) -> Mapping[str, int | list[int]]:
    return {
        "default": offer.default,
        "defaultRequest": offer.default_request,
        "defaultLimit": offer.default_limit,
        "options": list(offer.options),
    }
