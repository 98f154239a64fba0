from __future__ import annotations

from datetime import UTC, datetime

import pytest
from platform_probe import Probe

from canfar.local import LocalPlatform, ManualClock


class Stage:
    """A platform on which time stands still, with two users."""

    def __init__(self, platform, alice, bob):
        self.platform = platform
        self.alice = alice
        self.bob = bob


@pytest.fixture(scope="module")
def still():
    """A platform that a whole file shares: for requests that change nothing."""
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with (
        LocalPlatform(username="alice", clock=clock, seed=1) as platform,
        Probe(platform) as probe,
    ):
        yield probe


@pytest.fixture
def stage():
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with (
        LocalPlatform(
            username="alice", users={"bob": "bobs-token"}, clock=clock, seed=2
        ) as platform,
        Probe(platform) as alice,
        Probe(platform, "bobs-token") as bob,
    ):
        yield Stage(platform, alice, bob)


@pytest.fixture
def platform():
    with LocalPlatform(username="alice") as running:
        yield running


@pytest.fixture
def probe(platform):
    with Probe(platform) as client:
        yield client
