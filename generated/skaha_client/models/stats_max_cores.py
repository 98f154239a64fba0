from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_float, as_object, as_str, take_if_sent


class StatsMaxCores(Model):
    """The most cores for one session (release 1.4), or of the biggest node (up to 1.2.1).

    Attributes:
        cpu_cores: Cores.
        with_ram: The memory that goes with them, with its unit.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("cpu_cores", "with_ram", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {"cpu_cores": "cpuCores", "with_ram": "withRam"}

    def __init__(
        self,
        *,
        cpu_cores: float | Unset = UNSET,
        with_ram: str | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.cpu_cores = cpu_cores
        self.with_ram = with_ram
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> StatsMaxCores:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            cpu_cores=take_if_sent(rest, "cpuCores", as_float),
            with_ram=take_if_sent(rest, "withRam", as_str),
            additional_properties=rest,
        )
