"""`canfar ps` and `canfar info`, as people and scripts use them."""

from __future__ import annotations

import json

import pytest
from ruamel.yaml import YAML

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture(scope="module")
def sessions(shared_platform):
    """Ids by name: three that run, two that have ended, and replicas that wait."""
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        [good] = session.create("good", IMAGE, cmd="true")
        [bad] = session.create("bad", IMAGE, cmd="false")
        session.wait([good, bad])
        names = [f"fit-{number}" for number in range(1, 12)]
        fits = session.create("fit", IMAGE, command=["sleep", "600"], replicas=11)
        [notebook] = session.create("analysis", IMAGE, kind="notebook", cores=2, ram=8)
        session.wait(notebook)
        session.wait(fits[:1], until="running")
    return {"good": good, "bad": bad, "analysis": notebook, **dict(zip(names, fits, strict=True))}


def names_of(done):
    assert done.code == 0, done
    heading, *lines = done.out.splitlines()
    assert heading.startswith("ID\tNAME\tKIND\tSTATUS")
    return [line.split("\t")[1] for line in lines]


FITS = [f"fit-{number}" for number in range(1, 12)]
CASES = [
    ([], ["analysis", *FITS]),
    (["--all"], ["analysis", "bad", *FITS, "good"]),
    (["-a", "-k", "headless", "g*"], ["good"]),
    (["--kind", "notebook"], ["analysis"]),
    (["--kind", "NOTEBOOK", "-k", "headless", "fit-11", "Anal*"], ["analysis", "fit-11"]),
    (["--status", "Completed"], ["good"]),
    (["-s", "Succeeded", "-s", "Error"], ["bad", "good"]),
    (["fit-1", "fit-1?"], ["fit-1", "fit-10", "fit-11"]),
    (["nobody"], []),
]


@pytest.mark.parametrize(("words", "expected"), CASES, ids=lambda each: " ".join(each)[:30])
def test_which_sessions_are_listed(canfar, platform, sessions, words, expected):
    assert names_of(canfar("ps", *words)) == expected
    ids = canfar("ls", "-q", *words)
    assert ids.out.split() == [sessions[name] for name in expected]
    assert (ids.code, ids.err) == (0, "")


def test_an_id_is_a_word_too(canfar, platform, sessions):
    assert names_of(canfar("ps", sessions["fit-2"])) == ["fit-2"]


def test_one_request_lists_them_however_many_there_are(canfar, platform, sessions):
    before = platform.count("*")
    canfar("ps", "-a", "fit-*", "-s", "Pending", "-s", "Running")
    assert platform.count("*") == before + 1


