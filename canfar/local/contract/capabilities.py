"""``GET /skaha/capabilities``: VOSI, for anybody (section 5.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canfar.local.contract.messages import Reply

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["capabilities"]

_ROOT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>',
    (
        '<vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0"'
        ' xmlns:vr="http://www.ivoa.net/xml/VOResource/v1.0"'
        ' xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    ),
)
_FULL: Final = (
    ("ivo://ivoa.net/std/VOSI#capabilities", "/skaha/capabilities"),
    ("ivo://ivoa.net/std/VOSI#availability", "/skaha/availability"),
    ("vos://cadc.nrc.ca~vospace/CADC/std/Logging#control-1.0", "/skaha/logControl"),
)
_BASE: Final = (
    # The server still names the base of a generation ago here.
    ("vos://cadc.nrc.ca~vospace/CADC/std/Proc#sessions-1.0", "/skaha/v0"),
    ("http://www.opencadc.org/std/platform#session-1", "/skaha/v1/session"),
    ("http://www.opencadc.org/std/platform#context-1", "/skaha/v1/context"),
    ("http://www.opencadc.org/std/platform#image-1", "/skaha/v1/image"),
    ("http://www.opencadc.org/std/platform#repository-1", "/skaha/v1/repository"),
)
_BEARER_METHOD: Final = '      <securityMethod standardID="ivo://ivoa.net/sso#token" />'


def capabilities(call: Call) -> Reply:
    """List the resources.

    The port is part of each URL, which the real server drops: without it nothing here would be
    found.

    Args:
        call: The call.
    """
    base = call.world.settings.base_url
    # Assumed: with v0 there was no other resource than the one that is still named today.
    versioned = _BASE[:1] if call.world.settings.generation.version == "v0" else _BASE
    lines = list(_ROOT)
    for standard, path in _FULL:
        lines += _capability(standard, _interface(base + path, "full"))
    for standard, path in versioned:
        # The interfaces of methods that the platform lacks stay, without their method.
        url = base + path
        interfaces = _interface(url, "base") * 2 + _interface(url, "base", _BEARER_METHOD)
        lines += _capability(standard, interfaces)
    lines += ["</vosi:capabilities>", ""]
    return Reply(200, "text/xml", "\r\n".join(lines).encode())


def _capability(standard: str, interfaces: list[str]) -> list[str]:
    return [f'  <capability standardID="{standard}">', *interfaces, "  </capability>"]


def _interface(url: str, use: str, *methods: str) -> list[str]:
    return [
        '    <interface xsi:type="vs:ParamHTTP" role="std" version="1.0">',
        f'      <accessURL use="{use}">{url}</accessURL>',
        *methods,
        "    </interface>",
    ]
