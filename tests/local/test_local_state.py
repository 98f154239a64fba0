"""What a platform remembers, and what it leaves behind: nothing, however it ends."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from platform_probe import IMAGE, Probe, until

from canfar.local import LocalPlatform, ManualClock, StateInUseError
from canfar.local.contract.resources import Resources
from canfar.local.contract.session import Event, Session
from canfar.local.runner import guard
from canfar.local.runner.guardian import Guardian
from canfar.local.state import codec
from canfar.local.state.database import Database
from canfar.local.state.folder import StateFolder, occupant

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SESSION = Session(
    id="abcdefgh",
    owner="alice",
    uid=1000,
    groups=(1, 2),
    image=IMAGE,
    kind="headless",
    name="demo",
    resources=Resources(1, 4, 8, 32.5),
    created_at=MOMENT,
    deadline=timedelta(days=14),
    events=(Event("Normal", "Started", 'said "é"', MOMENT),),
)


def alive(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def sleeping():
    return subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)


def shell(probe, script, **form):
    return probe.create(cmd="sh", args="-c " + script.replace(" ", "\t"), **form)


class Foreground:
    """``python -m canfar.local``, with what it printed."""

    def __init__(self, process):
        self.process = process
        lines = [process.stdout.readline().strip() for _ in range(2)]
        said = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        self.url, self.token = said["CANFAR_URL"], said["CANFAR_TOKEN"]

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextmanager
def foreground(*arguments):
    command = [sys.executable, "-m", "canfar.local", *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            platform = Foreground(process)
            with Probe(platform) as probe:
                yield platform, probe
        finally:
            process.kill()


def test_sessions_logs_and_the_token_survive_a_restart(tmp_path):
    folder = tmp_path / "state"
    with LocalPlatform(state=folder) as platform, Probe(platform) as probe:
        done = shell(probe, "echo hello; echo x >~/kept")
        probe.finished(done)
        page = probe.create(type="notebook")
        before = probe.show(done)
        deleted = shell(probe, "echo bye")
        probe.finished(deleted)
        probe.delete(f"/session/{deleted}")
        url, token = platform.url, platform.token

    again = LocalPlatform(state=folder)

    assert again.token == token
    with again, Probe(again) as probe:
        assert again.url == url
        assert probe.show(done) == before
        assert probe.logs(done) == "hello\n"
        assert (again.home / "kept").read_text() == "x\n"
        assert probe.status(page) == "Failed"
        assert probe.get(f"/session/{deleted}").status_code == 404


def test_what_ran_or_waited_is_failed_and_says_why(tmp_path):
    with LocalPlatform(state=tmp_path, max_running=1) as platform, Probe(platform) as probe:
        running = shell(probe, "sleep 600")
        probe.until_status(running, "Running")
        waiting = shell(probe, "sleep 600")

    with LocalPlatform(state=tmp_path) as platform, Probe(platform) as probe:
        assert probe.status(running) == probe.status(waiting) == "Failed"
        assert "canfar.local ended while this session ran" in probe.events(running)
        assert "canfar.local ended before this session's turn came" in probe.events(waiting)


def test_a_temporary_platform_forgets(tmp_path):
    with LocalPlatform(token="t") as platform, Probe(platform) as probe:
        mine = probe.create()
        root = platform.home.parents[2]
    assert not root.exists()
    with LocalPlatform(token="t") as platform, Probe(platform) as probe:
        assert probe.get(f"/session/{mine}").status_code == 404


def test_time_passes_while_it_is_down(tmp_path):
    clock = ManualClock(MOMENT)
    with LocalPlatform(state=tmp_path, clock=clock) as platform, Probe(platform) as probe:
        old = shell(probe, "echo gone")
        probe.finished(old)
        log = tmp_path / "logs" / f"{old}.log"
        assert log.exists()
    clock.advance(timedelta(hours=2))
    with LocalPlatform(state=tmp_path, clock=clock) as platform, Probe(platform) as probe:
        assert probe.ids() == []
        until(lambda: not log.exists())


def test_an_id_is_never_given_twice(tmp_path):
    made = []
    for _ in range(2):
        with LocalPlatform(state=tmp_path, seed=7) as platform, Probe(platform) as probe:
            made.append(probe.create())
            probe.delete(f"/session/{made[-1]}")

    assert made[0] != made[1]


def test_everything_in_the_folder_is_private(tmp_path):
    folder = tmp_path / "a" / "b"
    with LocalPlatform(state=folder) as platform, Probe(platform) as probe:
        probe.finished(shell(probe, "echo hello"))
        loose = [path for path in (folder, *folder.glob("*")) if path.stat().st_mode & 0o077]
        secret = platform.token.encode()
        holding = [
            path.name
            for path in folder.rglob("*")
            if path.is_file() and secret in path.read_bytes()
        ]

    assert loose == []
    assert holding == ["token"]


def test_a_given_token_is_kept(tmp_path):
    with LocalPlatform(state=tmp_path, token="given"):
        pass
    assert LocalPlatform(state=tmp_path).token == "given"


def test_the_port_is_another_when_the_last_one_is_taken(tmp_path):
    with LocalPlatform(state=tmp_path) as platform:
        url = platform.url
    port = int(url.split(":")[2].split("/")[0])
    with LocalPlatform(port=port), LocalPlatform(state=tmp_path) as platform:
        assert platform.url != url


def test_a_second_platform_is_told_who_has_the_folder(tmp_path):
    with LocalPlatform(state=tmp_path) as platform:
        with pytest.raises(StateInUseError) as caught:
            LocalPlatform(state=tmp_path).start()
        assert str(caught.value) == (
            f"the state folder {tmp_path} belongs to a local platform that runs already "
            f"(process {os.getpid()}); stop that one first, or give this one another folder"
        )
        told = subprocess.run(
            [sys.executable, "-m", "canfar.local", "--state", tmp_path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 1
        assert told.stderr == f"canfar.local: {caught.value}\n"
        seen = occupant(tmp_path)
        assert (seen.process_id, seen.url) == (os.getpid(), platform.url)
    assert occupant(tmp_path) is None
    assert occupant(tmp_path / "nowhere") is None


def test_a_lock_that_says_nothing_still_locks(tmp_path, monkeypatch):
    monkeypatch.setattr("canfar.local.state.folder._PATIENCE_SECONDS", 0.05)
    first = StateFolder(tmp_path)
    os.ftruncate(first.lock, 0)
    with pytest.raises(StateInUseError, match="another process"):
        StateFolder(tmp_path)
    first.release()
    StateFolder(tmp_path).release()


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    tmp_path.chmod(0o755)

    with pytest.raises(OSError, match="holds other files and no state"):
        LocalPlatform(state=tmp_path).start()

    assert tmp_path.stat().st_mode & 0o777 == 0o755
    with pytest.raises(NotADirectoryError):
        LocalPlatform(state=tmp_path / "thesis.tex").start()


@pytest.mark.parametrize("spoil", ["version", "bytes", "session"])
def test_a_state_that_cannot_be_read_is_not_touched(tmp_path, spoil):
    with LocalPlatform(state=tmp_path) as platform, Probe(platform) as probe:
        probe.create()
    file = tmp_path / "state.sqlite"
    if spoil == "bytes":
        file.write_bytes(b"x" * 5000)
    else:
        link = sqlite3.connect(file)
        link.execute(
            "PRAGMA user_version = 99" if spoil == "version" else "UPDATE session SET value = '{}'"
        )
        link.commit()
        link.close()
    before = file.read_bytes()

    with pytest.raises(OSError, match=r"isn't a state that this canfar can read"):
        LocalPlatform(state=tmp_path).start()

    assert file.read_bytes() == before
    assert occupant(tmp_path) is None


def test_a_session_comes_back_as_it_was():
    assert codec.from_text(codec.to_text(SESSION)) == SESSION
    app = evolve(SESSION, app_id="abc", started_at=MOMENT, groups=(), events=())
    assert codec.from_text(codec.to_text(app)) == app
    for text in ("3", '{"is": "Session"}', '{"is": "os"}', "{", '{"is": "Event", "more": 1}'):
        with pytest.raises(ValueError, match=r".+"):
            codec.from_text(text)
    with pytest.raises(TypeError, match="set can't be kept"):
        codec.to_text(evolve(SESSION, notice={1}))


SCRIPTS = {
    "a command": r"echo \$\$\$\$; sleep 600",
    "its child": r"sleep 600 & echo \$!; wait",
    "a deserter": r"setsid sleep 600 & echo \$!; sleep 600",
    "a stubborn one": r"trap '' TERM HUP; echo \$\$\$\$; sleep 600; sleep 600",
}


@pytest.mark.parametrize("kept", [True, False])
def test_a_platform_that_is_killed_leaves_nothing(tmp_path, kept):
    with foreground(*(["--state", tmp_path / "state"] if kept else [])) as (platform, probe):
        sessions = [shell(probe, script) for script in SCRIPTS.values()]
        until(lambda: all(probe.logs(mine) for mine in sessions))
        pids = [int(probe.logs(mine)) for mine in sessions]
        where = shell(probe, "pwd; sleep 600")
        until(lambda: probe.logs(where))
        root = Path(probe.logs(where).strip()).parents[1]
        assert all(map(alive, pids))

        platform.kill()

    until(lambda: not any(map(alive, pids)))
    if kept:
        # The guard holds the lock until it is done, so this one waits for it.
        with LocalPlatform(state=tmp_path / "state") as platform, Probe(platform) as probe:
            assert sorted(probe.ids()) == sorted([*sessions, where])
            for mine in sessions:
                assert probe.status(mine) == "Failed"
                assert "canfar.local ended while this session ran" in probe.events(mine)
            assert probe.logs(sessions[0]) == f"{pids[0]}\n"
    else:
        until(lambda: not root.exists())


def test_the_folder_of_one_that_was_killed_early_goes_with_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with foreground() as (platform, _):
        (abandoned,) = tmp_path.iterdir()
        with LocalPlatform():
            assert abandoned.exists()
        platform.kill()
    assert list(tmp_path.iterdir()) == [abandoned]
    (tmp_path / "canfar-local-new").mkdir()

    with LocalPlatform() as first, LocalPlatform() as second:
        living = {one.home.parents[2].name for one in (first, second)}
        assert {entry.name for entry in tmp_path.iterdir()} == {"canfar-local-new", *living}

    assert [entry.name for entry in tmp_path.iterdir()] == ["canfar-local-new"]


def guards(root):
    """The process IDs of the guards of a folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if str(root).encode() in words and guard.__file__.encode() in words:
                found.append(int(folder.name))
    return found


