"""The server named local: a platform on this machine, started or joined."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from canfar import config, server
from canfar.errors import ConfigurationError
from canfar.local.joining import default_state, join_or_start, running
from canfar.local.state.folder import occupant
from canfar.sessions import AsyncSession, Session


@pytest.fixture(autouse=True)
def _state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield
    found = occupant(default_state())
    if found is not None:
        os.kill(found.process_id, signal.SIGKILL)
        while occupant(default_state()) is not None:
            time.sleep(0.02)


def test_a_session_starts_it_and_the_next_joins_it(make_session):
    session = make_session(server="local")
    ids = session.create("hello", "skaha/astroml", cmd="echo", args="hello")
    session.wait(ids)

    with Session(server="local") as other:
        assert other.url == session.url
        assert other.logs(ids)[ids[0]] == "hello\n"
        assert (other.identity.kind, other.identity.idp) == ("token", "local")
        assert "local platform" in str(other.identity)


def test_it_stays_chosen_and_is_started_again(make_session):
    chosen = server.use("local")
    assert running().url.startswith(chosen.url)
    assert make_session().fetch() == []
    os.kill(running().process_id, signal.SIGTERM)
    while occupant(default_state()) is not None:
        time.sleep(0.02)

    with Session() as session:
        assert session.fetch() == []
    assert config.load().active.server == "local"


def test_another_credential_makes_no_sense():
    for kind in (Session, AsyncSession):
        with pytest.raises(ConfigurationError, match="login of its own"):
            kind(server="local", token="t")


def test_processes_that_start_it_at_once_share_one():
    program = "from canfar.local.joining import join_or_start; print(join_or_start().url)"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    urls = {process.communicate(timeout=60)[0] for process in processes}

    assert urls == {f"{running().url}\n"}


def test_one_that_cannot_start_says_why(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match="did not start"):
        join_or_start(tmp_path / "file")
    assert running(tmp_path / "nothing") is None
