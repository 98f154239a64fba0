"""Replicas that wait, at no cost, until a test lets them go.

One that looked for a file again and again would start a process for each look.
"""

from __future__ import annotations

import os

import pytest

__all__ = ["Gate", "gate"]

MOST = 64
"""More replicas than any test has waiting."""


class Gate:
    """What replicas wait at before they end."""

    def __init__(self, path):
        os.mkfifo(path)
        self._path = path
        # Open for both, so that opening it holds up nobody.
        self._end = os.open(path, os.O_RDWR)

    def command(self, then="true"):
        """The command of a replica that waits, and then does something in a shell."""
        return ["sh", "-c", f'read line < "{self._path}"; {then}']

    def open(self):
        """Let all of them go: a shell reads to the end of a line and no byte more."""
        os.write(self._end, b"\n" * MOST)

    def close(self):
        """Nobody waits any more."""
        os.close(self._end)


@pytest.fixture
def gate(tmp_path):
    """A gate that is closed until the test opens it."""
    gate = Gate(tmp_path / "gate")
    yield gate
    gate.close()
