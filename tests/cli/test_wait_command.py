"""`canfar wait` and `canfar open`, as people and scripts use them."""

from __future__ import annotations

import json
import sys

import pytest

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def session(platform):
    with Session(url=platform.url, token=platform.token) as session:
        yield session
        session.destroy(session.fetch())


@pytest.fixture
def ended(session):
    ids = session.create("good", IMAGE, cmd="true") + session.create("bad", IMAGE, cmd="false")
    session.wait(ids)
    return ids


def rows(done):
    return [line.split("\t")[1:4:2] for line in done.out.splitlines()[1:]]


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["good"], 0, [["good", "Completed"]]),
        (["bad"], 1, [["bad", "Failed"]]),
        (["bad", "good"], 6, [["bad", "Failed"], ["good", "Completed"]]),
        (["nobody", "good"], 6, [["good", "Completed"]]),
        (["nobody"], 3, []),
        (["good", "--until", "Running"], 0, [["good", "Completed"]]),
    ],
)
def test_what_became_of_them(canfar, session, ended, words, code, expected):
    done = canfar("wait", *words)
    assert (done.code, rows(done)) == (code, expected)
    if "bad" in words:
        assert f"bad ({ended[1]}): Failed" in done.err
    if "nobody" in words:
        assert "no session 'nobody' of yours" in done.err


def test_it_waits_for_the_end_or_the_start(canfar, session):
    session.create("short", IMAGE, command=["sleep", "0.4"])
    session.create("page", IMAGE, kind="notebook")
    done = canfar("wait", "short", "page", "-o", "json")
    assert done.code == 0
    assert [r["status"] for r in json.loads(done.out)] == ["Completed", "Running"]


def test_what_a_pattern_means_is_in_order(canfar, session):
    session.wait(session.create("n", IMAGE, cmd="true", replicas=11))
    done = canfar("wait", "n-1*", "n-*", "-o", "name")
    numbers = [1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9]
    assert done.out.split() == [f"n-{number}" for number in numbers]


def test_time_runs_out(canfar, session):
    session.create("long", IMAGE, command=["sleep", "600"])
    session.wait(session.fetch(), until="running")
    done = canfar("wait", "long", "--timeout", "0.2s")
    assert done.code == 124
    assert rows(done) == [["long", "Running"]]
    assert "1 of 1 sessions are not there yet" in done.err
    assert canfar("wait", "long", "--until=running").code == 0


def test_progress_when_nobody_watches(canfar, session, monkeypatch):
    monkeypatch.setattr("canfar.cli.progress.MINUTE", 0.1)
    session.create("some", IMAGE, command=["sleep", "1"], replicas=2)
    done = canfar("wait", "some-*")
    assert done.code == 0
    line = done.err.splitlines()[-1]
    assert line.startswith("[........................] 2 sessions, ")
    assert line.endswith((" 0 s", " 1 s"))
    assert "\x1b" not in done.err
    assert canfar("-q", "wait", "some-*").err == ""


def test_the_bar_is_full_when_all_have_ended(canfar, session, monkeypatch):
    monkeypatch.setattr("canfar.cli.progress.MINUTE", 0.1)
    session.wait(session.create("some-bad", IMAGE, cmd="false"))
    session.create("some-long", IMAGE, command=["sleep", "1.5"])
    done = canfar("wait", "some-*", "--timeout", "1s")
    last = [line for line in done.err.splitlines() if line.startswith("[")][-1]
    assert last.startswith(f"[{'x' * 12}{'.' * 12}] 2 sessions, 1 ")


def test_ctrl_c_at_a_terminal(at_terminal, session):
    session.create("long", IMAGE, command=["sleep", "600"])
    done = at_terminal("wait", "long", interrupt_at="1 running")
    assert done.code == 130
    assert "1 session, 1 running" in done.out
    assert done.out.endswith("Interrupted.\n")


def test_progress_fits_a_narrow_terminal(at_terminal, session):
    session.create("some", IMAGE, command=["sleep", "1.5"], replicas=2)
    done = at_terminal("wait", "some-*", size=(24, 40))
    drawn = [part for part in done.out.split("\r\x1b[2K") if part.startswith("[")]
    assert done.code == 0
    assert drawn
    assert max(map(len, drawn)) <= 39


def test_wait_in_a_real_pipe(run, session, ended):
    done = run("wait", "-", "-o", "name", given="\n".join(ended))
    assert (done.code, done.out) == (6, "good\nbad\n")
    assert done.err == f"bad ({ended[1]}): Failed\n"


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Name a program as the browser that writes down what it is asked to open."""
    import webbrowser

    seen = tmp_path / "opened"
    script = tmp_path / "browser.py"
    script.write_text(f"import sys; open({str(seen)!r}, 'a').write(sys.argv[1] + '\\n')")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} %s")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    return lambda: seen.read_text().splitlines() if seen.exists() else []


@pytest.fixture
def notebook(session):
    [notebook] = session.create("page", IMAGE, kind="notebook")
    return notebook


def test_a_session_is_opened_and_its_address_printed(canfar, session, notebook, opened):
    done = canfar("open", "page")
    assert done.code == 0
    assert f"/session/notebook/{notebook}/" in done.out
    assert opened() == done.out.splitlines()


def test_only_where_it_can_be_opened(canfar, session, notebook, opened):
    [row] = json.loads(canfar("open", notebook, "--no-browser", "-o", "json").out)
    assert (row["id"], row["name"]) == (notebook, "page")
    assert row["url"].startswith("http://127.0.0.1:")
    assert opened() == []


def test_what_cannot_be_opened(canfar, session, notebook, ended, opened):
    done = canfar("open", "good")
    assert (done.code, done.out) == (1, "")
    assert "good is Completed and will not run" in done.err
    done = canfar("open", "good", "page", "nobody")
    assert done.code == 6
    assert opened() == done.out.splitlines() != []
    assert canfar("open", "nobody").code == 3


def test_open_waits_as_long_as_it_is_told(canfar, platform, session, opened):
    ids = session.create("long", IMAGE, command=["sleep", "600"], replicas=4)
    while len(pending := session.fetch(status="pending").ids) > 1:
        pass
    assert pending[0] in ids
    done = canfar("open", *pending, "--timeout", "0.1")
    assert (done.code, done.out) == (1, "")
    assert "still Pending after 0.1 s" in done.err


def test_open_in_a_real_pipe(run, session, notebook, opened):
    done = run("open", "page")
    assert (done.code, done.err) == (0, "")
    assert opened() == done.out.splitlines() != []


def test_open_at_a_terminal(at_terminal, session, notebook, opened):
    done = at_terminal("open", "page")
    assert done.code == 0
    assert opened()[0] in done.out
