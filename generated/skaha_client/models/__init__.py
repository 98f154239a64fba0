"""What is sent and received. Each model is imported when it's first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .attach_desktop_app_body import AttachDesktopAppBody
    from .create_session_body import CreateSessionBody
    from .create_session_body_type import CreateSessionBodyType
    from .get_availability_detail import GetAvailabilityDetail
    from .get_session_view import GetSessionView
    from .image import Image
    from .list_desktop_apps_view import ListDesktopAppsView
    from .list_sessions_view import ListSessionsView
    from .platform_stats import PlatformStats
    from .public_session import PublicSession
    from .renew_session_body import RenewSessionBody
    from .resource_context import ResourceContext
    from .resource_options import ResourceOptions
    from .session import Session
    from .session_type import SessionType
    from .stats_cores import StatsCores
    from .stats_instances import StatsInstances
    from .stats_max_cores import StatsMaxCores
    from .stats_max_ram import StatsMaxRam
    from .stats_ram import StatsRam

_MODULES = {
    "AttachDesktopAppBody": ".attach_desktop_app_body",
    "CreateSessionBody": ".create_session_body",
    "CreateSessionBodyType": ".create_session_body_type",
    "GetAvailabilityDetail": ".get_availability_detail",
    "GetSessionView": ".get_session_view",
    "Image": ".image",
    "ListDesktopAppsView": ".list_desktop_apps_view",
    "ListSessionsView": ".list_sessions_view",
    "PlatformStats": ".platform_stats",
    "PublicSession": ".public_session",
    "RenewSessionBody": ".renew_session_body",
    "ResourceContext": ".resource_context",
    "ResourceOptions": ".resource_options",
    "Session": ".session",
    "SessionType": ".session_type",
    "StatsCores": ".stats_cores",
    "StatsInstances": ".stats_instances",
    "StatsMaxCores": ".stats_max_cores",
    "StatsMaxRam": ".stats_max_ram",
    "StatsRam": ".stats_ram",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = (
    "AttachDesktopAppBody",
    "CreateSessionBody",
    "CreateSessionBodyType",
    "GetAvailabilityDetail",
    "GetSessionView",
    "Image",
    "ListDesktopAppsView",
    "ListSessionsView",
    "PlatformStats",
    "PublicSession",
    "RenewSessionBody",
    "ResourceContext",
    "ResourceOptions",
    "Session",
    "SessionType",
    "StatsCores",
    "StatsInstances",
    "StatsMaxCores",
    "StatsMaxRam",
    "StatsRam",
)
