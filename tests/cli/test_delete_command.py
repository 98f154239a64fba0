"""`canfar delete` and `canfar prune`, as people and scripts use them."""

from __future__ import annotations

import json

import pytest

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def session(platform):
    with Session(url=platform.url, token=platform.token) as session:
        yield session
        session.destroy(session.fetch())


@pytest.fixture
def fits(session):
    """Three replicas that go on."""
    return session.create("fit", IMAGE, command=["sleep", "600"], replicas=3)


@pytest.fixture
def ended(session):
    """Ids by name: one that completed and one that failed."""
    ids = [*session.create("job-good", IMAGE, cmd="true")]
    ids += session.create("job-bad", IMAGE, cmd="false")
    session.wait(ids)
    return dict(zip(["job-good", "job-bad"], ids, strict=True))


def left(session):
    return sorted(record.name for record in session.fetch())


def test_what_is_deleted_is_said_and_its_ids_are_the_data(canfar, session, fits):
    done = canfar("delete", "--yes", "fit-1", fits[1])
    assert done.code == 0
    assert done.out.split() == fits[:2]
    assert "Destroying 2 sessions:" in done.err
    assert f"{fits[0]}  fit-1  headless" in done.err
    assert left(session) == ["fit-3"]


@pytest.mark.parametrize("words", [["del", "-f"], ["rm", "-y"], ["delete", "--force"]])
def test_its_other_spellings(canfar, session, fits, words):
    done = canfar(*words, "fit-*")
    assert (done.code, sorted(done.out.split())) == (0, sorted(fits))
    assert left(session) == []


def test_forms_of_output(canfar, session, fits):
    done = canfar("-q", "rm", "-y", "fit-1", "-o", "json")
    assert json.loads(done.out) == [{"id": fits[0], "name": "fit-1"}]
    assert done.err == ""
    assert canfar("rm", "-y", "fit-2", "-o", "name").out == "fit-2\n"


def test_without_a_terminal_nothing_happens_unless_it_is_told_to(canfar, session, fits):
    for words in (["delete", "fit-*"], ["prune", "fit", "-s", "running", "-s", "pending"]):
        done = canfar(*words)
        assert (done.code, done.out) == (2, "")
        assert "Destroy 3 sessions for good: there is no terminal to ask; give --yes." in done.err
    assert len(left(session)) == 3


def test_what_is_not_there(canfar, session, fits):
    done = canfar("delete", "-y", "nobody")
    assert (done.code, done.out) == (3, "")
    done = canfar("delete", "-y", "nobody", "fit-1")
    assert (done.code, done.out.split()) == (6, fits[:1])
    assert "no session 'nobody' of yours" in done.err


def test_a_name_of_several_ends_none(canfar, session):
    twins = [*session.create("twin", IMAGE, cmd="true"), *session.create("twin", IMAGE, cmd="true")]
    done = canfar("delete", "-y", "twin")
    assert (done.code, done.out) == (2, "")
    assert all(each in done.err for each in twins)
    assert len(left(session)) == 2


def test_a_session_that_the_server_does_not_let_go(canfar, platform, session, fits):
    platform.fail("delete", status=403, body="not that one", times=1)
    done = canfar("delete", "-y", "fit-*")
    assert done.code == 6
    assert len(done.out.split()) == 2
    assert "not that one" in done.err


def test_at_a_terminal_it_asks(at_terminal, session, fits):
    done = at_terminal("delete", "fit-1", answers=[("for good? [y/N]:", "n")])
    assert done.code == 1
    assert "Nothing was destroyed." in done.out
    assert f"  {fits[0]}  fit-1  headless" in done.out
    assert len(left(session)) == 3
    done = at_terminal("-q", "delete", "fit-1", answers=[("Destroy 1 session for good?", "y")])
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith(fits[0])
    assert left(session) == ["fit-2", "fit-3"]


def test_ctrl_c_at_the_question_ends_nothing(at_terminal, session, fits):
    done = at_terminal("delete", "fit-*", interrupt_at="for good?")
    assert done.code == 130
    assert len(left(session)) == 3


def test_words_in_a_real_pipe(run, session, fits):
    done = run("delete", "-", "--yes", given="fit-1\nfit-2\n")
    assert (done.code, sorted(done.out.split())) == (0, sorted(fits[:2]))
    assert left(session) == ["fit-3"]


PRUNED = [
    (["job"], ["job-good"]),
    (["JOB-", "headless", "Succeeded"], ["job-good"]),
    (["job", "-s", "failed", "--status", "Completed"], ["job-bad", "job-good"]),
    (["job", "headless", "Error"], ["job-bad"]),
    (["job", "-k", "notebook"], []),
    (["--regex", "job-(good|nice)"], ["job-good"]),
    (["--regex", "ood"], []),
    (["fit"], []),
    (["fit", "-s", "running", "--older-than", "1h"], []),
    (["job", "--older-than", "0s"], ["job-good"]),
]


@pytest.mark.parametrize(("words", "expected"), PRUNED, ids=lambda each: " ".join(each)[:40])
def test_which_sessions_prune_means(canfar, session, ended, fits, words, expected):
    shown = canfar("prune", "--dry-run", *words, "-o", "name")
    assert (shown.code, shown.out.split()) == (0, expected)
    assert len(left(session)) == 5
    done = canfar("prune", "--yes", *words)
    assert done.code == 0
    assert sorted(done.out.split()) == sorted(ended[name] for name in expected)
    assert len(left(session)) == 5 - len(expected)


def test_how_old_a_session_is_the_server_knows(canfar, platform, session, ended):
    platform.advance(minutes=30)
    later = session.create("job-late", IMAGE, cmd="true")
    session.wait(later)
    done = canfar("prune", "--yes", "job", "--older-than", "20min")
    assert (done.code, done.out.split()) == (0, [ended["job-good"]])
    assert left(session) == ["job-bad", "job-late"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ob."], "holds ., which no session name can: write --regex"),
        (["--regex", "ob("], "no regular expression"),
        ([""], "to mean every name write '.*' with --regex"),
        (["job", "hadless"], "'hadless' is not one of"),
        (["job", "--older-than", "yesterday"], "no time such as 90, 30s, 5min"),
        ([], "Missing argument 'PREFIX'"),
    ],
)
def test_what_makes_no_sense_is_said(canfar, platform, session, words, said):
    before = platform.count("*")
    done = canfar("prune", "--yes", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert platform.count("*") == before


def test_prune_asks_at_a_terminal(at_terminal, session, ended):
    done = at_terminal("prune", "job", answers=[("Destroy 1 session for good?", "y")])
    assert done.code == 0
    assert left(session) == ["job-bad"]
    assert "job-good" in done.out
