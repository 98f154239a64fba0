from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_object, as_str, list_of, take, take_if_sent


class Image(Model):
    """One public image.

    Attributes:
        id: What to give as `image` when starting a session.
        types: The image's labels, usually the kinds of session it is made for. Not a closed list; may be empty.
        digest: The image's digest.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("id", "types", "digest", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {"id": "id", "types": "types", "digest": "digest"}

    def __init__(
        self,
        *,
        id: str,
        types: list[str] | Unset = UNSET,
        digest: str | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.id = id
        self.types = types
        self.digest = digest
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Image:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            id=take(rest, "id", as_str),
            types=take_if_sent(rest, "types", list_of(as_str)),
            digest=take_if_sent(rest, "digest", as_str),
            additional_properties=rest,
        )