def test_when_the_guard_is_killed_too_the_next_start_ends_what_is_left(tmp_path):
    with foreground("--state", tmp_path) as (platform, probe):
        sessions = [shell(probe, script) for script in SCRIPTS.values()]
        until(lambda: all(probe.logs(mine) for mine in sessions))
        pids = [int(probe.logs(mine)) for mine in sessions]
        (watching,) = guards(tmp_path)
        os.kill(watching, signal.SIGKILL)
        platform.kill()
    assert all(map(alive, pids))
    until(lambda: occupant(tmp_path) is None)

    with LocalPlatform(state=tmp_path):
        until(lambda: not any(map(alive, pids)))


def test_a_recycled_process_id_is_left_alone(tmp_path):
    with sleeping() as innocent:
        with LocalPlatform(state=tmp_path):
            pass
        database = Database(tmp_path / "state.sqlite")
        database._do("INSERT INTO process VALUES (?, ?)", innocent.pid, "another boot 17")
        database.close()
        with LocalPlatform(state=tmp_path):
            pass
        assert innocent.poll() is None
        assert not guard.end_group(innocent.pid, "")
        assert guard.end_group(innocent.pid, guard.birth(innocent.pid))
        assert innocent.wait() == -signal.SIGKILL


def test_no_guard_is_started_before_a_command(tmp_path):
    with LocalPlatform(state=tmp_path) as platform, Probe(platform) as probe:
        probe.create(type="notebook")
        assert guards(tmp_path) == []
        probe.finished(probe.create(cmd="true"))
        assert len(guards(tmp_path)) == 1
    assert guards(tmp_path) == []


