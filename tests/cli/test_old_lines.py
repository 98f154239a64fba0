"""Command lines of canfar 1.0 to 1.5: each does the same, or says what to write instead.

In 1.0 `run` and `launch` were `create`; in 1.4 there were `--json` and `--yaml`; 1.5 has `-o`.
"""

from __future__ import annotations

import json
import shlex

import pytest

from canfar.sessions import Session

IMAGE = "skaha/terminal:1.1.2"


@pytest.fixture(scope="module", autouse=True)
def sessions(shared_platform):
    """Of each name one: `job` has ended, `note` runs."""
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        [job] = session.create("job", IMAGE, command=["echo", "[info] hello"])
        [note] = session.create("note", IMAGE, kind="notebook")
        session.wait([job, note])
    return {"JOB": job, "NOTE": note}


SAME = [
    # line, exit code, what standard output has
    ("", 0, "Commands:"),
    ("--help", 0, "Commands:"),
    ("--log-level debug ps", 0, "note"),
    ("-v ps", 0, "note"),
    ("ps", 0, "note"),
    ("ps -a", 0, "job"),
    ("ps --all --quiet", 0, "JOB"),
    ("ps -k headless -s Completed --debug", 0, "job"),
    ("ps -s Succeeded", 0, "job"),
    ("ps --kind notebook --status Running -o json", 0, '"name": "note"'),
    ("ps --json", 0, '"name": "note"'),
    ("ps --yaml", 0, "name: note"),
    ("ps -o yaml", 0, "name: note"),
    ("ps -q -o json", 2, ""),
    ("info JOB --debug", 0, "job"),
    ("info JOB NOTE", 0, "note"),
    ("events NOTE", 0, "Scheduled"),
    ("events NOTE --debug", 0, "Scheduled"),
    ("logs JOB", 0, "[info] hello"),
    ("logs JOB --debug", 0, "[info] hello"),
    ("renew NOTE", 0, ""),
    ("stats", 0, "cores"),
    ("stats --debug", 0, "cores"),
    ("image ls", 0, "skaha/astroml:latest"),
    ("image ls -k notebook", 0, "skaha/astroml:latest"),
    ("image ls --kind carta", 0, "carta"),
    ("create -h", 0, "Usage:"),
    ("open -h", 0, "Usage:"),
    ("prune -h", 0, "Usage:"),
    ("create notebook skaha/astroml:latest -n nb -c 1 -m 2 -g 1 -r 2 --dry-run", 0, "name=nb-1"),
    (("create headless a/b:1 --name a --cpu 1 --memory 2 --gpu 1 --env A=b -e C=d --replicas 1 "
     "--debug --dry-run -- python x.py --all"), 0, "args=x.py --all"),
    ("launch headless skaha/terminal:1.1.2 -n old --dry-run -- echo hi", 0, "cmd=echo"),
    ("auth", 4, ""),
    ("auth show", 4, ""),
    ("auth show -o json", 4, ""),
    ("auth ls", 0, "IDP"),
    ("auth list", 0, "IDP"),
    ("auth ls -o yaml", 0, "[]"),
    ("auth list --json", 0, "[]"),
    ("auth use cadc", 4, ""),
    ("auth switch cadc", 4, ""),
    ("auth rm cadc", 4, ""),
    ("auth rm cadc --force", 4, ""),
    ("auth remove cadc", 4, ""),
    ("auth purge --force", 0, ""),
    ("auth purge -y", 0, ""),
    ("auth purge --yes", 0, ""),
    ("server ls", 0, "local"),
    ("server list -o json", 0, '"name": "local"'),
    ("server ls --yaml", 0, "name: local"),
    ("config show", 0, ""),
    ("config list", 0, ""),
    ("config ls", 0, ""),
    ("config show -o json", 0, "{}"),
    ("config set console.banner false", 0, ""),
    ("config set console.width 120", 0, ""),
    ("config path", 0, "config.yaml"),
    ("version", 0, "canfar"),
    ("version --debug", 0, "canfar"),
    ("delete JOB-NONE -f", 3, ""),
    ("prune nothing-like-it", 0, ""),
    ("prune nothing-like-it headless", 0, ""),
    ("prune nothing-like-it headless Succeeded", 0, ""),
]  # fmt: skip

INSTEAD = [
    # line, what standard error says to write
    ("--install-completion", "canfar completion bash"),
    ("--show-completion", "`canfar completion bash`"),
    ("auth login --force --dead --dev", "--dead was an option of canfar 1.x: leave it out"),
    ("auth login --details", "`canfar server list`"),
    ("auth login --discovery-url https://ska-iam.stfc.ac.uk/x -t 2", "`canfar login srcnet`"),
    ("feedback", "opencadc/canfar/issues"),
    ("data ls arc:/home", "pip install vos"),
    ("data --help", "pip install vos"),
    ("prune '^jo' headless Running", "--regex"),
    ("prune job", "--yes"),
    ("delete JOB", "--yes"),
    ("auth login", "its key, as in `canfar login cadc`"),
    ("login", "its key, as in `canfar login cadc`"),
    ("login cadc -f", "--username"),
    ("auth login cadc -t 2 --dev --debug", "--username"),
    ("config set registry.secret", "--stdin"),
]


def words_of(line, sessions):
    for name, id_ in sessions.items():
        line = line.replace(f"{name}-NONE", "none0000").replace(name, id_)
    return shlex.split(line)


@pytest.mark.parametrize(("line", "code", "shown"), SAME, ids=[line or "-" for line, *_ in SAME])
def test_it_does_the_same(canfar, platform, sessions, line, code, shown):
    done = canfar(*words_of(line, sessions))

    assert done.code == code, done
    assert sessions.get(shown, shown) in done.out
    assert "No such option" not in done.err
    assert "@" not in done.out.split("\n", 1)[0]  # no banner before the data


@pytest.mark.parametrize(("line", "said"), INSTEAD, ids=[line for line, _ in INSTEAD])
def test_it_says_what_to_write_instead(canfar, platform, sessions, line, said):
    done = canfar(*words_of(line, sessions))

    assert (done.code, done.out) == (2, ""), done
    assert said in done.err


def test_the_shapes_that_scripts_read(canfar, platform, sessions):
    listed = json.loads(canfar("ps", "-o", "json", "note").out)
    assert {"id", "userid", "image", "type", "status", "name", "startTime", "expiryTime",
            "connectURL"} <= listed[0].keys()  # fmt: skip
    made = json.loads(canfar("create", "headless", IMAGE, "-o", "json", "--", "true").out)
    assert [type(each) for each in made] == [str]
    assert canfar("delete", "-f", *made).code == 0


def test_lines_that_start_and_end_sessions(canfar, platform):
    for verb in ("create", "run", "launch"):
        ids = canfar(verb, "headless", IMAGE, "-n", f"by-{verb}", "-r", "2", "--", "true").out
        assert len(ids.split()) == 2
    assert canfar("delete", *ids.split(), "--force").code == 0
    assert canfar("del", "by-run-1", "-f").code == 0
    assert canfar("ps", "-a", "-q", "by-*").out.count("\n") == 3


def test_debug_shows_where_and_still_says_what(canfar, platform, capsys):
    """In 1.x `--debug` only said more: it turns no error into another one."""
    from canfar.cli import main

    platform.fail("list", status=503, body="not today", retry_after=0)
    capsys.readouterr()
    assert main(["ps", "--debug"]) == 5
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert err.count("\nError: not today") == 1
    assert canfar("ps", "--debug", "--kind", "nonsense").code == 2
