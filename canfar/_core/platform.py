"""What a platform offers: images, resources, and whether it is up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from skaha_client.api.images import list_images
from skaha_client.api.platform import get_availability, get_context, list_repositories

from canfar._core.filters import kinds
from canfar._core.steps import Call, Plan, Reply, send_one
from canfar.errors import BadReply, InvalidInput
from canfar.models.image import Image

if TYPE_CHECKING:
    from canfar.models.types import Kind


def images(kind: Kind | str | None = None) -> Plan[list[Image]]:
    """Plan the list of public images."""
    wanted = kinds(kind)
    if len(wanted) > 1:
        raise InvalidInput(f"kind must be one kind, not {kind!r}")
    arguments = {"type_": wanted[0]} if wanted else {}
    return (yield from send_one(Call(None, list_images, arguments, _images)))


def image_names(kind: Kind | str | None = None) -> Plan[list[str]]:
    """Plan the names of public images."""
    found = yield from images(kind)
    return [image.id for image in found]


def resources() -> Plan[dict[str, Any]]:
    """Plan the resources that sessions can ask for."""
    call: Call[dict[str, Any]] = Call(None, get_context, {}, lambda reply: reply.parsed.to_dict())
    return (yield from send_one(call))


def registries() -> Plan[list[str]]:
    """Plan the list of registries that images may come from."""
    call: Call[list[str]] = Call(None, list_repositories, {}, lambda reply: list(reply.parsed))
    return (yield from send_one(call))


def availability() -> Plan[bool]:
    """Plan the question whether the service is available."""
    return (yield from send_one(Call(None, get_availability, {}, _available)))


def _images(reply: Reply) -> list[Image]:
    found = (image.to_dict() for image in reply.parsed)
    return [
        Image(id=each["id"], types=tuple(each.get("types", ())), digest=each.get("digest"))
        for each in found
    ]


def _available(reply: Reply) -> bool:
    text = str(reply.parsed)
    try:
        # Python's expat bounds the expansion of entities, so a hostile reply cannot blow it up.
        document = ET.fromstring(text)  # noqa: S314
    except ET.ParseError:
        raise BadReply(f"the reply is no VOSI availability: {text[:100]!r}") from None
    answer = document.find("{*}available")
    return answer is not None and (answer.text or "").strip() == "true"
