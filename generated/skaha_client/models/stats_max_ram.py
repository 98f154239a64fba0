from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_float, as_object, as_str, take_if_sent


class StatsMaxRam(Model):
    """The most memory for one session (release 1.4), or of the biggest node (up to 1.2.1).

    Attributes:
        ram: Memory with its unit, `32Gi`. Platforms configured by a LimitRange write `G` and mean GiB.
        with_cpu_cores: The cores that go with it.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("ram", "with_cpu_cores", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {"ram": "ram", "with_cpu_cores": "withCPUCores"}

    def __init__(
        self,
        *,
        ram: str | Unset = UNSET,
        with_cpu_cores: float | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.ram = ram
        self.with_cpu_cores = with_cpu_cores
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> StatsMaxRam:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            ram=take_if_sent(rest, "ram", as_str),
            with_cpu_cores=take_if_sent(rest, "withCPUCores", as_float),
            additional_properties=rest,
        )
