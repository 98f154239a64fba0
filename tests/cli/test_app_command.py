"""`canfar app ls`, `attach` and `rm`: the apps of a desktop."""

from __future__ import annotations

import json

import pytest

from canfar.sessions import Session

TERMINAL = "skaha/terminal:1.1.2"


@pytest.fixture(scope="module")
def sessions(shared_platform):
    """Ids by name: two desktops and a notebook."""
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        desk, other = (
            session.create(name, "skaha/desktop:1.1.2", kind="desktop")[0]
            for name in ("desk", "other")
        )
        [notebook] = session.create("analysis", "skaha/astroml", kind="notebook")
        session.wait([desk, other, notebook])
    return {"desk": desk, "other": other, "analysis": notebook}


@pytest.fixture
def apps(platform, sessions):
    """Ids of two apps of the desktop, which are ended afterwards."""
    with Session(url=platform.url, token=platform.token) as session:
        yield [session.attach(sessions["desk"], TERMINAL) for _ in range(2)]
        platform.clear_faults()
        for desktop in (sessions["desk"], sessions["other"]):
            for app in session.apps(desktop):
                session.detach(desktop, app)


def test_an_app_is_started_and_its_id_printed(canfar, platform, sessions, apps):
    done = canfar("app", "attach", "other", TERMINAL, "--cores", "2", "--ram", "4")
    app = done.out.strip()
    assert (done.code, done.err) == (0, "")
    [row] = json.loads(canfar("app", "ls", "other", "-o", "json").out)
    assert (row["appid"], row["id"]) == (app, sessions["other"])
    assert row["requestedCPUCores"] == "2"
    made = json.loads(canfar("app", "attach", sessions["other"], TERMINAL, "-o", "json").out)
    assert made["id"] == sessions["other"]
    assert {row.split("\t")[0] for row in canfar("app", "ls", "other").out.splitlines()[1:]} == {
        app, made["appid"],
    }  # fmt: skip


def test_apps_of_all_desktops_or_of_some(canfar, platform, sessions, apps):
    done = canfar("app", "ls")
    heading, *lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert heading == "APP\tNAME\tSTATUS\tSTARTED\tDESKTOP\tIMAGE"
    assert sorted(line.split("\t")[0] for line in lines) == sorted(apps)
    assert canfar("app", "list", "desk").out == done.out
    assert sorted(canfar("app", "ls", "desk", "-o", "name").out.split()) == sorted(apps)
    assert canfar("app", "ls", "other").out == f"{heading}\n"
    partly = canfar("app", "ls", "desk", "nobody")
    assert (partly.code, partly.out) == (6, done.out)


def test_apps_are_ended(canfar, platform, sessions, apps):
    done = canfar("app", "rm", "desk", apps[0], "--yes")
    assert (done.code, done.out) == (0, f"{apps[0]}\n")
    assert done.err.startswith(f"Ending 1 app of desk ({sessions['desk']}):\n  {apps[0]}  ")
    partly = canfar("app", "rm", "desk", "*", "nosuch", "-y", "-o", "json")
    assert partly.code == 6
    assert [each["appid"] for each in json.loads(partly.out)] == [apps[1]]
    assert json.loads(partly.err.splitlines()[-1])["message"] == "there is no app 'nosuch'"
    none = canfar("app", "rm", "desk", "nosuch", "-y")
    assert (none.code, none.out) == (3, "")


def test_without_a_terminal_yes_is_needed(canfar, platform, sessions, apps):
    done = canfar("app", "rm", "desk", "*")
    assert (done.code, done.out) == (2, "")
    assert "End 2 apps of desk" in done.err
    assert "--yes" in done.err
    assert len(canfar("app", "ls", "desk", "-o", "name").out.split()) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["attach", "analysis", TERMINAL], 2, "is of kind notebook; only desktops have apps"),
        (["attach", "nobody", TERMINAL], 3, "no session 'nobody' of yours"),
        (["attach", "*", TERMINAL], 2, "'*' means 3 sessions; name one desktop"),
        (["attach", "desk", TERMINAL, "--cores", "0"], 2, "cores"),
        (["attach", "desk"], 2, "Missing argument 'IMAGE'"),
        (["rm", "desk"], 2, "Missing argument 'APP...'"),
        (["ls", "nobody"], 3, "no session 'nobody' of yours"),
    ],
)
def test_what_makes_no_sense_is_said(canfar, platform, sessions, words, code, said):
    before = platform.count("attach_desktop_app")
    done = canfar("app", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert platform.count("attach_desktop_app") == before


@pytest.mark.parametrize(("status", "code"), [(503, 5), (401, 4), (403, 4), (500, 1)])
@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("list_desktop_apps", ["ls", "desk"]),
        ("attach_desktop_app", ["attach", "desk", TERMINAL]),
        ("delete_desktop_app", ["rm", "desk", "*", "-y", "-q"]),
    ],
)
def test_what_a_failing_server_says(
    canfar, platform, sessions, apps, operation, words, status, code
):
    platform.fail(operation, status=status, body="the words of the server", retry_after=0)
    done = canfar("app", *words)
    assert (done.code, done.out) == (code, "")
    assert "the words of the server" in done.err


def test_in_a_pipe_and_at_a_terminal(run, at_terminal, platform, sessions, apps):
    done = run("app", "ls", "-o", "name")
    assert (done.code, sorted(done.out.split()), done.err) == (0, sorted(apps), "")
    asked = at_terminal("app", "rm", "desk", apps[0], answers=[("[y/N]", "n")])
    assert asked.code == 1
    assert f"  {apps[0]}  " in asked.out
    assert "Nothing was ended." in asked.out
