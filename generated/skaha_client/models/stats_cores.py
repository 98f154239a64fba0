from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..models.stats_max_cores import StatsMaxCores
from ..types import UNSET, Model, Unset, as_float, as_object, take_if_sent


class StatsCores(Model):
    """CPU cores of the platform.

    Attributes:
        requested_cpu_cores: Cores given out.
        cpu_cores_available: Cores in total.
        max_cpu_cores: The most cores for one session (release 1.4), or of the biggest node (up to 1.2.1).
        additional_properties: What the server sent besides.
    """

    __slots__ = ("requested_cpu_cores", "cpu_cores_available", "max_cpu_cores", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {
        "requested_cpu_cores": "requestedCPUCores",
        "cpu_cores_available": "cpuCoresAvailable",
        "max_cpu_cores": "maxCPUCores",
    }

    def __init__(
        self,
        *,
        requested_cpu_cores: float | Unset = UNSET,
        cpu_cores_available: float | Unset = UNSET,
        max_cpu_cores: StatsMaxCores | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.requested_cpu_cores = requested_cpu_cores
        self.cpu_cores_available = cpu_cores_available
        self.max_cpu_cores = max_cpu_cores
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> StatsCores:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            requested_cpu_cores=take_if_sent(rest, "requestedCPUCores", as_float),
            cpu_cores_available=take_if_sent(rest, "cpuCoresAvailable", as_float),
            max_cpu_cores=take_if_sent(rest, "maxCPUCores", StatsMaxCores.from_dict),
            additional_properties=rest,
        )
