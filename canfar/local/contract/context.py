"""``GET /context``: the resources on offer (section 2.4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from canfar.local.contract.messages import Reply

if TYPE_CHECKING:
    from canfar.local.contract.resources import Offer
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
    summary = {
        "cores": _offer(offered.cores),
        "memoryGB": _offer(offered.memory),
        "gpus": {"options": list(offered.gpus)},
        # A number or a text, by where the server has it from.
        "maxInteractiveSessions": most if offered.limit_range else str(most),
    }
    text = json.dumps(summary, separators=(",", ":"))
    return Reply(200, "application/json", text.encode())


def _offer(offer: Offer) -> dict[str, int | list[int]]:
    return {
        "default": offer.default,
        "defaultRequest": offer.default_request,
        "defaultLimit": offer.default_limit,
        "options": list(offer.options),
    }
