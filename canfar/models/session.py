"""Sessions as the server describes them, and the request that makes one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, SupportsIndex, overload

from attrs import frozen

from canfar.models.text_table import Column, as_html, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from astropy.table import Table  # pyright: ignore[reportMissingTypeStubs]
    from pandas import DataFrame  # pyright: ignore[reportMissingTypeStubs]

    from canfar.models.types import Delivery

__all__ = ["CreateRequest", "SessionRecord", "SessionRecords"]

GONE: Final = "Gone"
"""The status this client gives a session that the server no longer knows."""

# Kubernetes quantities; the server lets some through (protocol notes, 2.2 and 9).
QUANTITY: Final = re.compile(r"([0-9.]+(?:e[+-]?[0-9]+)?)\s*([A-Za-z]{0,2})")
SCALE: Final = {
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "": 1.0,
    "k": 1e-6,
    "K": 1e-6,
    "M": 1e-3,
    "G": 1.0,
    "T": 1e3,
    "Ki": 2**10 / 1e9,
    "Mi": 2**20 / 1e9,
    "Gi": 2**30 / 1e9,
    "Ti": 2**40 / 1e9,
}
ABSENT: Final = frozenset({"", "<none>", "<nil>"})


class SessionRecord(dict[str, Any]):
    """One session, as the server sent it.

    It is a ``dict`` with the server's field names and strings (``record["startTime"]``), and has
    the same as typed attributes (``record.start_time``): None where the server sent nothing.
    RAM is in GB of 10^9 bytes, which is how servers report it: a session asked for with ``ram=8``
    (GiB) reads back as 8.59 (protocol notes, 2.2: a fact of Skaha 1.4).

    Example:
        >>> from canfar.models.session import SessionRecord
        >>> record = SessionRecord(id="k3x9a0bz", status="Running", startTime="2026-01-02T03:04Z")
        >>> record["startTime"], record.start_time.year, record.expiry_time
        ('2026-01-02T03:04Z', 2026, None)
    """

    __slots__ = ()

    @property
    def id(self) -> str:
        """The session's id; of a desktop app, the id of its desktop."""
        return self._text("id") or ""

    @property
    def name(self) -> str:
        """The name it was given, in lower case."""
        return self._text("name") or ""

    @property
    def kind(self) -> str:
        """The kind: notebook, headless and so on; servers may have more kinds than we send."""
        return self._text("type") or ""

    @property
    def type(self) -> str:
        """The kind under the server's name for it."""
        return self.kind

    @property
    def status(self) -> str:
        """The status in the server's words, or "Gone" when the server no longer knows it."""
        return self._text("status") or ""

    @property
    def image(self) -> str:
        """The container image."""
        return self._text("image") or ""

    @property
    def user(self) -> str:
        """The user name of its owner."""
        return self._text("userid") or ""

    @property
    def app_id(self) -> str | None:
        """The id of a desktop app, None for all other kinds."""
        return self._text("appid")

    @property
    def connect_url(self) -> str | None:
        """Where to open it in a browser, None for kinds that have no page."""
        url = self._text("connectURL")
        return None if url == "not-applicable" else url or None

    @property
    def start_time(self) -> datetime | None:
        """When it started; None while it is queued."""
        return self._time("startTime")

    @property
    def expiry_time(self) -> datetime | None:
        """When the platform will end it; None while it is queued."""
        return self._time("expiryTime")

    @property
    def is_fixed(self) -> bool | None:
        """Whether its resources are fixed; None where an older server does not say."""
        value = self.get("isFixedResources")
        return value if isinstance(value, bool) else None

    @property
    def requested_cores(self) -> float | None:
        """The cores it was created with, when they are fixed."""
        return self._cores("requestedCPUCores")

    @property
    def requested_ram(self) -> float | None:
        """The RAM it was created with in GB, when that is fixed."""
        return self._gigabytes("requestedRAM")

    @property
    def requested_gpus(self) -> int | None:
        """The number of GPUs it was created with."""
        value = self._number("requestedGPUCores")
        return None if value is None else int(value)

    @property
    def cores_in_use(self) -> float | None:
        """The cores it uses now."""
        return self._cores("cpuCoresInUse")

    @property
    def ram_in_use(self) -> float | None:
        """The RAM it uses now, in GB."""
        return self._gigabytes("ramInUse")

    @property
    def uid(self) -> int | None:
        """The POSIX user id it runs as."""
        value = self._number("runAsUID")
        return None if value is None else int(value)

    @property
    def gid(self) -> int | None:
        """The POSIX group id it runs as."""
        value = self._number("runAsGID")
        return None if value is None else int(value)

    def _text(self, field: str) -> str | None:
        value = self.get(field)
        if value is None or str(value).strip() in ABSENT:
            return None
        return str(value)

    def _time(self, field: str) -> datetime | None:
        text = self._text(field)
        if text is None:
            return None
        from datetime import UTC  # noqa: PLC0415 - only records that are asked for a time need it

        from dateutil.parser import ParserError, isoparse  # noqa: PLC0415 - the same

        try:
            moment = isoparse(text)
        except (ParserError, ValueError):
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _quantity(self, field: str) -> tuple[float, str] | None:
        match = QUANTITY.fullmatch(self._text(field) or "")
        if match is None:
            return None
        return float(match[1]), match[2]

    def _number(self, field: str) -> float | None:
        quantity = self._quantity(field)
        return None if quantity is None else quantity[0]

    def _cores(self, field: str) -> float | None:
        quantity = self._quantity(field)
        if quantity is None or quantity[1] not in {"", "n", "u", "m"}:
            return None
        return quantity[0] * SCALE[quantity[1]]

    def _gigabytes(self, field: str) -> float | None:
        quantity = self._quantity(field)
        if quantity is None or quantity[1] not in SCALE:
            return None
        return quantity[0] * SCALE[quantity[1]]


