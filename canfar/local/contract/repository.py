"""``GET /repository``: the registries that images may come from (section 2.6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from canfar.local.contract.messages import Reply

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["repository"]


def repository(call: Call) -> Reply:
    """List the registries' hosts.

    Args:
        call: The call.
    """
    text = json.dumps(list(call.world.settings.registries), separators=(",", ":"))
    return Reply(200, "application/json", text.encode())
