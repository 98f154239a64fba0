"""Commands are real processes, and nothing of them stays."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from platform_probe import Probe, until

from canfar.local import LocalPlatform
from canfar.local.runner.process import NotStartedError, Process
from canfar.local.runner.surroundings import Folders, process_environment


def alive(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def shell(probe, script, **form):
    """Run a script, with tabs for spaces as the server splits at those."""
    return probe.create(cmd="sh", args="-c " + script.replace(" ", "\t"), **form)


def test_an_exit_code_of_zero_is_completed_and_any_other_failed(probe):
    good, bad = shell(probe, "exit 0"), shell(probe, "exit 3")

    probe.until_status(good, "Completed")
    probe.until_status(bad, "Failed")


def test_output_and_errors_are_the_log_even_while_it_runs(probe):
    mine = shell(probe, "echo out; echo err >&2; sleep 60")

    until(lambda: probe.logs(mine) == "out\nerr\n")
    assert probe.status(mine) == "Running"
    reply = probe.get(f"/session/{mine}?view=logs")
    assert reply.headers["content-type"] == "text/plain"


def test_a_long_log_comes_complete(probe):
    mine = probe.run("python", "-c", "print('line\\\\\\\\n'*200000)")

    assert probe.finished(mine) == "line\n" * 200000 + "\n"


def test_input_is_empty(probe):
    assert probe.finished(shell(probe, "cat; echo done")) == "done\n"


def test_python_is_the_one_that_runs_the_platform(probe):
    mine = probe.run("python", "-c", "import\tsys;print(sys.prefix)")

    assert probe.finished(mine) == f"{sys.prefix}\n"


def test_a_command_that_is_not_there_fails_with_an_event(probe):
    mine = probe.create(cmd="no-such-program")

    probe.until_status(mine, "Failed")
    assert probe.logs(mine) == ""
    events = probe.events(mine)
    assert 'StartError: exec: "no-such-program": executable file not found in $PATH' in events
    assert "Warning" in events
    assert "Started" not in events


@pytest.mark.parametrize("cmd", ["", "/", "python -V"])
def test_a_command_that_cannot_be_run_fails(probe, cmd):
    mine = probe.create(cmd=cmd)

    probe.until_status(mine, "Failed")
    assert "StartError" in probe.events(mine)


def test_without_a_command_a_session_completes_and_says_why(probe):
    mine = probe.create()

    assert probe.status(mine) == "Completed"
    assert "runs no images" in probe.logs(mine)


def test_the_home_is_shared_and_the_working_folder_is_not(probe, platform):
    first = shell(probe, "echo hello >here; echo hello >~/there")
    probe.until_status(first, "Completed")

    second = shell(probe, "cat ~/there; ls")

    assert probe.finished(second) == "hello\n"
    assert (platform.home / "there").read_text() == "hello\n"


def test_deleting_ends_the_whole_group(probe):
    mine = shell(probe, r"sh -c 'sleep 600 & echo \$!; wait' & wait")
    until(lambda: probe.logs(mine))
    grandchild = int(probe.logs(mine))
    assert alive(grandchild)

    probe.delete(f"/session/{mine}")

    until(lambda: not alive(grandchild))
    until(lambda: probe.get(f"/session/{mine}?view=events").status_code == 404)
    assert probe.logs(mine) == ""


def test_what_will_not_end_is_killed():
    with LocalPlatform(grace=0.2) as platform, Probe(platform) as client:
        mine = shell(client, r"trap '' TERM; echo \$\$\$\$; sleep 600; sleep 600")
        until(lambda: client.logs(mine))
        pid = int(client.logs(mine))
        client.delete(f"/session/{mine}")
        until(lambda: not alive(pid))


def test_what_a_command_leaves_in_the_background_ends_with_it(probe):
    mine = shell(probe, r"sleep 600 & echo \$!")

    background = int(probe.finished(mine))

    assert probe.status(mine) == "Completed"
    assert not alive(background)


def test_the_files_of_a_deleted_session_are_removed(probe, platform):
    mine = shell(probe, "echo x >file; pwd")
    folder = Path(probe.finished(mine).strip())
    assert (folder / "file").exists()

    probe.delete(f"/session/{mine}")

    until(lambda: not folder.exists())
    assert platform.home.exists()


def test_more_commands_than_may_run_wait_in_order():
    with LocalPlatform(max_running=1) as platform, Probe(platform) as probe:
        first = shell(probe, "sleep 600")
        probe.until_status(first, "Running")
        second, third = (shell(probe, "echo hi >>~/order; echo done") for _ in range(2))
        waiting = probe.show(second)

        assert waiting["status"] == "Pending"
        assert "startTime" not in waiting
        assert "expiryTime" not in waiting
        assert probe.get(f"/session/{second}?view=events").status_code == 404
        assert probe.logs(second) == ""
        renewed = probe.post(f"/session/{second}", data={"action": "renew"})
        assert renewed.status_code == 400
        probe.delete(f"/session/{first}")
        probe.until_status(third, "Completed")
        assert probe.status(second) == "Completed"
        assert probe.show(second)["startTime"] <= probe.show(third)["startTime"]
        assert "Scheduled" in probe.events(second)


def test_a_waiting_command_can_be_deleted():
    with LocalPlatform(max_running=1) as platform, Probe(platform) as probe:
        first = shell(probe, "sleep 600")
        second = shell(probe, "touch ~/started")
        third = shell(probe, "touch ~/started-too")
        probe.delete(f"/session/{second}")
        assert probe.ids() == [first, third] or probe.ids() == [third, first]
        probe.delete(f"/session/{first}")
        probe.until_status(third, "Completed")
        assert not (platform.home / "started").exists()


def test_the_end_is_seen_in_the_very_next_request(probe):
    for _ in range(20):
        mine = shell(probe, "echo \\$\\$\\$\\$; exec true")
        until(lambda mine=mine: probe.logs(mine))
        pid = int(probe.logs(mine))
        while alive(pid):
            time.sleep(0.0005)
        assert probe.status(mine) == "Completed"


def test_times_are_those_of_the_processes(probe):
    before = datetime.now().astimezone().replace(microsecond=0)
    mine = probe.create(cmd="true")
    probe.finished(mine)

    started = datetime.fromisoformat(probe.show(mine)["startTime"])

    assert before <= started <= datetime.now().astimezone()


def test_nothing_is_left_when_the_platform_stops():
    with LocalPlatform() as platform, Probe(platform) as probe:
        folder = platform.home.parents[2]
        loyal = shell(probe, r"echo \$\$\$\$; sleep 600")
        stubborn = shell(probe, r"trap '' TERM; echo \$\$\$\$; sleep 600; sleep 600")
        runaway = shell(probe, r"setsid sleep 600 & echo \$!; sleep 600")
        sessions = (loyal, stubborn, runaway)
        until(lambda: all(probe.logs(mine) for mine in sessions))
        pids = [int(probe.logs(mine)) for mine in sessions]
        assert all(map(alive, pids))

    until(lambda: not any(map(alive, pids)))
    assert not folder.exists()


def test_a_program_that_ends_without_stopping_its_platform_leaves_nothing():
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from platform_probe import Probe, until
from canfar.local import LocalPlatform
platform = LocalPlatform().start()
with Probe(platform) as probe:
    mine = probe.create(cmd="sh", args=r"-c echo\t\\$\\$\\$\\$;sleep\t600")
    until(lambda: probe.logs(mine))
    print(probe.logs(mine), platform.home.parents[2])
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )

    pid, folder = done.stdout.split()
    assert done.stderr == ""
    until(lambda: not alive(pid))
    assert not Path(folder).exists()


def test_a_fork_of_the_program_does_not_take_the_platform_down(probe, platform, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: -1)
    running = platform._running
    platform.stop()
    platform._running = running
    monkeypatch.undo()

    assert probe.get("/session").status_code == 200


def test_python_is_offered_where_only_python3_is(tmp_path, monkeypatch):
    interpreter = tmp_path / "somewhere" / "python3"
    interpreter.parent.mkdir()
    interpreter.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    folders = Folders(tmp_path / "platform")
    folders.create(["alice"])

    found = shutil.which("python", path=folders.search_path())

    assert found == str(tmp_path / "platform" / "bin" / "python")
    assert subprocess.run([found, "-c", "print(1)"], capture_output=True, check=True).stdout


def test_only_what_programs_need_is_inherited(tmp_path):
    inherited = {"LANG": "C", "LC_TIME": "C", "CANFAR_TOKEN": "x", "AWS_SECRET": "y", "TZ": "UTC"}

    environment = process_environment(Folders(tmp_path), [("PATH", "/mine")], inherited)

    assert environment == {"LANG": "C", "LC_TIME": "C", "TZ": "UTC", "PATH": "/mine"}


def test_a_process_that_somebody_else_waited_for_has_ended(tmp_path):
    process = Process(["true"], {"PATH": os.environ["PATH"]}, tmp_path, tmp_path / "log")
    os.waitpid(process.pid, 0)

    assert process.has_ended()
    assert process.reap() == 0
    assert process.has_ended()


def test_a_full_disk_is_a_reason_not_to_start(tmp_path):
    with pytest.raises(NotStartedError, match="not a directory"):
        Process(["true"], {}, Path("/dev/null/folder"), tmp_path / "log")


def test_the_worked_example_serves_until_it_is_deleted(probe):
    mine = probe.create(
        cmd="python", args="-m http.server 0 -b 127.0.0.1", env=["FOO=bar", "PYTHONUNBUFFERED=1"]
    )
    until(lambda: "Serving HTTP" in probe.logs(mine))
    shown = probe.show(mine)
    assert shown["status"] == "Running"
    assert shown["isFixedResources"] is False
    port = re.search(r"port (\d+)", probe.logs(mine)).group(1)
    url = f"http://127.0.0.1:{port}"
    assert httpx.get(url).status_code == 200

    probe.delete(f"/session/{mine}")

    until(lambda: probe.get(f"/session/{mine}?view=events").status_code == 404)
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)
