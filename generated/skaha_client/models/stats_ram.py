from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..models.stats_max_ram import StatsMaxRam
from ..types import UNSET, Model, Unset, as_object, as_str, take_if_sent


class StatsRam(Model):
    """Memory of the platform, each a number with a unit, such as `137.439G` (decimal GB).

    Attributes:
        requested_ram: Memory given out.
        ram_available: Memory in total.
        max_ram: The most memory for one session (release 1.4), or of the biggest node (up to 1.2.1).
        additional_properties: What the server sent besides.
    """

    __slots__ = ("requested_ram", "ram_available", "max_ram", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {
        "requested_ram": "requestedRAM",
        "ram_available": "ramAvailable",
        "max_ram": "maxRAM",
    }

    def __init__(
        self,
        *,
        requested_ram: str | Unset = UNSET,
        ram_available: str | Unset = UNSET,
        max_ram: StatsMaxRam | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.requested_ram = requested_ram
        self.ram_available = ram_available
        self.max_ram = max_ram
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> StatsRam:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            requested_ram=take_if_sent(rest, "requestedRAM", as_str),
            ram_available=take_if_sent(rest, "ramAvailable", as_str),
            max_ram=take_if_sent(rest, "maxRAM", StatsMaxRam.from_dict),
            additional_properties=rest,
        )