COLUMNS: Final = (
    Column("id", lambda r: r.id),
    Column("name", lambda r: r.name),
    Column("kind", lambda r: r.kind),
    Column("status", lambda r: r.status),
    Column("started", lambda r: r.start_time.strftime("%Y-%m-%d %H:%M") if r.start_time else ""),
    Column("cores", lambda r: f"{r.requested_cores:g}" if r.requested_cores else ""),
    Column("RAM (GB)", lambda r: f"{r.requested_ram:g}" if r.requested_ram else ""),
    Column("image", lambda r: r.image),
)


class SessionRecords(list[SessionRecord]):
    """Sessions in a list that prints as a table, in a notebook too.

    Args:
        records: What the server sent of each, or records.
        at: When the server said so, by its own clock; None where it is not one reply's list.

    Example:
        >>> from canfar.models.session import SessionRecord, SessionRecords
        >>> print(SessionRecords([SessionRecord(id="k3x9a0bz", name="fit-1", type="headless")]))
        id        name   kind      status  started  cores  RAM (GB)  image
        k3x9a0bz  fit-1  headless
    """

    at: datetime | None = None
    """When the server said so, by its own clock; None where it is not one reply's list."""

    def __init__(
        self, records: Iterable[Mapping[str, Any]] = (), *, at: datetime | None = None
    ) -> None:
        super().__init__(
            record if isinstance(record, SessionRecord) else SessionRecord(record)
            for record in records
        )
        if at is not None:
            self.at = at

    @property
    def ids(self) -> list[str]:
        """The ids, in this order."""
        return [record.id for record in self]

    @overload
    def __getitem__(self, index: SupportsIndex) -> SessionRecord: ...
    @overload
    def __getitem__(self, index: slice) -> SessionRecords: ...
    def __getitem__(self, index: SupportsIndex | slice) -> SessionRecord | SessionRecords:
        if isinstance(index, slice):
            return SessionRecords(super().__getitem__(index))
        return super().__getitem__(index)

    def to_table(self) -> Table:
        """Return an ``astropy.table.Table``: times as ``Time``, RAM with its unit.

        Returns:
            A row for each session; times and numbers that are not known are masked.

        Raises:
            ImportError: astropy is not installed.

        Example:
            >>> from canfar.models.session import SessionRecord, SessionRecords
            >>> SessionRecords([SessionRecord(id="k3x9a0bz", requestedRAM="8G")]).to_table()["ram"]
            <MaskedColumn name='ram' dtype='float64' unit='Gbyte' description='RAM' length=1>
            8.0
        """
        from canfar.models.science_tables import to_table  # noqa: PLC0415 - imports astropy

        return to_table(self)

    def to_pandas(self) -> DataFrame:
        """Return a ``pandas.DataFrame``: times in UTC, RAM in GB.

        Returns:
            A row for each session; times and numbers that are not known are NaT and NaN.

        Raises:
            ImportError: pandas is not installed.

        Example:
            >>> from canfar.models.session import SessionRecord, SessionRecords
            >>> SessionRecords([SessionRecord(id="k3x9a0bz", requestedRAM="8G")]).to_pandas().ram
            0    8.0
            Name: ram, dtype: float64
        """
        from canfar.models.science_tables import to_pandas  # noqa: PLC0415 - imports pandas

        return to_pandas(self)

    def __repr__(self) -> str:
        return as_text(COLUMNS, self) if self else "[]"

    def _repr_html_(self) -> str:
        return as_html(COLUMNS, self)


@frozen(kw_only=True)
class CreateRequest:
    """All that ``create`` needs, as one value to keep, change and hand over.

    Args:
        name: The name; with several replicas ``-1``, ``-2`` … are added.
        image: The container image.
        cores: CPU cores; None for flexible.
        ram: RAM in GB (the server means GiB: protocol notes, 1.4: a fact of Skaha 1.4); None for
            flexible.
        kind: The kind of session.
        gpus: The number of GPUs; None for none.
        cmd: The program to run, headless only.
        args: Its arguments, headless only.
        env: Environment variables, headless only; they show in no repr.
        replicas: How many sessions to start.
        command: The program and its arguments as one list, instead of cmd and args.
        delivery: "exact" so that command and environment arrive as they are; "plain" to send
            them as the server's parameters, whatever it makes of them.

    Example:
        >>> from attrs import evolve
        >>> from canfar.models.session import CreateRequest
        >>> request = CreateRequest(name="fit", image="images.canfar.net/skaha/astroml:latest")
        >>> evolve(request, replicas=4).replicas
        4
    """

    name: str
    image: str
    cores: float | None = None
    ram: float | None = None
    kind: str = "headless"
    gpus: int | None = None
    cmd: str | None = None
    args: str | Sequence[str] | None = None
    env: Mapping[str, str | float] | None = None
    replicas: int = 1
    command: Sequence[str] | None = None
    delivery: Delivery = "exact"

    def __repr__(self) -> str:
        # Environments hold tokens: their names are shown, their values are not.
        shown = (
            f"{name}={value!r}"
            for name, value in (
                ("name", self.name),
                ("image", self.image),
                ("kind", self.kind),
                ("cores", self.cores),
                ("ram", self.ram),
                ("gpus", self.gpus),
                ("cmd", self.cmd),
                ("env", sorted(self.env) if self.env else None),
                ("replicas", self.replicas),
                ("delivery", None if self.delivery == "exact" else self.delivery),
            )
            if value is not None
        )
        return f"CreateRequest({', '.join(shown)})"


def numbered(name: str, number: object, count: int) -> str:
    """Return the name of one of so many replicas; one alone has no number."""
    return f"{name}-{number}" if count > 1 else name
