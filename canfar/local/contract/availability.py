"""``GET /skaha/availability``: VOSI, for anybody (section 5.8). It checks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canfar.local.contract.messages import Reply

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["availability"]

_LINES: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<vosi:availability xmlns:vosi="http://www.ivoa.net/xml/VOSIAvailability/v1.0">',
    "  <vosi:available>true</vosi:available>",
    "  <vosi:note>Skaha Service Available.",
    "",
    "Enabled Experimental Features:",
    " ExperimentalFeatures{featureGates={}}</vosi:note>",
    "  <!--<clientip>127.0.0.1</clientip>-->",
    "</vosi:availability>",
    "",
)


def availability(call: Call) -> Reply:
    """Say that the service is there; nothing at all with ``detail=min``.

    Args:
        call: The call.
    """
    if call.parameters.first("detail") == "min":
        return Reply(200)
    return Reply(200, "text/xml", "\r\n".join(_LINES).encode())
