"""Sessions as tables of astropy and pandas, which are imported here only."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportAttributeAccessIssue=false
# astropy and pandas come without types.

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astropy.table import Table
    from pandas import DataFrame

    from canfar.models.session import SessionRecord

__all__ = ["to_pandas", "to_table"]

SOME: Final = "2000-01-01T00:00:00"
TEXTS: Final = ("id", "name", "kind", "status", "image", "user")
TIMES: Final = {"start_time": "when it started", "expiry_time": "when it will be ended"}
NUMBERS: Final = {
    "requested_cores": ("cores", "", "CPU cores"),
    "requested_ram": ("ram", "Gbyte", "RAM"),
    "requested_gpus": ("gpus", "", "GPUs"),
    "cores_in_use": ("cores_in_use", "", "CPU cores in use"),
    "ram_in_use": ("ram_in_use", "Gbyte", "RAM in use"),
}


def to_table(records: Sequence[SessionRecord]) -> Table:
    """Return the sessions as a table of astropy; what is not known is masked."""
    try:
        import numpy as np  # noqa: PLC0415 - only who asks for it has it
        from astropy.table import MaskedColumn, Table  # noqa: PLC0415 - the same
        from astropy.time import Time  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise _told_how_to_get(error) from None

    table = Table()
    for name in TEXTS:
        table[name] = [str(getattr(record, name)) for record in records]
    for name, what in TIMES.items():
        known = [getattr(record, name) for record in records]
        # Time wants some moment where there is none, before it is masked.
        texts = [f"{each.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if each else SOME for each in known]
        column = Time(np.array(texts, dtype="U19"), format="isot", scale="utc")
        column[np.array([each is None for each in known], dtype=bool)] = np.ma.masked
        column.info.description = what
        table[name] = column
    for name, (heading, unit, what) in NUMBERS.items():
        values, missing = _numbers(records, name)
        table[heading] = MaskedColumn(
            values, mask=missing, unit=unit or None, description=what, dtype=float
        )
    return table


def to_pandas(records: Sequence[SessionRecord]) -> DataFrame:
    """Return the sessions as a table of pandas; what is not known is NaN or NaT."""
    try:
        import pandas as pd  # noqa: PLC0415 - only who asks for it has it
    except ModuleNotFoundError as error:
        raise _told_how_to_get(error) from None

    columns: dict[str, Any] = {}
    for name in TEXTS:
        columns[name] = pd.Series([str(getattr(r, name)) for r in records], dtype="str")
    for name in TIMES:
        moments = [getattr(record, name) for record in records]
        columns[name] = pd.Series(pd.to_datetime(moments, utc=True))
    for name, (heading, _, _) in NUMBERS.items():
        values = [getattr(record, name) for record in records]
        columns[heading] = pd.Series(values, dtype="float64")
    return pd.DataFrame(columns)


def _told_how_to_get(missing: ModuleNotFoundError) -> ModuleNotFoundError:
    return ModuleNotFoundError(
        f"tables need the package {missing.name!r}: pip install 'canfar[tables]'", name=missing.name
    )


def _numbers(records: Sequence[SessionRecord], name: str) -> tuple[list[float], list[bool]]:
    known: list[float | None] = [getattr(record, name) for record in records]
    return [each or 0.0 for each in known], [each is None for each in known]
