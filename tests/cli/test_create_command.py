"""`canfar create`, as people and scripts use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from urllib.parse import parse_qsl

import pytest
from holding import Holding

from canfar.local import LocalPlatform
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def session(platform):
    with Session(url=platform.url, token=platform.token) as session:
        yield session
        session.destroy(session.fetch())


def names(session):
    return sorted(record.name for record in session.fetch())


def test_each_id_is_a_line(canfar, session):
    done = canfar("create", "headless", IMAGE, "-n", "fit", "-r", "3", "--", "sleep", "600")
    assert (done.code, done.err) == (0, "")
    assert sorted(done.out.split()) == sorted(session.fetch().ids)
    assert names(session) == ["fit-1", "fit-2", "fit-3"]


def test_forms_of_output(canfar, session):
    words = ("launch", "headless", IMAGE, "-n", "fit", "-r", "2")
    ids = json.loads(canfar(*words, "-o", "json").out)
    assert sorted(ids) == sorted(session.fetch().ids)
    assert canfar(*words, "-o", "name").out == "fit-1\nfit-2\n"
    one = canfar("create", "notebook", IMAGE, "-n", "alone", "-o", "name")
    assert one.out == "alone\n"


def test_a_command_arrives_as_it_was_written(canfar, session):
    text = "a  b $HOME \"quoted\" 'and' \\ -x"
    program = "import os, sys; print(sys.argv[1], os.environ['KEY'], os.environ['FROM'])"
    words = ["-e", "KEY=x=y z", "-e", "FROM", "--wait", "--", sys.executable, "-c", program, text]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FROM", "here")
        done = canfar("create", "headless", IMAGE, *words)
    assert done.code == 0, done
    [id_] = done.out.split()
    assert session.logs(id_)[id_] == f"{text} x=y z here\n"


def test_a_file_of_environment(canfar, session, tmp_path):
    file = tmp_path / "environment"
    file.write_text("# comment\n\nONE=1=one\nTWO= two words \n")
    words = ["--env-file", file, "-e", "ONE=again", "--wait", "--"]
    program = "import os; print([os.environ['ONE'], os.environ['TWO']])"
    done = canfar("create", "headless", IMAGE, *words, sys.executable, "-c", program)
    [id_] = done.out.split()
    assert session.logs(id_)[id_] == "['again', ' two words ']\n"


@pytest.mark.parametrize(
    ("lines", "said"), [(b"ONE=1\nTWO\n", "line 2: this is no KEY=VALUE"), (b"\xff=1", "no text")]
)
def test_a_file_that_is_none(canfar, platform, tmp_path, lines, said):
    file = tmp_path / "environment"
    file.write_bytes(lines)
    before = platform.count("*")
    done = canfar("create", "headless", IMAGE, "--env-file", file)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "TWO" not in done.err
    assert platform.count("*") == before


def test_only_some_replicas(canfar, session):
    words = ["-n", "fit", "-r", "9", "--only", "2, 7", "--wait", "--", "printenv", "REPLICA_COUNT"]
    done = canfar("create", "headless", IMAGE, *words)
    assert done.code == 0
    assert names(session) == ["fit-2", "fit-7"]
    assert set(session.logs(done.out.split()).values()) == {"9\n"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["hadless", IMAGE], "did you mean 'headless'?"),
        (["headless", IMAGE, "-n", "under_score"], "under_score"),
        (["headless", IMAGE, "-r", "3", "--only", "4"], "4"),
        (["headless", IMAGE, "--only", "x"], "'x' is no list of numbers"),
        (["headless", IMAGE, "--only", ""], "'' is no list of numbers"),
        (["headless", IMAGE, "-r", "0"], "0 is not in the range"),
        (["headless", IMAGE, "--open"], "has no page to open"),
        (["headless", IMAGE, "-e", "NOTHING_OF_THE_KIND"], "is no KEY=VALUE"),
        (["notebook", IMAGE, "--", "true"], "headless"),
        (["headless"], "Missing argument 'IMAGE'"),
    ],
    ids=lambda each: " ".join(each)[-30:],
)
def test_what_makes_no_sense_is_said(canfar, platform, words, said):
    before = platform.count("*")
    done = canfar("create", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "TWO" not in done.err
    assert platform.count("*") == before


def test_a_dry_run_shows_what_would_be_sent(canfar, platform, session):
    words = ["headless", IMAGE, "-n", "fit", "-r", "2", "-c", "2", "-m", "4", "-e", "KEY=a  b"]
    command = ["--", "echo", "a b"]
    before = platform.count("*")
    shown = canfar("create", *words, "--dry-run", *command).out
    previewed = json.loads(canfar("create", *words, "--dry-run", "-o", "json", *command).out)
    assert platform.count("*") == before
    assert shown.count(f"POST {platform.url}/session\n") == 2
    assert "\nname=fit-2\n" in shown

    assert canfar("create", *words, *command).code == 0
    arrived = [r.request for r in platform.requests[before:] if r.method == "POST"]
    sent = sorted(parse_qsl(each.body.decode(), keep_blank_values=True) for each in arrived)
    assert sent == sorted([tuple(pair) for pair in each["form"]] for each in previewed)
    wanted = [(each["url"], each["headers"]["Content-Type"]) for each in previewed]
    where = [f"http://{each.header('host')}{each.path}" for each in arrived]
    assert list(zip(where, (r.header("content-type") for r in arrived), strict=True)) == wanted


def test_what_a_wait_comes_to(canfar, session):
    good = canfar("create", "headless", IMAGE, "--wait", "--", "true")
    assert (good.code, good.err) == (0, "")
    bad = canfar("create", "headless", IMAGE, "-n", "bad", "--wait", "--", "false")
    assert bad.code == 1
    assert bad.err == f"bad ({bad.out.strip()}): Failed\n"
    some = ["sh", "-c", '[ "$REPLICA_ID" = 1 ]']
    assert canfar("create", "headless", IMAGE, "-r", "2", "--wait", "--", *some).code == 6
    notebook = canfar("create", "notebook", IMAGE, "--wait")
    assert session.info(notebook.out.split())[0].status == "Running"


def test_some_that_are_refused(canfar, platform, session):
    platform.fail("create", status=400, body="no more of those", times=1)
    done = canfar("create", "headless", IMAGE, "-r", "3", "--wait", "--", "true")
    assert done.code == 6
    assert len(done.out.split()) == 2
    assert "no more of those" in done.err
    [number] = {1, 2, 3} - {int(r.name[-1]) for r in session.fetch()}
    assert f"same name and words and --only {number}\n" in done.err
    assert {r.status for r in session.fetch()} == {"Completed"}


def test_what_was_started_is_said_when_the_rest_is_hopeless(canfar, platform, session):
    platform.fail("create", status=401, body="you were logged out", skip=2)
    done = canfar("create", "headless", IMAGE, "-r", "200", "-o", "json", "--", "sleep", "600")
    assert done.code == 4
    assert sorted(json.loads(done.out)) == sorted(session.fetch().ids)
    assert "you were logged out" in done.err


def test_it_is_opened(canfar, session, tmp_path, monkeypatch):
    import webbrowser

    opened = []
    monkeypatch.setattr(webbrowser, "open_new_tab", lambda url: opened.append(url) or True)
    done = canfar("create", "notebook", IMAGE, "--open")
    [id_] = done.out.split()
    assert done.code == 0
    assert done.err == f"{id_}: {opened[0]}\n"


def test_in_a_real_pipe(run, session):
    done = run("create", "headless", "skaha/astroml", "-q", "--", "true")
    assert (done.code, done.out.split(), done.err) == (0, session.fetch().ids, "")


def test_ctrl_c_prints_the_ids_of_all_that_started(at_terminal, monkeypatch):
    with LocalPlatform(max_running=0) as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        platform.delay("create", seconds=0.8, after=True)
        done = at_terminal(
            "create", "headless", IMAGE, "-r", "200", "--", "true", interrupt_at="created 3"
        )
        with Session(url=platform.url, token=platform.token) as session:
            started = session.fetch().ids
    assert done.code == 130
    # The terminal itself writes ^C, wherever the cursor is at that moment.
    lines = done.out.replace("^C", "").splitlines()
    shown = {line.split("\x1b[2K")[-1] for line in lines}
    assert 3 <= len(started) < 200
    assert set(started) <= shown
    assert f"{len(started)} were started and go on; end them with: canfar delete" in done.out
    assert " of 200, " in done.out


@pytest.mark.parametrize("form", ["json", "name", "wide"])
def test_ctrl_c_in_a_pipe_prints_them_in_every_form(monkeypatch, form):
    words = ["create", "headless", IMAGE, "-n", "fit", "-r", "200", "-o", form, "--", "true"]
    with LocalPlatform(max_running=0) as platform:
        holding = Holding(platform, "create", skip=5)
        with subprocess.Popen(
            [sys.executable, "-m", "canfar.cli", *words],
            env={**os.environ, **platform.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            holding.wait(4)
            process.send_signal(signal.SIGINT)
            holding.let_go_until(lambda: process.poll() is not None)
            out, err = process.communicate()
        with Session(url=platform.url, token=platform.token) as session:
            started = session.fetch()
    shown = json.loads(out) if form == "json" else out.split()
    wanted = [record.name if form == "name" else record.id for record in started]
    assert process.returncode == 130
    assert 9 <= len(started) < 200
    assert sorted(shown) == sorted(wanted)
    assert "Interrupted." in err
    said = f"{len(started)} were started and go on; end them with: canfar delete --yes"
    assert f"{said} 'fit-[0-9]*'\nfind them with: canfar ps 'fit-[0-9]*'\n" in err


@pytest.mark.parametrize("words", [["create", "headless"], ["run"]], ids=["create", "run"])
def test_ctrl_c_again_says_what_was_not_waited_for(at_terminal, monkeypatch, words):
    with LocalPlatform(max_running=0) as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("CANFAR_TIMEOUT", "600")  # longer than the terminal has patience
        platform.delay("create", seconds=3600, after=True, skip=3)
        done = at_terminal(
            *words, IMAGE, "--name", "fit", "-r", "20", "--", "true",
            interrupt_at="created 3", again_after=1,
        )  # fmt: skip
        platform.advance(hours=1)
    assert done.code == 130
    assert "17 more may have been started; find them with: canfar ps 'fit-[0-9]*'" in done.out
