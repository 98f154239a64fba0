"""The plans of all methods, each loaded when it is first used.

Importing the client so costs little more than importing httpx does: a script that only parses its
arguments, or prints its help, does not pay for plans it never makes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from canfar._core.apps import apps, attach, detach
    from canfar._core.bulk import policy
    from canfar._core.connect import connect
    from canfar._core.create import as_request, create, if_known
    from canfar._core.destroy import destroy, destroy_with
    from canfar._core.fetch import fetch
    from canfar._core.follow import follow
    from canfar._core.info import info
    from canfar._core.logs_and_events import download_logs, events, logs
    from canfar._core.platform import availability, image_names, images, registries, resources
    from canfar._core.preview import preview
    from canfar._core.renew import renew
    from canfar._core.sealed import sealed
    from canfar._core.stats import stats
    from canfar._core.wait import wait
    from canfar._core.watch import watch

__all__ = [
    "apps",
    "as_request",
    "attach",
    "availability",
    "connect",
    "create",
    "destroy",
    "destroy_with",
    "detach",
    "download_logs",
    "events",
    "fetch",
    "follow",
    "if_known",
    "image_names",
    "images",
    "info",
    "logs",
    "policy",
    "preview",
    "registries",
    "renew",
    "resources",
    "sealed",
    "stats",
    "wait",
    "watch",
]

MODULES: Final = {
    "as_request": "create",
    "attach": "apps",
    "availability": "platform",
    "destroy_with": "destroy",
    "detach": "apps",
    "if_known": "create",
    "download_logs": "logs_and_events",
    "events": "logs_and_events",
    "image_names": "platform",
    "images": "platform",
    "logs": "logs_and_events",
    "policy": "bulk",
    "registries": "platform",
    "resources": "platform",
}
"""Where a plan is that does not stand in the module of its own name."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    plan = getattr(import_module(f"canfar._core.{MODULES.get(name, name)}"), name)
    globals()[name] = plan
    return plan
