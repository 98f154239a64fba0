"""Commands and environments arrive byte for byte, or the call says why not before it sends."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canfar._core.delivery import CARRIER, deliver, split
from canfar._core.sealed import Sealed
from canfar.local import LocalPlatform
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"

# Says what it was given, and whether it is the process that the platform started.
SHOW = (
    "import json,os,sys;"
    "print(json.dumps([sys.argv[1:],dict(os.environ),os.getsid(0)==os.getpid()]))"
)
PYTHON = [sys.executable, "-I", "-S", "-c", SHOW]

# The same from a program that starts ten times as fast, for cases by the thousand: how many
# arguments, these, and the environment, each with a NUL after it.
TELL = [
    "perl",
    "-e",
    r'$\ = "\0"; print for scalar(@ARGV), @ARGV, getpgrp(0) == $$, %ENV',
    "--",
]
needs_perl = pytest.mark.skipif(shutil.which("perl") is None, reason="perl is not installed")


def told(text):
    """Arguments, environment, and whether it is the process that the platform started."""
    count, *parts = text.removesuffix("\0").split("\0")
    argv, (leads, *env) = parts[: int(count)], parts[int(count) :]
    return argv, dict(zip(env[::2], env[1::2], strict=True)), leads == "1"


def shown(session, **options):
    ids = session.create("show", IMAGE, **options)
    session.wait(ids)
    return json.loads(session.logs(ids)[ids[0]])


def test_the_examples_of_the_documentation(session):
    ids = session.create(
        "quotes",
        IMAGE,
        cmd="python",
        args=[
            "-c",
            "import os; print('a b', \"$HOME\", repr(os.environ['EMPTY']), os.environ['T'])",
        ],
        env={"T": "abc==", "EMPTY": ""},
    )
    session.wait(ids)

    assert session.logs(ids)[ids[0]] == "a b $HOME '' abc==\n"


def test_a_whole_command(session):
    argv, _, leads = shown(session, command=[*PYTHON, "a b", "", "c"])

    assert argv == ["a b", "", "c"]
    assert leads


@pytest.mark.parametrize(("code", "status"), [(0, "Completed"), (3, "Failed")])
def test_a_whole_command_ends_as_its_program_does(session, code, status):
    command = ["sh", "-c", f"exit {code} # a b"]
    ids = session.create("ends", IMAGE, command=command)

    assert session.wait(ids)[0].status == status
    # The server tells no exit code, so it is read here, of what is sent.
    sent = deliver(command[0], command[1:], Sealed(), exact=True)
    env = {"PATH": os.environ["PATH"]} | dict(pair.split("=", 1) for pair in sent.env)
    done = subprocess.run([sent.cmd, *split(sent.args)], env=env, check=False)
    assert done.returncode == code


def test_a_string_is_split_as_the_platform_splits_it(session):
    python = " ".join([*PYTHON[1:-1], SHOW.replace(" ", "\t")])
    args = f"{python} script.py --in /arc/projects/a b.fits"
    argv, *_ = shown(session, cmd=PYTHON[0], args=args)

    assert argv == ["script.py", "--in", "/arc/projects/a", "b.fits"]


def test_what_the_platform_sets_itself_can_be_set(session):
    _, env, _ = shown(session, command=PYTHON, env={"OMP_NUM_THREADS": "7", "with.dot": "x"})

    assert (env["OMP_NUM_THREADS"], env["with.dot"]) == ("7", "x")
    assert CARRIER not in env


def test_what_arrives_anyway_is_sent_as_it_is():
    env = Sealed(SURVEY="vlass & co", N="3", URL="https://x/y?z")
    sent = deliver("python", ["-m", "fit", "--x={1,2}", "#%~"], env, exact=True)

    assert (sent.cmd, sent.args) == ("python", "-m fit --x={1,2} #%~")
    assert sent.env == ["SURVEY=vlass & co", "N=3", "URL=https://x/y?z"]


def test_plain_sends_everything_as_it_is():
    sent = deliver("echo", ["a b", "$c"], Sealed(A="b=c", D=""), exact=False)

    assert (sent.cmd, sent.args, sent.env) == ("echo", "a b $c", ["A=b=c", "D="])


def test_plain_is_what_the_platform_makes_of_it(session):
    argv, env, _ = shown(
        session,
        cmd=PYTHON[0],
        args=["-I", "-S", "-c", SHOW.replace(" ", "\t"), "a b"],
        env={"A": "b=c", "B": "c=="},
        delivery="plain",
    )

    assert argv == ["a", "b"]
    assert "A" not in env
    assert env["B"] == "c"


ODD = ["a b", "$HOME", 'a"b', "a\\b", "a\nb", "", "é", "日本", "\x01", "`id`\t"]


@pytest.mark.parametrize("odd", ODD)
def test_nothing_that_is_sent_means_anything_to_the_server(odd):
    sent = deliver("prog", [odd], Sealed(KEY=odd), exact=True)

    for text in [sent.cmd, *split(sent.args)]:
        assert text.isascii()
        assert not set(text) & set(' $"\\=\n')
    for pair in sent.env:
        _, _, value = pair.partition("=")
        assert value.isascii()
        assert value
        assert not set(value) & set('$"\\=\n')


@given(args=st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))))
def test_a_string_that_holds_nothing_odd_is_sent_to_the_letter(args):
    plain = all(" " <= c <= "~" and c not in '$"\\' for c in args)
    sent = deliver("prog", args, Sealed(), exact=True)

    assert (sent.cmd == "prog") is plain
    if plain:
        assert (sent.args or "") == args


# Whatever a program can be given: everything but NUL and halves of surrogate pairs.
words = st.text(
    st.one_of(
        st.characters(exclude_characters="\0", exclude_categories=("Cs",)),
        st.sampled_from(" $\"'\\\n\t=*?~!#&|;<>()[]{}`%-é日😀\r\x7f"),
    ),
    max_size=20,
) | st.just("x" * 3000)
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True).filter(
    lambda name: (
        # Shells set `_` for whatever they run.
        name not in {"_", "PATH", "HOME", "PWD", "LANG", "TMPDIR", "TZ", CARRIER}
        and not name.startswith(("LC_", "skaha_", "LD_", "REPLICA_", "DYLD"))
    )
)
cases = st.tuples(st.lists(words, max_size=4), st.dictionaries(names, words, max_size=3))


@needs_perl
@pytest.mark.timeout(600)
@pytest.mark.parametrize("generation", ["1.4", "0.29"])
def test_any_argv_and_environment_arrive(generation):
    """At least a thousand random cases for each generation, fifty sessions at a time."""
    with (
        LocalPlatform(max_running=4, generation=generation) as platform,
        Session(url=platform.url, token=platform.token) as session,
    ):

        @settings(max_examples=20, suppress_health_check=list(HealthCheck), database=None)
        @given(batch=st.lists(cases, min_size=50, max_size=50))
        def check(batch):
            ids = [
                session.create("any", IMAGE, command=[*TELL, *argv], env=env)[0]
                for argv, env in batch
            ]
            session.wait(ids)
            logs = session.logs(ids)
            session.destroy(ids)
            for (argv, env), each in zip(batch, ids, strict=True):
                got, environ, leads = told(logs[each])
                assert got == argv
                assert {key: environ.get(key) for key in env} == env
                assert leads

        check()


SHELLS = {"dash": ["dash"], "bash": ["bash"], "bash --posix": ["bash", "--posix"],
          "busybox": ["busybox", "sh"]}  # fmt: skip


@needs_perl
@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_delivers_the_same(shell):
    if shutil.which(SHELLS[shell][0]) is None:
        pytest.skip(f"{SHELLS[shell][0]} is not installed")

    @settings(max_examples=60)
    @given(case=cases)
    def check(case):
        argv, env = case
        sent = deliver(TELL[0], [*TELL[1:], *argv, "a b"], Sealed(env), exact=True)
        assert sent.cmd == "/bin/sh"
        done = subprocess.run(
            [*SHELLS[shell], *split(sent.args)],
            env={"PATH": os.environ["PATH"]} | dict(pair.split("=", 1) for pair in sent.env),
            capture_output=True,
            check=True,
        )
        got, environ, _ = told(done.stdout.decode())
        assert got == [*argv, "a b"]
        assert {key: environ.get(key) for key in env} == env
        assert done.stderr == b""

    check()
