"""Sessions as tables of astropy and pandas."""

from __future__ import annotations

import subprocess
import sys

import pytest

from canfar.models.session import SessionRecord, SessionRecords

RECORDS = SessionRecords(
    [
        SessionRecord(
            id="k3x9a0bz",
            name="fit-1",
            type="headless",
            status="Running",
            image="images.canfar.net/skaha/astroml:latest",
            userid="ada",
            startTime="2026-01-02T03:04Z",
            expiryTime="2026-01-16T03:04:05Z",
            requestedCPUCores="2",
            requestedRAM="8G",
            requestedGPUCores="0",
        ),
        SessionRecord(id="q", name="fit-2", type="headless", status="Pending"),
    ]
)


def test_a_table_of_astropy():
    table = RECORDS.to_table()

    assert list(table["id"]) == ["k3x9a0bz", "q"]
    assert table["start_time"][0].isot == "2026-01-02T03:04:00.000"
    assert list(table["start_time"].mask) == [False, True]
    assert str(table["ram"].unit) == "Gbyte"
    assert table["ram"][0] == 8
    assert list(table["cores"].mask) == [False, True]
    assert list(table["gpus"].mask) == [False, True]


def test_it_can_be_written_and_read(tmp_path):
    from astropy.table import QTable, Table

    RECORDS.to_table().write(tmp_path / "sessions.ecsv")

    back = Table.read(tmp_path / "sessions.ecsv")
    assert list(back["name"]) == ["fit-1", "fit-2"]
    assert QTable(RECORDS.to_table())["ram"][0].to_value("Mbyte") == 8000


def test_a_table_of_pandas():
    frame = RECORDS.to_pandas()

    assert list(frame["id"]) == ["k3x9a0bz", "q"]
    assert frame["start_time"][0].isoformat() == "2026-01-02T03:04:00+00:00"
    assert list(frame["start_time"].isna()) == [False, True]
    assert frame["ram"][0] == 8
    assert list(frame["cores"].isna()) == [False, True]


@pytest.mark.parametrize("method", ["to_table", "to_pandas"])
def test_no_sessions(method):
    table = getattr(SessionRecords(), method)()

    assert len(table) == 0
    assert "start_time" in list(table.columns)


def test_they_are_imported_only_then():
    code = (
        "import sys; from canfar.models.session import SessionRecords; "
        "sys.exit(bool({'astropy', 'pandas', 'numpy'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("method", "package"), [("to_table", "astropy.table"), ("to_pandas", "pandas")]
)
def test_without_its_packages_it_says_how_to_get_them(method, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'canfar\[tables\]'"):
        getattr(RECORDS, method)()
