"""The `canfar` command of 1.5.2 runs against the local platform."""

from __future__ import annotations

import json
import time

import pytest

IMAGE = "skaha/astroml:latest"


@pytest.fixture
def canfar(peer, platform):
    """Run a command as somebody at a terminal would, and return what it printed."""
    return lambda *words, given=None: peer.run("canfar", *words, platform=platform, given=given)


def until_all_are(canfar, status):
    """Ask until all sessions have a status; each time takes the half second that it starts."""
    end = time.monotonic() + 30
    while True:
        found = {one["id"]: one["status"] for one in json.loads(canfar("ps", "-a", "-o", "json"))}
        if set(found.values()) == {status}:
            return found
        assert time.monotonic() < end, found


def test_a_batch_from_create_to_prune(canfar, platform):
    batch = ("create", "-n", "run", "-r", "2", "-e", "WORD=hello", "-o", "json", "headless", IMAGE)
    ids = json.loads(canfar(*batch, "--", "env"))
    found = until_all_are(canfar, "Completed")
    logs = canfar("logs", *ids)
    events = canfar("events", ids[0])
    pruned = canfar("prune", "run", "headless", "Completed")

    assert sorted(found) == sorted(ids)
    assert logs.count("WORD=hello") == 2
    assert "REPLICA_ID=1" in logs
    assert "REPLICA_ID=2" in logs
    assert "Scheduled" in events
    assert "Deleted 2 sessions" in pruned
    assert platform.count("delete") == 2
    assert json.loads(canfar("ps", "--all", "-o", "json")) == []


def test_a_notebook_from_create_to_delete(canfar, platform):
    (lab,) = json.loads(
        canfar("create", "-n", "lab", "-c", "2", "-m", "8", "-o", "json", "notebook", IMAGE)
    )
    listed = canfar("ps")
    shown = canfar("info", lab)
    renewed = canfar("renew", lab)
    kept = canfar("delete", lab, given="n\n")
    deleted = canfar("delete", lab, given="y\n")

    assert lab in listed
    assert "Running" in listed
    assert "alice" in shown
    assert f"token={lab}" in shown
    assert "Successfully renewed 1 session" in renewed
    assert "Confirm deletion" in kept
    assert f"'{lab}': True" in deleted
    assert platform.count("delete") == 1
    assert lab not in canfar("ps", "--all")


def test_images_and_statistics(canfar):
    assert "astroml" in canfar("image", "ls", "--kind", "notebook")
    assert "549.756G" in canfar("stats")
