"""A client's clock on which a pause is over at once, so that hours of waiting take moments."""

from __future__ import annotations

import asyncio
from time import monotonic, sleep

import pytest

__all__ = ["Hurry", "hurry"]

NAP = 0.005
"""Seconds that a pause takes at most: what runs meanwhile has to get on, too."""


class Hurry:
    """The time by the client's clock: only its pauses take any, and what is due is done then.

    However busy the machine is, as many pauses take as long.
    """

    def __init__(self):
        self.now = 0.0
        self._began = monotonic()
        self._due = []

    def at(self, seconds, what):
        """Call ``what()`` in the pause that ends at that time or later."""
        self._due.append((seconds, what))

    def clock(self):
        return self._began + self.now

    def sleep(self, seconds):
        self.now += seconds
        for entry in sorted((e for e in self._due if e[0] <= self.now), key=lambda e: e[0]):
            self._due.remove(entry)
            entry[1]()
        sleep(min(seconds, NAP))


@pytest.fixture
def hurry(monkeypatch):
    """Have the pauses of all sessions and batches pass at once."""
    hurry = Hurry()

    class Asyncio:
        """The module as the driver sees it: the platform's own pauses are none of a client."""

        def __getattr__(self, name):
            return getattr(asyncio, name)

        @staticmethod
        async def sleep(seconds):
            await asyncio.to_thread(hurry.sleep, seconds)

    monkeypatch.setattr("canfar._drive.threads.sleep", hurry.sleep)
    monkeypatch.setattr("canfar._drive.tasks.asyncio", Asyncio())
    for module in ("canfar.batches", "canfar.sessions"):
        monkeypatch.setattr(f"{module}.monotonic", hurry.clock)
    return hurry
