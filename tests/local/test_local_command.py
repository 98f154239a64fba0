"""``canfar local start | stop | status``, as people type it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from platform_probe import Probe, until

import canfar
from canfar import cli
from canfar.local import LocalPlatform
from canfar.local.__main__ import main as serve
from canfar.local.joining import default_state
from canfar.local.state.folder import StateFolder, occupant


@pytest.fixture
def canfar_command(tmp_path):
    """Run ``canfar``; whatever it started is ended afterwards."""
    state = tmp_path / "state"

    def run(*words, **environment):
        return subprocess.run(
            [sys.executable, "-m", "canfar.cli", *map(str, words)],
            env={**os.environ, "XDG_STATE_HOME": str(state), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    run.folder = state / "canfar" / "local"
    yield run
    running = occupant(run.folder)
    if running is not None:
        os.kill(running.process_id, signal.SIGKILL)
        until(lambda: occupant(run.folder) is None)


class Target:
    """What the export lines say."""

    def __init__(self, text):
        said = dict(line.removeprefix("export ").split("=", 1) for line in text.splitlines())
        self.url, self.token = said.pop("CANFAR_URL"), said.pop("CANFAR_TOKEN")
        assert not said


def test_it_runs_in_the_background_until_it_is_stopped(canfar_command):
    started = canfar_command("local", "start", "--", "--no-jupyter")

    assert started.returncode == 0, started.stderr
    assert "runs in the background as process" in started.stderr
    assert "commands run as you" in started.stderr
    target = Target(started.stdout)
    with Probe(target) as probe:
        done = probe.create(cmd="echo", args="hello")
        probe.finished(done)
        probe.create(type="notebook")
    shown = canfar_command("local", "status")
    assert shown.returncode == 0
    process_id = occupant(canfar_command.folder).process_id
    assert shown.stdout == (
        f"canfar.local runs at {target.url}\nprocess: {process_id}\n"
        f"state: {canfar_command.folder}\nsessions: 2 (1 Completed, 1 Running)\n"
    )

    stopped = canfar_command("local", "stop")

    assert (stopped.returncode, stopped.stdout) == (0, "")
    assert stopped.stderr == "The local platform has ended, and everything it ran.\n"
    after = canfar_command("local", "status")
    assert after.returncode == 3
    assert after.stdout == f"No local platform runs in {canfar_command.folder}.\n"
    assert canfar_command("local", "stop").returncode == 0
    again = canfar_command("local", "start")
    assert again.stdout == started.stdout
    with Probe(target) as probe:
        assert probe.logs(done) == "hello\n"


def test_starting_twice_says_so_and_prints_the_same(canfar_command):
    first = canfar_command("local", "start")
    second = canfar_command("local", "start")

    assert second.returncode == 0
    assert second.stdout == first.stdout
    assert second.stderr.startswith("It runs already, as process ")


def test_its_files_are_private_and_its_log_holds_no_token(canfar_command):
    target = Target(canfar_command("local", "start").stdout)

    loose = [
        path
        for path in (canfar_command.folder, *canfar_command.folder.rglob("*"))
        if path.stat().st_mode & 0o077
    ]

    assert loose == []
    assert target.token not in (canfar_command.folder / "platform.log").read_text()
    command_line = Path(f"/proc/{occupant(canfar_command.folder).process_id}/cmdline")
    assert target.token.encode() not in command_line.read_bytes()


def test_options_are_passed_on(canfar_command, tmp_path):
    folder = tmp_path / "elsewhere"
    with LocalPlatform() as other:
        port = other.url.split(":")[2].split("/")[0]
        refused = canfar_command("local", "start", "--state", folder, "--", "--port", port)
    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert refused.stdout == ""

    started = canfar_command("local", "start", "--state", folder, "--", "--port", port)

    assert f":{port}/" in Target(started.stdout).url
    assert canfar_command("local", "status").returncode == 3
    assert canfar_command("local", "stop", "--state", folder).returncode == 0


def test_what_is_wrong_with_the_options_is_told(canfar_command):
    refused = canfar_command("local", "start", "--", "--no-such-option")
    assert refused.returncode == 1
    assert "unrecognized arguments: --no-such-option" in refused.stderr
    assert refused.stdout == ""


def test_a_platform_that_was_killed_does_not_run(canfar_command):
    canfar_command("local", "start")
    os.kill(occupant(canfar_command.folder).process_id, signal.SIGKILL)
    until(lambda: occupant(canfar_command.folder) is None)

    assert canfar_command("local", "status").returncode == 3
    assert canfar_command("local", "start").returncode == 0


def test_a_folder_that_is_not_ours_is_refused(canfar_command, tmp_path):
    (tmp_path / "precious").touch()
    refused = canfar_command("local", "start", "--state", tmp_path)
    assert refused.returncode == 1
    assert "holds other files" in refused.stderr


def test_a_platform_that_does_not_answer_is_told(tmp_path, capsys):
    taken = StateFolder(tmp_path)
    words = ["local", "status", "--state", str(tmp_path)]
    assert cli.main(words) == 0
    assert "(starting)" in capsys.readouterr().out
    assert cli.main([*words, "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["url"] is None
    taken.announce("http://127.0.0.1:9/skaha/v1")
    (tmp_path / "token").write_text("t")

    code = cli.main(["local", "status", "--state", str(tmp_path)])

    taken.release()
    out, err = capsys.readouterr()
    assert (code, out) == (5, "")
    assert "cannot reach the server" in err


def test_one_that_will_not_end_is_told(tmp_path, capsys, monkeypatch):
    script = (
        "import signal, sys, pathlib; from canfar.local.state.folder import StateFolder;"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "StateFolder(pathlib.Path(sys.argv[1])).announce('x'); print(1, flush=True); input()"
    )
    monkeypatch.setattr("canfar.cli.local._STOP_SECONDS", 0.05)
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as stubborn:
        stubborn.stdout.readline()
        code = cli.main(["local", "stop", "--state", str(tmp_path)])
        stubborn.communicate(b"\n")

    assert code == 1
    assert f"process {stubborn.pid} did not end in 0 seconds" in capsys.readouterr().err


def test_what_programs_are_told(canfar_command, capsys):
    def tell(*words):
        code = cli.main([*words, "--state", str(canfar_command.folder)])
        return code, *capsys.readouterr()

    code, out, _ = tell("local", "status", "-o", "json")
    assert (code, json.loads(out)) == (3, {"running": False, "state": str(canfar_command.folder)})
    started = json.loads(tell("local", "start", "-o", "json")[1])
    code, out, err = tell("-q", "local", "start", "-o", "json")
    assert (code, json.loads(out), err) == (0, {**started, "started": False}, "")
    assert tell("local", "status", "-o", "name")[1] == f"{started['url']}\n"
    assert json.loads(tell("local", "status", "--json")[1]) == {
        "running": True,
        "state": str(canfar_command.folder),
        "url": started["url"],
        "process_id": started["process_id"],
        "sessions": {},
    }


def test_where_it_cannot_run_a_sentence_says_so():
    # In a process of its own: what was loaded here would not be the same again afterwards.
    program = """
