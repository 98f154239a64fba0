"""A session as JSON: which fields, in which order, and which are left out (section 2.2).

Nothing is ever ``null``: what has no value isn't there. The layout is two spaces deep and has no
newline at its end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from canfar.local.contract.connect_urls import connect_url
from canfar.local.contract.lifecycle import status
from canfar.local.contract.resources import (
    cores_text,
    gigabytes,
    kubernetes_cores,
    kubernetes_memory,
)
from canfar.local.contract.times import java_text, with_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from canfar.local.contract.engine import Usage
    from canfar.local.contract.generations import Generation
    from canfar.local.contract.resources import Resources
    from canfar.local.contract.session import Session
    from canfar.local.contract.settings import Settings

__all__ = ["full_fields", "pretty", "public_fields"]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)

Field = str | bool | tuple[int, ...]


def full_fields(
    session: Session, settings: Settings, now: datetime, usage: Usage | None = None
) -> dict[str, Field]:
    """What the owner sees.

    Args:
        session: The session.
        settings: The platform's.
        now: The time.
        usage: What it uses, if that is known.
    """
    generation = settings.generation
    missing = generation.missing
    resources = session.resources
    fields: dict[str, Field | None] = {
        "id": session.id,
        "userid": session.owner,
        "runAsUID": str(session.uid),
        "runAsGID": str(session.uid),
        "supplementalGroups": session.groups,
        "appid": session.app_id or missing,
        "image": session.image,
        "type": session.kind,
        "status": status(session, now, generation),
        "name": session.name,
        "startTime": _start_time(session, generation),
        "expiryTime": missing,
        "connectURL": connect_url(session, settings),
    }
    if session.expires_at is not None:
        fields["expiryTime"] = with_seconds(session.expires_at)
    if resources.fixed or generation.always_requested:
        fields |= _requested(resources, generation)
    fields["requestedGPUCores"] = str(resources.gpus)
    for name in ("ramInUse", "gpuRAMInUse", "cpuCoresInUse", "gpuUtilization"):
        fields[name] = missing
    # How servers before 1.0 spelt these isn't known.
    if usage is not None and generation.quantities != "kubernetes":
        fields["ramInUse"] = gigabytes(usage.memory / 2**30, 2)
        fields["cpuCoresInUse"] = f"{usage.cores:.3f}"
    if generation.tells_fixed:
        fields["isFixedResources"] = resources.fixed
    return {name: value for name, value in fields.items() if value is not None}


def public_fields(session: Session, settings: Settings, now: datetime) -> dict[str, Field]:
    """What everybody sees: four fields, and no ID."""
    fields: dict[str, Field] = {
        "userid": session.owner,
        "type": session.kind,
        "status": status(session, now, settings.generation),
    }
    started = _start_time(session, settings.generation)
    if started is not None:
        fields["startTime"] = started
    return fields


def _start_time(session: Session, generation: Generation) -> str | None:
    if session.started_at is None:
        return generation.missing
    # Assumed: a pod's time goes out as Kubernetes wrote it, which is with seconds.
    return (with_seconds if generation.lists_pods else java_text)(session.started_at)


def _requested(resources: Resources, generation: Generation) -> dict[str, Field]:
    if generation.quantities == "kubernetes":
        ram, cores = kubernetes_memory(resources.ram), kubernetes_cores(resources.cores)
    else:
        ram, cores = gigabytes(resources.ram, 2), cores_text(resources.cores)
    return {"requestedRAM": ram, "requestedCPUCores": cores}


def pretty(objects: Iterable[Mapping[str, Field]]) -> str:
    """A list of objects, laid out.

    Written out here rather than by :mod:`json`, whose indenting encoder takes several times as
    long: a list may hold a thousand sessions.

    Args:
        objects: The objects.

    Example:
        >>> print(pretty([{"id": "k3x9a0bz"}]))
        [
          {
            "id": "k3x9a0bz"
          }
        ]
    """
    texts = [pretty_object(item, "  ") for item in objects]
    if not texts:
        return "[]"
    return "[\n  " + ",\n  ".join(texts) + "\n]"


def pretty_object(fields: Mapping[str, Field], indent: str = "") -> str:
    """One object, laid out; every line but the first begins with ``indent``."""
    inner = f"{indent}  "
    lines = [f'{inner}"{name}": {_value(value, inner)}' for name, value in fields.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _value(value: Field, indent: str) -> str:
    if isinstance(value, str):
        return _ENCODER.encode(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not value:
        return "[]"
    return "[\n" + ",\n".join(f"{indent}  {number}" for number in value) + f"\n{indent}]"
