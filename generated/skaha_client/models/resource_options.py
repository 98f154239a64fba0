from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_float, as_object, list_of, take_if_sent


class ResourceOptions(Model):
    """The values of one resource.

    Attributes:
        default: A hint for forms. Not what the server applies. Absent for GPUs.
        default_request: What a session gets for sure when nothing is asked for. Absent for GPUs and on older servers.
        default_limit: What it may use at most then. Absent for GPUs and on older servers.
        default_headless: The same hint for headless sessions. Only on older servers.
        options: The values that may be asked for. May be empty, for GPUs.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("default", "default_request", "default_limit", "default_headless", "options", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {
        "default": "default",
        "default_request": "defaultRequest",
        "default_limit": "defaultLimit",
        "default_headless": "defaultHeadless",
        "options": "options",
    }

    def __init__(
        self,
        *,
        default: float | Unset = UNSET,
        default_request: float | Unset = UNSET,
        default_limit: float | Unset = UNSET,
        default_headless: float | Unset = UNSET,
        options: list[float] | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.default = default
        self.default_request = default_request
        self.default_limit = default_limit
        self.default_headless = default_headless
        self.options = options
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> ResourceOptions:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            default=take_if_sent(rest, "default", as_float),
            default_request=take_if_sent(rest, "defaultRequest", as_float),
            default_limit=take_if_sent(rest, "defaultLimit", as_float),
            default_headless=take_if_sent(rest, "defaultHeadless", as_float),
            options=take_if_sent(rest, "options", list_of(as_float)),
            additional_properties=rest,
        )
