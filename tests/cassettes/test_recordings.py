"""Each operation against a recorded conversation: a change in what is sent fails here."""

import re
from pathlib import Path

import pytest

from canfar.context import AsyncContext, Context
from canfar.errors import ServerBusy
from canfar.images import AsyncImages, Images
from canfar.overview import AsyncOverview, Overview

IMAGE = "images.canfar.net/skaha/astroml:latest"


def test_recordings_hold_nothing_secret():
    for path in (Path(__file__).parent / "recordings").iterdir():
        text = path.read_text()
        assert set(re.findall(r"Bearer (.+)", text)) <= {"scrubbed"}, path.name
        assert set(re.findall(r"x-skaha-registry-auth:\n +- (.+)", text)) <= {"scrubbed"}, path.name
        assert set(re.findall(r'"userid\W+(\w+)', text)) <= {"astronomer"}, path.name
        assert not re.search(r"127\.0\.0\.1|localhost", text), path.name


def test_create(cassette):
    ids = cassette.create(
        name="recorded",
        image=IMAGE,
        cores=1,
        ram=2,
        cmd="printenv",
        args=["SURVEY", "REPLICA_ID"],
        env={"SURVEY": "vlass & co"},
        replicas=2,
    )
    assert len(ids) == 2
    assert cassette.destroy(ids).ok


def test_create_interactive(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, kind="notebook")
    assert cassette.destroy(ids).ok


def test_fetch(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, cmd="true")
    assert ids[0] in cassette.fetch().ids
    assert ids[0] in cassette.fetch(kind="headless").ids
    assert ids[0] not in cassette.fetch(status="Terminating").ids
    assert ids[0] not in cassette.fetch(view="interactive").ids
    assert cassette.fetch(view="all")
    assert cassette.destroy(ids).ok


def test_info(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, cmd="true", replicas=2)
    assert cassette.info(ids[0])[0].name == "recorded-1"
    assert cassette.info(ids).ids == list(ids)
    assert cassette.destroy(ids).ok


def test_logs(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, cmd="echo", args="hello")
    cassette.wait(ids)
    assert cassette.logs(ids) == {ids[0]: "hello\n"}
    assert cassette.destroy(ids).ok


def test_events(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, cmd="true")
    cassette.wait(ids)
    assert cassette.events(ids)[0][ids[0]].startswith("TYPE")
    assert cassette.destroy(ids).ok


def test_wait(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, cmd="false")
    assert cassette.wait(ids)[0].status == "Failed"
    assert cassette.destroy(ids).ok


def test_destroy_with(cassette):
    ids = cassette.create(name="recorded-away", image=IMAGE, cmd="true")
    cassette.wait(ids)
    assert cassette.destroy_with("recorded-away") == {ids[0]: True}


def test_renew(cassette):
    ids = cassette.create(name="recorded", image=IMAGE, cmd="sleep", args="60")
    cassette.wait(ids, until="running")
    assert cassette.renew(ids) == {ids[0]: True}
    assert cassette.destroy(ids).ok


def test_connect(cassette, monkeypatch):
    monkeypatch.setattr("canfar._drive.browser.webbrowser.open_new_tab", lambda url: True)
    ids = cassette.create(name="recorded", image=IMAGE, kind="carta")
    assert cassette.connect(ids)[ids[0]].endswith(f"/session/carta/{ids[0]}/")
    assert cassette.destroy(ids).ok


def test_stats(cassette):
    try:
        assert set(cassette.stats()) >= {"cores", "ram"}
    except ServerBusy:
        pytest.skip("the server this was recorded from has no metrics")


def test_images(cassette, colour, server):
    images = colour(Images, AsyncImages, url=server[0], token=server[1])
    assert IMAGE in images.fetch("headless")


def test_context(cassette, colour, server):
    context = colour(Context, AsyncContext, url=server[0], token=server[1])
    assert context.resources()["cores"]["options"]


def test_availability(cassette, colour, server):
    overview = colour(Overview, AsyncOverview, url=server[0], token=server[1])
    assert overview.availability()
