from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_object, as_str, take, take_if_sent


class PublicSession(Model):
    """What `view=all` says of everybody's sessions. There is no ID.

    Attributes:
        userid: The owner's user name.
        type_: The kind of session. Not a closed list.
        status: As in a session. Not a closed list.
        start_time: As in a session, seconds left out when they're zero. Absent until it starts.
        additional_properties: What the server sent besides.
    """

    __slots__ = ("userid", "type_", "status", "start_time", "additional_properties")

    _names: ClassVar[Mapping[str, str]] = {
        "userid": "userid",
        "type_": "type",
        "status": "status",
        "start_time": "startTime",
    }

    def __init__(
        self,
        *,
        userid: str,
        type_: str,
        status: str,
        start_time: str | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.userid = userid
        self.type_ = type_
        self.status = status
        self.start_time = start_time
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> PublicSession:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            userid=take(rest, "userid", as_str),
            type_=take(rest, "type", as_str),
            status=take(rest, "status", as_str),
            start_time=take_if_sent(rest, "startTime", as_str),
            additional_properties=rest,
        )
