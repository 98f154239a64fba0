"""The platform's statistics."""

from __future__ import annotations

from typing import Any

from skaha_client.api.sessions import list_sessions

from canfar._core.steps import Call, Plan, send_one


def stats() -> Plan[dict[str, Any]]:
    """Plan the call for the platform's statistics."""
    call: Call[dict[str, Any]] = Call(
        None,
        list_sessions,
        {"view": "stats"},
        lambda reply: reply.parsed.to_dict(),
        # A platform without metrics says 503 for ever (protocol notes 2.3, a fact of Skaha 1.4).
        once=True,
    )
    return (yield from send_one(call))
