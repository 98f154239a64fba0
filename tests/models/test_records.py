"""Records: the server's mapping, with typed attributes beside it."""

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

from canfar.models.session import CreateRequest, SessionRecord, SessionRecords

SENT = {
    "id": "k3x9a0bz",
    "userid": "alice",
    "runAsUID": "1000",
    "runAsGID": "1000",
    "supplementalGroups": [30000],
    "image": "images.canfar.net/skaha/astroml:latest",
    "type": "notebook",
    "status": "Running",
    "name": "demo",
    "startTime": "2026-01-02T03:04Z",
    "expiryTime": "2026-01-16T03:04:05Z",
    "connectURL": "https://ws.example.org/session/notebook/k3x9a0bz/",
    "requestedRAM": "8.59",
    "requestedCPUCores": "2.500",
    "requestedGPUCores": "1",
    "ramInUse": "0.05",
    "cpuCoresInUse": "0.002",
    "isFixedResources": True,
}


def test_the_mapping_is_what_was_sent():
    record = SessionRecord(SENT)

    assert record == SENT
    assert dict(record) == SENT
    assert json.loads(json.dumps(record)) == SENT
    assert record["startTime"] == "2026-01-02T03:04Z"
    assert pickle.loads(pickle.dumps(record)) == record
    assert type(copy.copy(record)) is SessionRecord


def test_the_attributes_have_types():
    record = SessionRecord(SENT)

    assert record.id == "k3x9a0bz"
    assert record.kind == record.type == "notebook"
    assert record.user == "alice"
    assert record.start_time == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert record.expiry_time == datetime(2026, 1, 16, 3, 4, 5, tzinfo=UTC)
    assert record.connect_url == SENT["connectURL"]
    assert (record.requested_ram, record.requested_cores, record.requested_gpus) == (8.59, 2.5, 1)
    assert (record.ram_in_use, record.cores_in_use) == (0.05, 0.002)
    assert (record.uid, record.gid, record.is_fixed) == (1000, 1000, True)
    assert record.app_id is None


OPTIONAL = {
    "startTime": "start_time",
    "expiryTime": "expiry_time",
    "connectURL": "connect_url",
    "requestedRAM": "requested_ram",
    "requestedCPUCores": "requested_cores",
    "requestedGPUCores": "requested_gpus",
    "ramInUse": "ram_in_use",
    "cpuCoresInUse": "cores_in_use",
    "runAsUID": "uid",
    "appid": "app_id",
}


@pytest.mark.parametrize("nothing", ["<none>", "", None, "missing"])
@pytest.mark.parametrize("field", OPTIONAL)
def test_nothing_is_none(field, nothing):
    record = SessionRecord({k: v for k, v in SENT.items() if k != field})
    if nothing != "missing":
        record[field] = nothing

    assert getattr(record, OPTIONAL[field]) is None


@pytest.mark.parametrize(
    ("field", "sent", "attribute", "value"),
    [
        ("ramInUse", "8G", "ram_in_use", 8.0),
        ("ramInUse", "512M", "ram_in_use", 0.512),
        ("ramInUse", "8Gi", "ram_in_use", 8.589934592),
        ("requestedRAM", "1T", "requested_ram", 1000.0),
        ("ramInUse", "a lot", "ram_in_use", None),
        ("cpuCoresInUse", "2234567891n", "cores_in_use", 2.234567891),
        ("cpuCoresInUse", "250u", "cores_in_use", 0.00025),
        ("cpuCoresInUse", "250m", "cores_in_use", 0.25),
        ("cpuCoresInUse", "1Gi", "cores_in_use", None),
        ("startTime", "2026-01-02T03:04:05+01:00", "start_time",
         datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))),
        ("startTime", "2026-01-02T03:04:05", "start_time",
         datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("startTime", "yesterday", "start_time", None),
        ("connectURL", "not-applicable", "connect_url", None),
        ("status", "A new one", "status", "A new one"),
        ("type", "quantum", "kind", "quantum"),
    ],
)  # fmt: skip
def test_what_other_servers_send(field, sent, attribute, value):
    found = getattr(SessionRecord(SENT | {field: sent}), attribute)

    assert found == (pytest.approx(value) if isinstance(value, float) else value)


def test_a_list_prints_as_a_table():
    lines = str(SessionRecords([SENT, {"id": "b", "type": "headless"}])).splitlines()

    assert lines[0].split() == [
        "id",
        "name",
        "kind",
        "status",
        "started",
        "cores",
        "RAM",
        "(GB)",
        "image",
    ]
    assert "k3x9a0bz" in lines[1]
    assert "2026-01-02 03:04" in lines[1]
    assert lines[2].split() == ["b", "headless"]
    assert (
        len({line.index(word) for line, word in [(lines[0], "kind"), (lines[1], "notebook")]}) == 1
    )


def test_a_list_shows_in_a_notebook_and_escapes_what_servers_send():
    html = SessionRecords([SENT | {"name": "<b>"}])._repr_html_()

    assert html.startswith("<table>")
    assert "<td>&lt;b&gt;</td>" in html
    assert "<b>" not in html


def test_a_list_is_a_list():
    records = SessionRecords([SENT, SENT | {"id": "b"}])

    assert records == [SENT, SENT | {"id": "b"}]
    assert isinstance(records[:1], SessionRecords)
    assert isinstance(records[0], SessionRecord)
    assert records.ids == ["k3x9a0bz", "b"]
    assert repr(SessionRecords()) == "[]"
    assert pickle.loads(pickle.dumps(records)) == records


def test_a_request_shows_no_values_of_its_environment():
    request = CreateRequest(name="a", image="x/y", env={"TOKEN": "hush"}, cores=2)

    assert repr(request) == (
        "CreateRequest(name='a', image='x/y', kind='headless', cores=2, env=['TOKEN'], replicas=1)"
    )
