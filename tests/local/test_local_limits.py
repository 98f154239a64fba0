"""Memory, processor time, and how much of both is in use."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from platform_probe import Probe, until

from canfar.local import LocalPlatform
from canfar.local.runner import guard, limits, meter
from canfar.local.runner.meter import Leader, measure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these limits")

MIB = 2**20


@pytest.fixture
def python(platform, probe):
    """Run a Python program as a session."""
    names = iter(range(100))

    def run(program, **form):
        file = platform.home / f"program{next(names)}.py"
        file.write_text(program)
        return probe.create(cmd="python", args=str(file), **form)

    return run


def test_a_session_that_uses_more_than_its_memory_is_killed(python, probe):
    mine = python(
        "import time\nheld = []\nprint('begun', flush=True)\n"
        "while True:\n    held.append(b'x' * 50_000_000)\n    time.sleep(0.01)\n",
        ram="1",
    )

    assert probe.finished(mine) == "begun\n"
    assert probe.status(mine) == "Failed"
    events = probe.events(mine)
    assert "OOMKilled" in events
    assert "used more than its 1Gi of memory and was killed" in events


def test_the_processes_of_a_session_share_its_memory(python, probe):
    mine = python(
        "import os, time\nos.fork() or os.fork()\nheld = b'x' * 450_000_000\ntime.sleep(600)\n",
        ram="1",
    )

    probe.until_status(mine, "Failed")
    assert "OOMKilled" in probe.events(mine)


def test_what_takes_memory_at_once_is_refused_it(python, probe):
    # The limit comes a moment after the program has begun, later on a busy machine.
    mine = python(
        "import resource, time\n"
        "while resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY:\n"
        "    time.sleep(0.01)\n"
        "x = b'x' * (3 * 2**30)\n",
        ram="1",
    )

    assert "MemoryError" in probe.finished(mine)
    assert probe.status(mine) == "Failed"
    assert "OOMKilled" not in probe.events(mine)


def test_memory_that_is_only_asked_for_counts_for_nothing(python, probe):
    mine = python("import mmap\nheld = mmap.mmap(-1, 3 * 2**29)\nprint('fine')", ram="1")

    assert probe.finished(mine) == "fine\n"
    assert probe.status(mine) == "Completed"


def test_processor_time_is_limited_to_all_of_a_session(python, probe):
    program = (
        "import resource, time\nwhile True:\n    time.sleep(0.1)\n"
        "    print(resource.getrlimit(resource.RLIMIT_CPU)[0], flush=True)\n"
    )
    mine = python(program, cores="2", ram="1")
    # The limit comes just after the start.
    until(lambda: str(2 * 14 * 86400) in probe.logs(mine).split())


def test_what_it_uses_shows_while_it_runs(python, probe):
    mine = python("held = b'x' * 200_000_000\nwhile True:\n    pass\n")
    page = probe.create(type="notebook")
    until(lambda: float(probe.show(mine).get("cpuCoresInUse", 0)) > 0.2)

    shown = probe.show(mine)

    assert 0.2 <= float(shown["ramInUse"]) < 0.4
    assert float(shown["cpuCoresInUse"]) < 2
    assert list(shown)[-4:] == [
        "requestedGPUCores",
        "ramInUse",
        "cpuCoresInUse",
        "isFixedResources",
    ]
    (listed,) = probe.get("/session", params={"type": "headless"}).json()
    assert {"ramInUse", "cpuCoresInUse"} <= set(listed)
    assert "ramInUse" not in probe.show(page)


def test_what_has_ended_uses_nothing(python, probe):
    mine = python("import time\ntime.sleep(1.5)")
    until(lambda: "ramInUse" in probe.show(mine))
    probe.finished(mine)
    assert "ramInUse" not in probe.show(mine)


def test_it_shows_nothing_where_it_is_not_known(monkeypatch):
    monkeypatch.setattr(meter, "_LINUX", False)
    with LocalPlatform() as platform, Probe(platform) as probe:
        assert probe.finished(probe.create(cmd="echo", args="hello")) == "hello\n"


def test_older_servers_show_none_of_it():
    with LocalPlatform(generation="0.29") as platform, Probe(platform) as probe:
        mine = probe.create(cmd="sleep", args="600")
        until(lambda: platform._started.runner.usage(mine))
        assert probe.show(mine)["ramInUse"] == "<none>"


def test_who_leaves_the_group_ends_with_the_session_all_the_same(probe):
    script = r"setsid sleep 600 & echo \$!"
    mine = probe.create(cmd="sh", args="-c " + script.replace(" ", "\t"))
    deserter = int(probe.finished(mine))

    def gone():
        with suppress(FileNotFoundError, ProcessLookupError):
            text = Path(f"/proc/{deserter}/stat").read_text()
            return text.rpartition(")")[2].split()[0] == "Z"
        return True

    until(gone)


def test_processes_that_are_gone_count_for_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(guard, "PROCESSES", str(tmp_path))
    (tmp_path / "10").mkdir()
    (tmp_path / "10" / "stat").write_text("10 (a) b) S 1 10 10 0 0 0 0 0 0 0 100 50 25 25 0\n")
    (tmp_path / "11").mkdir()
    (tmp_path / "11" / "stat").write_text("11 (x) S 10 11 11 0 0 0 0 0 0 0 0 0 0 0 0\n")
    (tmp_path / "11" / "statm").write_text("900 300 100 0 0 0 0\n")
    (tmp_path / "12").mkdir()
    # A circle, as a recycled ID may make one.
    (tmp_path / "12" / "stat").write_text("12 (y) S 12 12 12 0 0 0 0 0 0 0 9 9 9 9 0\n")

    reading = measure({"mine": Leader(10)})["mine"]

    assert reading.memory == 200 * resource.getpagesize()
    assert reading.seconds == 200 / os.sysconf("SC_CLK_TCK")


def test_limits_are_never_raised():
    program = (
        "import sys, resource, json; sys.stdin.readline();"
        "kinds = resource.RLIMIT_DATA, resource.RLIMIT_CPU;"
        "print(json.dumps([resource.getrlimit(kind) for kind in kinds]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        for memory, seconds in ((500 * MIB, 100), (900 * MIB, 10), (0, 0)):
            limits.limit(process.pid, memory, seconds)
        said, _ = process.communicate("\n")
    limits.limit(process.pid, MIB, 1)

    assert json.loads(said) == [[1000 * MIB] * 2, [10, 10]]
