"""Read what a service says it can do: VOSI capabilities, of servers that nobody chose yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from attrs import frozen
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from canfar.errors import BadReply

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Capability", "Interface", "parse"]

TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"


@frozen
class Interface:
    """One way to use a capability.

    Attributes:
        url: Where it is.
        use: "base", "full" or an empty string.
        role: "std" or an empty string.
        type: The kind of interface, "vs:ParamHTTP" for instance.
        security: How one logs in there, as identifiers; empty for not at all.
    """

    url: str
    use: str
    role: str
    type: str
    security: tuple[str, ...]


@frozen
class Capability:
    """One thing that a service can do.

    Attributes:
        standard_id: Which, as an identifier.
        interfaces: The ways to use it.
    """

    standard_id: str
    interfaces: tuple[Interface, ...]


def parse(xml: bytes, source: str = "the service") -> list[Capability]:
    """Return the capabilities that a document lists.

    Args:
        xml: The document.
        source: Where it is from, for messages.

    Raises:
        BadReply: It is no such document, or one that is made to do harm.
    """
    try:
        root = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        raise BadReply(f"the capabilities of {source} define entities, which none do") from None
    except (ParseError, ValueError) as error:
        raise BadReply(f"the capabilities of {source} are no XML: {error}") from None
    if _local(root) != "capabilities":
        raise BadReply(f"{source} answered with <{_local(root)}> instead of its capabilities")
    return [
        Capability(
            capability.get("standardID", ""),
            tuple(_interface(each) for each in capability if _local(each) == "interface"),
        )
        for capability in root
        if _local(capability) == "capability"
    ]


def _interface(element: Element) -> Interface:
    url = next((each for each in element if _local(each) == "accessURL"), None)
    return Interface(
        url="" if url is None else (url.text or "").strip(),
        use="" if url is None else url.get("use", ""),
        role=element.get("role", ""),
        type=element.get(TYPE, ""),
        security=tuple(
            each.get("standardID", "") for each in element if _local(each) == "securityMethod"
        ),
    )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
