"""``GET /image``: the public images (sections 1.12 and 2.5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from canfar.local.contract.messages import Reply
from canfar.local.contract.problems import BadRequestError
from canfar.local.contract.settings import KINDS

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["images"]


def images(call: Call) -> Reply:
    """List the images, or those of one type.

    Args:
        call: The call.

    Raises:
        BadRequestError: The server knows no such type; case counts here, and nothing is no type.
    """
    kind = call.parameters.first("type")
    if kind is not None and kind not in KINDS:
        raise BadRequestError(f"unknown type: {kind}")
    found = [
        {"id": image.id, "types": list(image.types), "digest": image.digest}
        for image in call.world.settings.images
        if kind is None or kind in image.types
    ]
    text = json.dumps(found, indent=2, ensure_ascii=False)
    return Reply(200, "application/json", text.encode())
