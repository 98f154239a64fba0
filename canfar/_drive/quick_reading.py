"""Read a long reply without the generated models, which take most of the time it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from canfar._drive.saving import is_wanted, saved

if TYPE_CHECKING:
    import httpx

    from canfar._core.steps import Call, Reply


def quickly_read(call: Call[Any], response: httpx.Response) -> Reply:
    """Return the reply as the call reads it; whatever is odd is the operation's to read."""
    if call.read is not None and is_wanted(response, "application/json"):
        try:
            return saved(response, call.read(response.content))
        except (TypeError, ValueError):
            pass  # the models say what is wrong with it
    return call.operation.build_response(response)
