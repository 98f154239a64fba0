from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..types import UNSET, Model, Unset, as_bool, as_int, as_object, as_str, list_of, take, take_if_sent


class Session(Model):
    """One session. Skaha 1.4 always sends all fields but those said to be absent at times; a field that it has no value
    for is left out. Numbers come as strings. Times are ISO 8601 in UTC, but not of one form (see startTime), so they
    are strings here and stay as they were sent. Servers up to 0.30.1 send `<none>` where 1.4 sends nothing.

    Attributes:
        id: The session's ID. On a desktop app, its desktop's.
        userid: The owner's user name.
        run_as_uid: The owner's user number inside the container; may be empty.
        run_as_gid: The group number inside the container, equal to runAsUID.
        supplemental_groups: Numbers of the owner's groups, in no order.
        appid: The app's own ID. Only on desktop apps.
        image: The container image.
        type_: The kind of session, lower case. Not a closed list.
        status: Pending, Running, Completed, Failed or Terminating. Servers up to 0.30.1 say Succeeded and Unknown too, and
            1.0.3 adds a reason, as in `Failed (BackoffLimitExceeded)`. Not a closed list.
        name: The name it was started with, in lower case.
        start_time: When it started, such as `2026-01-02T03:04:05Z`. **Seconds are left out when they're zero**:
            `2026-01-02T03:04Z`. Absent until it starts.
        expiry_time: When the platform will stop it, always with seconds. Absent until it starts.
        connect_url: Where a browser finds it, from creation on, before anything listens. **It holds the session's password.**
            Empty for headless sessions and desktop apps (`not-applicable` on servers up to 0.30.1).
        requested_ram: The memory asked for, in decimal GB with two places: asking for 8 GiB reads back as `8.59`. Absent unless
            isFixedResources. Servers up to 0.30.1 send a quantity with a unit, such as `8G`.
        requested_cpu_cores: The cores asked for, `2` or `2.500`. Absent unless isFixedResources.
        requested_gpu_cores: The GPUs asked for, `0` for none.
        ram_in_use: Memory in use, in decimal GB. Absent when there is no measurement.
        gpu_ram_in_use: Memory in use on GPUs. Never sent by Skaha 1.4.
        cpu_cores_in_use: Cores in use, with three places. Absent when there is no measurement. Some values come with a unit, such as
            `2234567891n` (billionths) or `250u` (millionths).
        gpu_utilization: Use of GPUs. Never sent by Skaha 1.4.
        is_fixed_resources: Whether the memory is fixed, rather than as available. Absent on servers up to 0.30.1.
        additional_properties: What the server sent besides.
    """

    __slots__ = (
        "id",
        "userid",
        "run_as_uid",
        "run_as_gid",
        "supplemental_groups",
        "appid",
        "image",
        "type_",
        "status",
        "name",
        "start_time",
        "expiry_time",
        "connect_url",
        "requested_ram",
        "requested_cpu_cores",
        "requested_gpu_cores",
        "ram_in_use",
        "gpu_ram_in_use",
        "cpu_cores_in_use",
        "gpu_utilization",
        "is_fixed_resources",
        "additional_properties",
    )

    _names: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "userid": "userid",
        "run_as_uid": "runAsUID",
        "run_as_gid": "runAsGID",
        "supplemental_groups": "supplementalGroups",
        "appid": "appid",
        "image": "image",
        "type_": "type",
        "status": "status",
        "name": "name",
        "start_time": "startTime",
        "expiry_time": "expiryTime",
        "connect_url": "connectURL",
        "requested_ram": "requestedRAM",
        "requested_cpu_cores": "requestedCPUCores",
        "requested_gpu_cores": "requestedGPUCores",
        "ram_in_use": "ramInUse",
        "gpu_ram_in_use": "gpuRAMInUse",
        "cpu_cores_in_use": "cpuCoresInUse",
        "gpu_utilization": "gpuUtilization",
        "is_fixed_resources": "isFixedResources",
    }
    _sensitive: ClassVar[frozenset[str]] = frozenset({"connect_url"})

    def __init__(
        self,
        *,
        id: str,
        userid: str | Unset = UNSET,
        run_as_uid: str | Unset = UNSET,
        run_as_gid: str | Unset = UNSET,
        supplemental_groups: list[int] | Unset = UNSET,
        appid: str | Unset = UNSET,
        image: str | Unset = UNSET,
        type_: str | Unset = UNSET,
        status: str,
        name: str | Unset = UNSET,
        start_time: str | Unset = UNSET,
        expiry_time: str | Unset = UNSET,
        connect_url: str | Unset = UNSET,
        requested_ram: str | Unset = UNSET,
        requested_cpu_cores: str | Unset = UNSET,
        requested_gpu_cores: str | Unset = UNSET,
        ram_in_use: str | Unset = UNSET,
        gpu_ram_in_use: str | Unset = UNSET,
        cpu_cores_in_use: str | Unset = UNSET,
        gpu_utilization: str | Unset = UNSET,
        is_fixed_resources: bool | Unset = UNSET,
        additional_properties: dict[str, Any] | None = None,
    ) -> None:
        self.id = id
        self.userid = userid
        self.run_as_uid = run_as_uid
        self.run_as_gid = run_as_gid
        self.supplemental_groups = supplemental_groups
        self.appid = appid
        self.image = image
        self.type_ = type_
        self.status = status
        self.name = name
        self.start_time = start_time
        self.expiry_time = expiry_time
        self.connect_url = connect_url
        self.requested_ram = requested_ram
        self.requested_cpu_cores = requested_cpu_cores
        self.requested_gpu_cores = requested_gpu_cores
        self.ram_in_use = ram_in_use
        self.gpu_ram_in_use = gpu_ram_in_use
        self.cpu_cores_in_use = cpu_cores_in_use
        self.gpu_utilization = gpu_utilization
        self.is_fixed_resources = is_fixed_resources
        self.additional_properties = {} if additional_properties is None else additional_properties

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Session:
        """Read it from JSON; TypeError or ValueError if it isn't as documented."""
        rest = as_object(src_dict)
        return cls(
            id=take(rest, "id", as_str),
            userid=take_if_sent(rest, "userid", as_str),
            run_as_uid=take_if_sent(rest, "runAsUID", as_str),
            run_as_gid=take_if_sent(rest, "runAsGID", as_str),
            supplemental_groups=take_if_sent(rest, "supplementalGroups", list_of(as_int)),
            appid=take_if_sent(rest, "appid", as_str),
            image=take_if_sent(rest, "image", as_str),
            type_=take_if_sent(rest, "type", as_str),
            status=take(rest, "status", as_str),
            name=take_if_sent(rest, "name", as_str),
            start_time=take_if_sent(rest, "startTime", as_str),
            expiry_time=take_if_sent(rest, "expiryTime", as_str),
            connect_url=take_if_sent(rest, "connectURL", as_str),
            requested_ram=take_if_sent(rest, "requestedRAM", as_str),
            requested_cpu_cores=take_if_sent(rest, "requestedCPUCores", as_str),
            requested_gpu_cores=take_if_sent(rest, "requestedGPUCores", as_str),
            ram_in_use=take_if_sent(rest, "ramInUse", as_str),
            gpu_ram_in_use=take_if_sent(rest, "gpuRAMInUse", as_str),
            cpu_cores_in_use=take_if_sent(rest, "cpuCoresInUse", as_str),
            gpu_utilization=take_if_sent(rest, "gpuUtilization", as_str),
            is_fixed_resources=take_if_sent(rest, "isFixedResources", as_bool),
            additional_properties=rest,
        )
