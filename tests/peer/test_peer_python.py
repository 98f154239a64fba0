"""Scripts written for canfar 1.5.2 run against the local platform, whichever generation it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from canfar.local import LocalPlatform

PROGRAM = Path(__file__).parent / "peer_program.py"
IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.mark.parametrize(
    ("colour", "generation", "status"),
    [
        ("sync", "1.4", "Completed"),
        ("asyncio", "1.4", "Completed"),
        ("sync", "1.0", "Completed"),
        ("sync", "0.29", "Succeeded"),
    ],
)
def test_its_python_interface(peer, colour, generation, status):
    with LocalPlatform(username="alice", generation=generation) as platform:
        printed = peer.run("python", str(PROGRAM), colour, IMAGE, status, platform=platform)
        asked = {one.operation.id for one in platform.requests}

    told = json.loads(printed.splitlines()[-1])
    first, second = told["ids"]
    lab = told["notebook"]["id"]
    assert told["names"] == ["batch-1", "batch-2"]
    assert "FOO=bar" in told["logs"][first]
    replicas = sorted(
        line for one in told["ids"] for line in told["logs"][one].splitlines() if "REPLICA" in line
    )
    assert replicas == ["REPLICA_COUNT=2"] * 2 + ["REPLICA_ID=1", "REPLICA_ID=2"]
    assert [list(one) for one in told["events"]] == [[first], [second]]
    assert "Scheduled" in told["events"][0][first]
    assert told["notebook"]["requestedRAM"] == ("8G" if generation == "0.29" else "8.59")
    assert told["notebook"]["userid"] == "alice"
    assert f"token={lab}" in told["notebook"]["connectURL"]
    assert told["running"] == [lab]
    assert told["renewed"] == {lab: True}
    assert told["not renewed"] == {first: False}
    assert {"cores", "ram"} <= set(told["stats"])
    assert told["destroyed"] == {lab: True}
    assert told["destroyed with"] == {first: True, second: True}
    assert told["left"] == []
    assert told["refused"] == "SessionRequestError"
    assert asked >= {
        *("create_session", "get_session", "list_sessions", "renew_session", "delete_session"),
    }
    if colour == "sync":
        assert IMAGE in told["images"]
        assert told["cores"][0] == 1
        assert told["available"] is True
        assert asked >= {"list_images", "get_context", "get_availability"}
