"""What ``create`` would send, without sending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from canfar._core.create import call
from canfar._core.replicas import replicas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canfar.models.registry import ContainerRegistry
    from canfar.models.session import CreateRequest

HIDDEN: Final = "***"


def preview(
    request: CreateRequest,
    *,
    url: str,
    registry: ContainerRegistry | None,
    only: Iterable[int] | None,
) -> list[dict[str, Any]]:
    """Return the requests, from the functions that make the real ones."""
    calls = (call(replica, registry) for replica in replicas(request, only))
    return [_shown(url, each.operation.get_kwargs(**each.arguments)) for each in calls]


def _shown(url: str, sent: dict[str, Any]) -> dict[str, Any]:
    headers = {
        name: HIDDEN if name.lower() == "x-skaha-registry-auth" else value
        for name, value in sent["headers"].items()
    }
    data: dict[str, Any] = sent["data"]
    form = [[name, str(value)] for name, given in data.items() for value in _several(given)]
    return {
        "method": sent["method"],
        "url": f"{url}{sent['url']}",
        "headers": headers,
        "form": form,
    }


def _several(given: Any) -> list[Any]:
    return list(given) if isinstance(given, (list, tuple)) else [given]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
