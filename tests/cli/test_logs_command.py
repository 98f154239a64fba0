"""`canfar logs`: byte for byte, to its end or as it is written."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from holding import until

from canfar.cli import main
from canfar.cli.log_lines import BLOCK, text_of
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"
ODD = b"[info] start\x1b[31m\n\xff\xfe no text\r\n\n" + "é 星\nlast line without an end".encode()


@pytest.fixture(scope="module")
def sessions(shared_platform, tmp_path_factory):
    """Ids by name: an odd log, a pair of replicas, one that waits and one that writes as told."""
    folder = tmp_path_factory.mktemp("logs")
    (folder / "odd").write_bytes(ODD)
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        [odd] = session.create("odd", IMAGE, command=["cat", str(folder / "odd")])
        loop = "for i in 1 2 3 4 5; do echo line $i of $REPLICA_ID; done"
        pair = session.create("fit", IMAGE, command=["sh", "-c", loop], replicas=2)
        session.wait([odd, *pair])
        talk = "echo one; while [ ! -e " + str(folder / "go") + " ]; do sleep 0.05; done; echo two"
        [talker] = session.create("talker", IMAGE, command=["sh", "-c", talk])
        session.wait(talker, until="running")
    return {"odd": odd, "fit-1": pair[0], "fit-2": pair[1], "talker": talker, "go": folder / "go"}


@pytest.fixture
def canfarb(capsysbinary):
    """Run it in this process, and have the bytes that it writes."""

    def run(*words):
        capsysbinary.readouterr()
        code = main([str(word) for word in words])
        return SimpleNamespace(code=code, **capsysbinary.readouterr()._asdict())

    return run


def test_one_log_comes_byte_for_byte(canfarb, platform, sessions):
    done = canfarb("logs", "odd")
    assert (done.code, done.out, done.err) == (0, ODD, b"")


def test_one_that_is_followed_comes_byte_for_byte_too(canfarb, platform, sessions):
    done = canfarb("logs", "-f", sessions["odd"])
    assert (done.code, done.out, done.err) == (0, ODD, b"")


def test_several_come_with_their_names(canfarb, platform, sessions):
    done = canfarb("logs", "fit-*", "--tail", "2")
    assert done.code == 0
    assert done.out.splitlines() == [
        b"fit-1\tline 4 of 1", b"fit-1\tline 5 of 1", b"fit-2\tline 4 of 2", b"fit-2\tline 5 of 2",
    ]  # fmt: skip
    followed = canfarb("logs", "-f", "--tail=2", "fit-*")
    assert sorted(followed.out.splitlines()) == done.out.splitlines()


@pytest.mark.parametrize(("tail", "expected"), [(0, b""), (1, b"line 5 of 1\n"), (99, None)])
@pytest.mark.parametrize("follow", [(), ("-f",)], ids=["printed", "followed"])
def test_the_last_lines(canfarb, platform, sessions, tail, expected, follow):
    every = b"".join(b"line %d of 1\n" % number for number in range(1, 6))
    done = canfarb("logs", *follow, "-n", tail, "fit-1")
    assert (done.code, done.out) == (0, every if expected is None else expected)


@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK])
def test_the_last_lines_are_found_however_long_they_are(tmp_path, size, end):
    path = tmp_path / "log"
    lines = ["first", "x" * size, "", "z" * size, "last"]
    path.write_bytes(("\n".join(lines) + end).encode())
    for tail in range(1, 7):
        assert text_of(path, tail) == "\n".join(lines[-tail:]) + end


def test_for_programs(canfar, platform, sessions):
    done = canfar("logs", "odd", "fit-1", "--tail", "1", "-o", "json")
    assert json.loads(done.out) == [
        {"id": sessions["odd"], "name": "odd", "log": "last line without an end"},
        {"id": sessions["fit-1"], "name": "fit-1", "log": "line 5 of 1\n"},
    ]
    lines = canfar("logs", "-f", "-t", "-o", "jsonl", "fit-1").out.splitlines()
    assert [json.loads(line)["line"] for line in lines] == [f"line {n} of 1" for n in range(1, 6)]
    assert set(json.loads(lines[0])) == {"id", "name", "line", "came"}
    assert canfar("logs", "fit-*", "-o", "name").out == "fit-1\nfit-2\n"


def test_each_in_a_file_of_its_own(canfar, platform, sessions, tmp_path):
    folder = tmp_path / "kept"
    done = canfar("logs", "odd", "fit-1", "nobody", "--output-dir", folder)
    path = folder / f"{sessions['odd']}.log"
    assert done.code == 6
    assert path.read_bytes() == ODD
    assert done.out.splitlines()[:2] == [
        "ID\tNAME\tBYTES\tFILE", f"{sessions['odd']}\todd\t{len(ODD)}\t{path}",
    ]  # fmt: skip
    assert "no session 'nobody' of yours" in done.err
    assert canfar("logs", "odd", "--output-dir", folder, "-o", "name").out == f"{path}\n"


def test_a_time_before_each_line_is_when_it_came(canfar, platform, sessions):
    [line] = canfar("logs", "-f", "-t", "-n1", "fit-1").out.splitlines()
    when, _, text = line.partition(" ")
    assert text == "line 5 of 1"
    assert len(when) == len("2026-01-02T03:04:05Z")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-t"], "with -f, -t says when each line came"),
        (["-f", "--output-dir", "x"], "leave out -f, --tail and -t"),
        (["--tail", "3", "--output-dir", "x"], "leave out -f, --tail and -t"),
        (["-f", "-o", "json"], "-f goes with -o jsonl, not with -o json"),
        (["--tail", "-1"], "-1 is not in the range"),
    ],
)
def test_what_makes_no_sense_is_said(canfar, platform, words, said):
    before = platform.count("*")
    done = canfar("logs", "fit-1", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert platform.count("*") == before


def test_what_is_not_there(canfar, platform, sessions):
    partly = canfar("logs", "nobody", "fit-1")
    assert (partly.code, partly.out.count("\n")) == (6, 5)
    followed = canfar("logs", "-f", "nobody", "fit-1")
    assert (followed.code, followed.out) == (6, partly.out)
    none = canfar("logs", "nobody")
    assert (none.code, none.out) == (3, "")


def test_what_has_not_begun_has_no_log_yet(canfar, platform, sessions):
    with Session(url=platform.url, token=platform.token) as session:
        busy = session.create("busy", IMAGE, command=["sleep", "600"], replicas=4)
        # Which of them waits is the platform's choice.
        until(lambda: len(session.fetch(status="running")) >= 3)
        [late, *_] = [r for r in session.fetch(status="pending") if r.id in busy]
        done = canfar("logs", late.id)
        session.destroy(busy)
    assert (done.code, done.out) == (0, "")
    assert done.err == f"{late.name} ({late.id}) has not begun: there is no log yet.\n"


@pytest.mark.parametrize(("status", "code"), [(503, 5), (401, 4), (403, 4), (500, 1)])
@pytest.mark.parametrize(
    "words", [("logs",), ("logs", "-f"), ("logs", "-f", "--tail=1")], ids=" ".join
)
def test_what_a_failing_server_says(canfar, platform, sessions, words, status, code):
    platform.fail("logs", status=status, body="the words of the server", retry_after=0)
    done = canfar(*words, "fit-1")
    assert (done.code, done.out) == (code, "")
    assert "the words of the server" in done.err


def test_names_have_colours_at_a_terminal(at_terminal, platform, sessions):
    done = at_terminal("logs", "fit-*", "odd", "--tail", "1")
    assert done.code == 0
    assert "\x1b[33mfit-2 |\x1b[0m line 5 of 2\n" in done.out
    assert "\x1b[32modd   |\x1b[0m last line without an end\n" in done.out


def test_ctrl_c_leaves_and_the_session_goes_on(at_terminal, platform, sessions):
    done = at_terminal("logs", "-f", "talker", interrupt_at="one")
    assert (done.code, "two" in done.out) == (130, False)
    assert done.out.endswith("Interrupted.\n")
    sessions["go"].touch()
    with Session() as session:
        [talker] = session.wait(sessions["talker"])
        assert talker.status == "Completed"
        assert session.logs(talker) == {talker.id: "one\ntwo\n"}


PRESSED_IN_A_FINALISER = """
import signal, sys, tempfile
from canfar.cli import main

class File(tempfile.SpooledTemporaryFile):
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

tempfile.SpooledTemporaryFile = File
sys.exit(main(sys.argv[1:]))
"""


def test_ctrl_c_is_not_lost_where_a_finaliser_runs(platform):
    with Session() as session:
        [stubborn] = session.create("stubborn", IMAGE, command=["sh", "-c", "echo one; sleep 60"])
        session.wait(stubborn, until="running")
        command = [sys.executable, "-c", PRESSED_IN_A_FINALISER, "logs", "-f", stubborn]
        done = subprocess.run(command, capture_output=True, check=False, timeout=50, text=True)
        session.destroy(stubborn)
    assert (done.returncode, done.stdout) == (130, "one\n")
    assert done.stderr.strip() == "Interrupted."