def test_commands_run_without_a_guard_too(tmp_path):
    with LocalPlatform(state=tmp_path) as platform, Probe(platform) as probe:
        probe.finished(probe.create(cmd="true"))
        os.kill(guards(tmp_path)[0], signal.SIGKILL)
        until(lambda: not any(map(alive, guards(tmp_path))))
        assert probe.finished(shell(probe, "echo still")) == "still\n"


def test_processes_are_told_by_their_session_and_their_platform():
    def owner(*environment):
        return guard.session_of([entry.encode() for entry in environment], "/run/it")

    assert owner("skaha_sessionid=abc", "HOME=/run/it/cavern") == "abc"
    assert owner("skaha_sessionid=abc", "PATH=/bin:/run/it/bin", "HOME=/") == "abc"
    assert owner("HOME=/run/it/cavern") is None
    assert owner("skaha_sessionid=abc", "HOME=/run/item/x", "DATA=/run/it/x", "") is None


def test_births_are_told_apart(monkeypatch, tmp_path):
    mine = guard.birth(os.getpid())
    assert mine
    assert mine == guard.birth(os.getpid())
    assert mine != guard.birth(1)
    assert guard.birth(2**22 + 1) == ""
    monkeypatch.setattr(guard, "PROCESSES", str(tmp_path / "nowhere"))
    assert guard.birth(os.getpid()) == ""
    assert guard.end_strays("/run/it") == 0


