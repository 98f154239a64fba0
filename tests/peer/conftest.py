from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from canfar.local import LocalPlatform

ENVIRONMENT = Path(__file__).parents[2] / "build" / "peer" / "bin"


class Peer:
    """The programs of canfar 1.5.2, pointed at a platform and at an empty home."""

    def __init__(self, home):
        self.home = home

    def run(self, program, *words, platform, given=None):
        done = subprocess.run(
            [ENVIRONMENT / program, *words],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "NO_COLOR": "1",
                "COLUMNS": "200",
                **platform.environment,
            },
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def peer(tmp_path):
    if not (ENVIRONMENT / "canfar").exists():
        pytest.skip("canfar 1.5.2 isn't there: `python3 tasks.py ci` and `bench` install it")
    return Peer(tmp_path)


@pytest.fixture
def platform():
    with LocalPlatform(username="alice") as running:
        yield running
