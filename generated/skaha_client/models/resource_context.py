from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..models.resource_options import ResourceOptions
from ..types import UNSET, Model, Unset, as_int, as_object, as_str, one_of, take, take_if_sent


class ResourceContext(Model):
    """What resources can be asked for.

    Attributes:
        cores: The values of one resource.
        memory_gb: The values of one resource.
        gpus: The values of one resource.
        max_interactive_sessions: How many interactive sessions one may have at a time. `"5"` or `5`, by how the platform is configured. Absent
            on older servers.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("cores", "memory_gb", "gpus", "max_interactive_sessions", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {
        "cores": "cores",
        "memory_gb": "memoryGB",
        "gpus": "gpus",
        "max_interactive_sessions": "maxInteractiveSessions",
    }

    def __init__(
        self,
        *,
        cores: ResourceOptions,
        memory_gb: ResourceOptions,
        gpus: ResourceOptions | Unset = UNSET,
        max_interactive_sessions: int | str | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.cores = cores
        self.memory_gb = memory_gb
        self.gpus = gpus
        self.max_interactive_sessions = max_interactive_sessions
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> ResourceContext:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            cores=take(rest, "cores", ResourceOptions.from_dict),
            memory_gb=take(rest, "memoryGB", ResourceOptions.from_dict),
            gpus=take_if_sent(rest, "gpus", ResourceOptions.from_dict),
            max_interactive_sessions=take_if_sent(rest, "maxInteractiveSessions", one_of(as_str, as_int)),
            additional_properties=rest,
        )