import sys
sys.modules["fcntl"] = None  # as on Windows
from canfar.cli import main
for word in ("start", "stop", "status", "serve"):
    print(main(["local", word]))
print(main(["local", "start", "--help"]) == 0, "canfar.local.joining" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.count("runs on Linux and macOS; this system has no fcntl") == 4
    lines = done.stdout.splitlines()
    assert (lines[:4], lines[-1]) == (["1"] * 4, "True False")


def test_serving_until_it_is_told_to_end(canfar_command, tmp_path):
    words = ["local", "serve", "--no-jupyter", "--seed", "7", "--token", "mine"]
    with subprocess.Popen(
        [sys.executable, "-m", "canfar.cli", *words],
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as served:
        target = Target(served.stdout.readline() + served.stdout.readline())
        assert target.token == "mine"
        assert f"runs at {target.url}" in canfar_command("local", "status").stdout
        second = canfar_command("local", "serve")
        assert (second.returncode, second.stdout) == (1, "")
        assert f"runs already (process {served.pid})" in second.stderr
        served.send_signal(signal.SIGTERM)
        out, err = served.communicate()
    assert (served.returncode, out) == (0, "")
    assert err == "canfar.local is serving; its commands run as you. Ctrl-C ends it.\n"


def test_what_is_wrong_with_the_options_of_serve_is_told(canfar_command):
    refused = canfar_command("local", "serve", "--no-such-option")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "usage: canfar local serve" in refused.stderr
    assert "unrecognized arguments: --no-such-option" in refused.stderr


def test_the_default_folder_follows_the_standard(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    for base, folder in (
        ("", "/home/me/.local/state"),
        ("relative", "/home/me/.local/state"),
        ("/var/x", "/var/x"),
    ):
        monkeypatch.setenv("XDG_STATE_HOME", base)
        assert default_state() == Path(folder) / "canfar" / "local"


def test_the_command_says_what_it_is(capsys):
    for words, said in (
        (["--version"], f"canfar {canfar.__version__}"),
        (["--help"], "local"),
        ([], "local"),
    ):
        assert cli.main(words) == 0
        assert said in capsys.readouterr().out
    for wrong in (["local"], ["nothing"]):
        assert cli.main(wrong) == 2
    (script,) = entry_points(group="console_scripts", name="canfar")
    assert script.load() is cli.main


def test_it_needs_nothing_but_the_standard_library():
    program = (
        "import sys, json; import canfar.cli;"
        "print(json.dumps([n for n in ('httpx', 'skaha_client', 'uvicorn') if n in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org", "192.168.1.2"])  # noqa: S104
def test_it_is_no_server_for_other_hosts(host, capsys):
    with pytest.raises(SystemExit) as ended:
        serve(["--host", host])
    assert ended.value.code == 2
    assert "listens on 127.0.0.1 only" in capsys.readouterr().err


def test_the_background_needs_a_folder(capsys):
    with pytest.raises(SystemExit) as ended:
        serve(["--host", "localhost", "--background"])
    assert ended.value.code == 2
    assert "--background needs --state" in capsys.readouterr().err
