"""``GET /session?view=stats``: how full the platform is (section 2.3).

``…Available`` is the whole capacity, not what is free; that is what the server sends.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from canfar.local.contract.lifecycle import active
from canfar.local.contract.messages import Reply
from canfar.local.contract.problems import UnavailableError, UnexpectedError
from canfar.local.contract.resources import gigabytes

if TYPE_CHECKING:
    from canfar.local.contract.session import Session
    from canfar.local.contract.world import Call

__all__ = ["stats"]


def stats(call: Call) -> Reply:
    """Sum up what is reserved.

    Args:
        call: The call.

    Raises:
        UnavailableError: The platform has no metrics, as the real one has none unless set up.
        UnexpectedError: The same on older servers.
    """
    settings = call.world.settings
    older = settings.generation.counts_instances
    if not settings.metrics and older:
        # Assumed: the class of the exception, of which only the end of the sentence is known.
        raise UnexpectedError(
            "java.lang.IllegalStateException: failed to gather resource statistics"
        )
    if not settings.metrics:
        raise UnavailableError
    context = settings.context
    sessions = [one for one in call.world.store if active(one) and one.deleted_at is None]
    busy = [one.resources for one in sessions]
    # The server spells this one in GiB either way, but the unit says so only in one of them.
    most_ram = f"{context.memory.default_limit}Gi"
    most_cores = float(context.cores.default_limit)
    if context.limit_range or older:
        # Older servers name their biggest node; assumed: as big as the most that is on offer.
        most_ram = f"{max(context.memory.options)}G"
        most_cores = float(max(context.cores.options))
    summary: dict[str, object] = {"instances": _instances(sessions)} if older else {}
    summary |= {
        "cores": {
            "requestedCPUCores": round(float(sum(one.cores for one in busy)), 3),
            "cpuCoresAvailable": settings.capacity_cores,
            "maxCPUCores": {"cpuCores": most_cores, "withRam": most_ram},
        },
        "ram": {
            "requestedRAM": _decimal(sum(one.ram for one in busy)),
            "ramAvailable": _decimal(settings.capacity_ram),
            "maxRAM": {"ram": most_ram, "withCPUCores": most_cores},
        },
    }
    return Reply(200, "application/json", json.dumps(summary, indent=2).encode())


def _instances(sessions: list[Session]) -> dict[str, int]:
    apps = sum(one.app_id is not None for one in sessions)
    headless = sum(one.headless for one in sessions)
    return {
        "session": len(sessions) - apps - headless,
        "desktopApp": apps,
        "headless": headless,
        "total": len(sessions),
    }


def _decimal(gib: float) -> str:
    """Decimal GB with at most three digits after the point."""
    text = gigabytes(gib, 3).rstrip("0").rstrip(".")
    return f"{text}G"