def test_where_there_is_no_proc_births_come_from_ps(monkeypatch, tmp_path):
    monkeypatch.setattr(guard, "_BOOT", str(tmp_path / "nowhere"))
    said = tmp_path / "said"
    monkeypatch.setattr(
        guard.subprocess,
        "run",
        lambda command, **_: (
            said.write_text(" ".join(command))
            and subprocess.CompletedProcess(command, 0, b"Mon Nov 23 10:00:00 2026\n")
        ),
    )

    assert guard.birth(17) == "Mon Nov 23 10:00:00 2026"
    assert said.read_text() == "/bin/ps -o lstart= -p 17"


def test_the_guard_ends_what_it_was_told_of_and_no_more(tmp_path):
    (tmp_path / "root").mkdir()
    read, write = os.pipe()
    with (
        sleeping() as left,
        sleeping() as ended,
    ):
        for process in (left, ended):
            os.write(write, f"+ {process.pid} {guard.birth(process.pid)}\n".encode())
        os.write(write, f"- {ended.pid}\n+ 1".encode())
        os.close(write)

        guard.watch(str(tmp_path / "root"), remove=True, news=read, parent=os.getppid())

        assert left.wait() == -signal.SIGKILL
        assert ended.poll() is None
        ended.kill()
    os.close(read)
    assert not (tmp_path / "root").exists()


def test_the_guard_notices_a_parent_that_went_away(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "_LOOK_SECONDS", 0.01)
    read, write = os.pipe()
    guard.watch(str(tmp_path), remove=False, news=read, parent=-1)
    os.close(read)
    os.close(write)
    assert tmp_path.exists()


def test_a_guardian_that_is_closed_starts_nothing(tmp_path):
    guardian = Guardian(tmp_path, remove=False)
    guardian.close()
    guardian.ready()
    guardian.began("a", 1)
    assert guards(tmp_path) == []
