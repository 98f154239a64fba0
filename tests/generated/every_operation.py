"""Every operation of the generated package, with arguments that will do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skaha_client.api.desktop_apps import (
    attach_desktop_app,
    delete_desktop_app,
    get_desktop_app,
    list_desktop_apps,
)
from skaha_client.api.images import list_images
from skaha_client.api.platform import (
    get_availability,
    get_capabilities,
    get_context,
    list_repositories,
)
from skaha_client.api.sessions import (
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
)
from skaha_client.models import AttachDesktopAppBody, CreateSessionBody, RenewSessionBody

if TYPE_CHECKING:
    from types import ModuleType

OPERATIONS: dict[ModuleType, tuple[tuple[str, ...], dict[str, Any]]] = {
    list_sessions: ((), {}),
    create_session: ((), {"body": CreateSessionBody(name="demo", image="images.canfar.net/a/b:1")}),
    get_session: (("k3x9a0bz",), {}),
    renew_session: (("k3x9a0bz",), {"body": RenewSessionBody()}),
    delete_session: (("k3x9a0bz",), {}),
    list_desktop_apps: (("k3x9a0bz",), {}),
    attach_desktop_app: (
        ("k3x9a0bz",),
        {"body": AttachDesktopAppBody(image="images.canfar.net/a/b:1")},
    ),
    get_desktop_app: (("k3x9a0bz", "x7k"), {}),
    delete_desktop_app: (("k3x9a0bz", "x7k"), {}),
    list_images: ((), {}),
    get_context: ((), {}),
    list_repositories: ((), {}),
    get_availability: ((), {}),
    get_capabilities: ((), {}),
}


def name(operation: ModuleType) -> str:
    return operation.__name__.rpartition(".")[2]
