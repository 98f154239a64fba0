"""Notebook sessions as servers: a small stand-in here, the real Jupyter in tests/browser."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from platform_probe import Probe, until

from canfar.local import LocalPlatform
from canfar.local.__main__ import main
from canfar.local.runner import notebooks
from canfar.local.runner.notebooks import find_jupyter

STAND_IN = """
import http.server, json, os, pathlib, subprocess, sys
config = json.loads(pathlib.Path(sys.argv[1].removeprefix("--config=")).read_text())["ServerApp"]
kernel = subprocess.Popen(["sleep", "600"], start_new_session=True)
facts = {"argv": sys.argv, "env": dict(os.environ), "kernel": kernel.pid, **config}
print(json.dumps(facts), flush=True)
if pathlib.Path(os.environ["HOME"], "broken").exists():
    sys.exit(3)

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ready = pathlib.Path(os.environ["HOME"], "ready").exists()
        known = self.headers["Authorization"] == "token " + os.environ["JUPYTER_TOKEN"]
        api = self.path == config["base_url"] + "api/status"
        self.send_response(200 if ready and (known or not api) else 403)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_):
        pass

http.server.HTTPServer((config["ip"], config["port"]), Handler).serve_forever()
"""


def alive(pid):
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    program = tmp_path / "jupyter.py"
    program.write_text(STAND_IN)
    for module in ("runner.notebooks", "platform"):
        monkeypatch.setattr(
            f"canfar.local.{module}.find_jupyter", lambda: (sys.executable, str(program))
        )


@pytest.fixture
def lab(stand_in):
    with LocalPlatform(username="alice", jupyter=True, max_running=1) as platform:
        yield platform


@pytest.fixture
def user(lab):
    with Probe(lab) as probe:
        yield probe


def begin(user):
    """Create a notebook; return its ID and what the server said of itself."""
    mine = user.create(type="notebook", ram="8", cores="2")
    until(lambda: user.logs(mine).endswith("\n"))
    return mine, json.loads(user.logs(mine))


def test_it_runs_when_it_answers_and_ends_with_the_session(lab, user):
    mine, said = begin(user)
    url = user.show(mine)["connectURL"]
    assert user.status(mine) == "Pending"
    assert httpx.get(url).status_code == 503

    (lab.home / "ready").touch()
    user.until_status(mine, "Running")

    assert url == user.show(mine)["connectURL"]
    assert url.startswith(lab.url.removesuffix("/skaha/v1"))
    sent = httpx.get(url)
    assert sent.status_code == 307
    path = f"/session/notebook/{mine}/lab/tree/cavern/home/alice?token={mine}"
    assert sent.headers["location"] == f"http://127.0.0.1:{said['port']}{path}"
    assert httpx.get(url, follow_redirects=True).text == path
    assert "Started" in user.events(mine)
    assert alive(said["kernel"])
    user.delete(f"/session/{mine}")
    until(lambda: not alive(said["kernel"]))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{said['port']}")
    assert httpx.get(url).status_code == 404


def test_it_gets_what_notebooks_get(lab, user):
    mine, said = begin(user)
    home, environment = str(lab.home), said["env"]

    assert said["argv"][1:] == ["--config=jupyter.json"]
    assert (Path(said["root_dir"]) / "cavern/home/alice").samefile(home)
    assert [entry.name for entry in Path(said["root_dir"]).iterdir()] == ["cavern"]
    assert environment["JUPYTER_TOKEN"] == environment["skaha_sessionid"] == mine
    assert environment["HOME"] == environment["XDG_CACHE_HOME"] == home
    assert environment["NB_USER"] == environment["skaha_username"] == "alice"
    for name in ("OMP", "JULIA", "OPENBLAS", "MKL"):
        assert environment[f"{name}_NUM_THREADS"] == "2"
    for name, value in environment.items():
        if name.startswith("JUPYTER") and name != "JUPYTER_TOKEN":
            assert value.startswith(home)


def test_one_that_ends_by_itself_is_failed(lab, user):
    (lab.home / "broken").touch()
    mine, _ = begin(user)
    user.until_status(mine, "Failed")
    assert "Started" not in user.events(mine)


def test_it_takes_no_headless_commands_place(lab, user):
    (lab.home / "ready").touch()
    first = user.create(cmd="sleep", args="600")
    user.until_status(first, "Running")
    waiting = user.create(cmd="true")
    mine, _ = begin(user)
    user.until_status(mine, "Running")
    assert user.status(waiting) == "Pending"
    user.delete(f"/session/{first}")
    user.until_status(waiting, "Completed")
    assert user.status(mine) == "Running"


def test_a_platform_stops_while_one_is_starting(stand_in):
    with LocalPlatform(jupyter=None) as platform, Probe(platform) as probe:
        _, said = begin(probe)
    until(lambda: not alive(said["kernel"]))


def test_one_that_cannot_be_started_says_so(stand_in, monkeypatch):
    monkeypatch.setattr(notebooks, "find_jupyter", lambda: ("no-such-jupyter",))
    with LocalPlatform(jupyter=True) as platform, Probe(platform) as probe:
        mine = probe.create(type="notebook")
        probe.until_status(mine, "Failed")
        assert 'exec: "no-such-jupyter": executable file not found' in probe.events(mine)


def test_without_jupyter_there_is_a_page(monkeypatch, capsys):
    monkeypatch.setattr("canfar.local.platform.find_jupyter", lambda: None)
    with pytest.raises(ValueError, match="pip install jupyterlab"):
        LocalPlatform(jupyter=True)
    assert main(["--jupyter"]) == 1
    assert "pip install jupyterlab" in capsys.readouterr().err
    with LocalPlatform(jupyter=None) as platform, Probe(platform) as probe:
        shown = probe.show(probe.create(type="notebook"))
        assert shown["status"] == "Running"
        assert "runs no images" in httpx.get(shown["connectURL"]).text


def test_jupyter_is_looked_for_beside_this_python_first(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    assert find_jupyter() == (sys.executable, "-m", "jupyterlab")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/{name}")
    assert find_jupyter() == ("/opt/jupyter-lab",)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert find_jupyter() is None
