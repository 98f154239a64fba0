from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..models.stats_cores import StatsCores
from ..models.stats_instances import StatsInstances
from ..models.stats_ram import StatsRam
from ..types import UNSET, Model, Unset, as_object, take, take_if_sent


class PlatformStats(Model):
    """The platform's capacity and use. Despite its names, `...Available` is the **total**, not what is free. Releases
    from 1.1.5 on send no `instances`.

    Attributes:
        instances: How many sessions there are. Only on servers up to 1.1.4; that one sends -1 for what it doesn't know.
        cores: CPU cores of the platform.
        ram: Memory of the platform, each a number with a unit, such as `137.439G` (decimal GB).
        additional_properties: What the server sent besides.
    """

    __slots__ = ("instances", "cores", "ram", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {"instances": "instances", "cores": "cores", "ram": "ram"}

    def __init__(
        self,
        *,
        instances: StatsInstances | Unset = UNSET,
        cores: StatsCores,
        ram: StatsRam,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.instances = instances
        self.cores = cores
        self.ram = ram
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> PlatformStats:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            instances=take_if_sent(rest, "instances", StatsInstances.from_dict),
            cores=take(rest, "cores", StatsCores.from_dict),
            ram=take(rest, "ram", StatsRam.from_dict),
            additional_properties=rest,
        )
