from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_int, as_object, take_if_sent


class StatsInstances(Model):
    """How many sessions there are. Only on servers up to 1.1.4; that one sends -1 for what it doesn't know.

    Attributes:
        session: Interactive sessions.
        desktop_app: Desktop apps.
        headless: Headless sessions.
        total: All of them.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("session", "desktop_app", "headless", "total", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {
        "session": "session",
        "desktop_app": "desktopApp",
        "headless": "headless",
        "total": "total",
    }

    def __init__(
        self,
        *,
        session: int | Unset = UNSET,
        desktop_app: int | Unset = UNSET,
        headless: int | Unset = UNSET,
        total: int | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.session = session
        self.desktop_app = desktop_app
        self.headless = headless
        self.total = total
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> StatsInstances:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            session=take_if_sent(rest, "session", as_int),
            desktop_app=take_if_sent(rest, "desktopApp", as_int),
            headless=take_if_sent(rest, "headless", as_int),
            total=take_if_sent(rest, "total", as_int),
            additional_properties=rest,
        )