def test_every_form_of_output(canfar, platform, sessions):
    [data] = json.loads(canfar("ps", "analysis", "-o", "json").out)
    assert (data["id"], data["type"], data["status"]) == (
        sessions["analysis"],
        "notebook",
        "Running",
    )
    assert data["startTime"].endswith("Z")
    assert json.loads(canfar("ps", "--json", "analysis").out) == [data]
    assert json.loads(canfar("ps", "analysis", "-o", "jsonl").out) == data
    assert YAML(typ="safe").load(canfar("ps", "analysis", "--yaml").out) == [data]
    assert canfar("ps", "-o", "name", "analysis").out == "analysis\n"
    wide = canfar("ps", "-o", "wide", "analysis").out.splitlines()
    assert wide[0].split("\t")[4:] == ["STARTED", "ENDS", "CORES", "RAM GB", "GPUS", "IMAGE"]
    assert "-/2\t-/8.59" in wide[1]
    for empty, text in (("json", "[]\n"), ("jsonl", ""), ("yaml", "[]\n"), ("name", "")):
        assert canfar("ps", "nobody", "-o", empty).out == text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-q", "-o", "json"], "-q prints ids only; leave out either -q or -o."),
        (["--kind", "note"], "'note' is not one of"),
        (["--status", "done"], "'done' is not one of"),
        (["-o", "xml"], "'xml' is not one of"),
    ],
)
def test_what_makes_no_sense_is_said(canfar, platform, words, said):
    before = platform.count("*")
    done = canfar("ps", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert platform.count("*") == before


def test_quiet_before_the_command_only_silences(canfar, platform, sessions):
    assert names_of(canfar("-q", "ps", "analysis")) == ["analysis"]


@pytest.mark.parametrize(
    ("columns", "heading"),
    [
        (80, ["ID", "NAME", "KIND", "STATUS", "STARTED", "IMAGE"]),
        (40, ["ID", "NAME", "KIND", "STATUS"]),
    ],
)
def test_a_table_fits_the_terminal(at_terminal, platform, sessions, columns, heading):
    done = at_terminal("ps", "--no-color", size=(24, columns))
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[0].split() == heading
    assert len(lines) == 1 + 12 + 1
    assert max(map(len, lines[:-1])) <= columns
    assert lines[-1] == "2 more do not run; -a lists them too."
    assert ("ago" in lines[1]) == ("STARTED" in heading)


def test_colours_are_for_terminals(at_terminal, platform, sessions, monkeypatch):
    green = "\x1b[32mRunning\x1b[0m"
    assert green in at_terminal("ps", "analysis").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in at_terminal("ps", "analysis").out


def test_nothing_to_list_is_said_beside_the_list(at_terminal, platform, sessions):
    done = at_terminal("ps", "nobody")
    assert done.out == "No session of yours is like that.\n"


def test_info_shows_all_there_is(canfar, platform, sessions):
    done = canfar("info", "analysis")
    shown = dict(line.split("\t") for line in done.out.splitlines())
    assert shown["session"] == sessions["analysis"]
    assert shown["kind"] == "notebook"
    assert shown["open at"].startswith("http://127.0.0.1:")
    assert shown["ends"].endswith("Z")
    assert (shown["cores"], shown["resources"]) == ("2 asked for", "fixed")


def test_info_of_many_costs_one_request(canfar, platform, sessions):
    before = platform.count("*")
    done = canfar("info", "fit-*", sessions["good"], "-o", "json")
    assert [each["name"] for each in json.loads(done.out)] == [*FITS, "good"]
    assert platform.count("*") == before + 1


def test_info_says_which_are_not_there(canfar, platform, sessions):
    partly = canfar("info", "good", "nobody", "-o", "jsonl")
    assert partly.code == 6
    assert json.loads(partly.out)["name"] == "good"
    assert json.loads(partly.err)["code"] == "session.not_found"
    none = canfar("info", "nobody")
    assert (none.code, none.out) == (3, "")
    assert "no session 'nobody' of yours" in none.err
    assert canfar("info").code == 2


@pytest.mark.parametrize(("status", "code"), [(503, 5), (401, 4), (403, 4)])
@pytest.mark.parametrize("words", [("ps",), ("ps", "-q"), ("info", "good")], ids=" ".join)
def test_what_a_failing_server_says(canfar, platform, sessions, words, status, code):
    platform.fail("list", status=status, body="the words of the server", retry_after=0)
    done = canfar(*words)
    assert (done.code, done.out) == (code, "")
    assert "the words of the server" in done.err


def test_in_a_real_pipe(run, platform, sessions):
    done = run("ps", "-q", "--kind=notebook")
    assert (done.code, done.out, done.err) == (0, f"{sessions['analysis']}\n", "")


def test_who_asks_for_more_columns_gets_them_all(at_terminal, platform, sessions):
    done = at_terminal("ps", "-o", "wide", "analysis", size=(24, 60))
    heading = done.out.splitlines()[0].replace("RAM GB", "RAM-GB").split()
    assert heading[4:] == ["STARTED", "ENDS", "CORES", "RAM-GB", "GPUS", "IMAGE"]
