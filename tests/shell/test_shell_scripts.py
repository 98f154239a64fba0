"""Shell scripts as people write them, each run by bash as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from canfar.local import LocalPlatform
from canfar.sessions import Session

IMAGE = "skaha/astroml"


@pytest.fixture(scope="module")
def platform():
    with LocalPlatform() as platform:
        yield platform


@pytest.fixture
def session(platform):
    with Session(url=platform.url, token=platform.token) as session:
        yield session
        session.destroy(session.fetch())


@pytest.fixture
def bash(platform, tmp_path):
    """Run a script that ends at the first thing that fails, as careful ones do."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "canfar").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m canfar.cli "$@"\n')
    (folder / "canfar").chmod(0o755)

    def run(script):
        return subprocess.run(
            [shutil.which("bash"), "-euo", "pipefail", "-c", script],
            env={
                **os.environ,
                **platform.environment,
                "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            },
            cwd=tmp_path, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=90,
        )  # fmt: skip

    return run


def names(session):
    return sorted(each.name for each in session.fetch())


def test_delete_all_that_ps_lists(bash, session):
    ids = session.create("page", IMAGE, kind="notebook")
    ids += session.create("work", IMAGE, command=["sleep", "600"], replicas=2)

    done = bash("canfar delete --yes $(canfar ps -q)")

    assert done.returncode == 0, done
    assert sorted(done.stdout.split()) == sorted(ids)
    assert names(session) == []


def test_without_a_terminal_nothing_goes_unasked(bash, session):
    session.create("page", IMAGE, kind="notebook")

    done = bash("canfar delete $(canfar ps -q)")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--yes" in done.stderr
    assert names(session) == ["page"]


def test_jq_reads_what_ps_prints(bash, session):
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    [page] = session.create("page", IMAGE, kind="notebook")
    session.create("work", IMAGE, command=["sleep", "600"])

    done = bash("""
        canfar ps -o json | jq -r '.[] | select(.type == "notebook") | .id'
        canfar ps -o jsonl | jq -c '[.name, .type]'
    """)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f'{page}\n["page","notebook"]\n["work","headless"]\n'


def test_from_create_to_the_log(bash, session):
    done = bash(f"""
        id=$(canfar create headless {IMAGE} -q -- sh -c 'echo "a  b"; echo c')
        canfar wait "$id" -q > /dev/null
        canfar logs "$id" > it.log
        wc -l < it.log
        cat it.log
        canfar rm -q --yes "$id" > /dev/null
    """)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split("\n", 1)[1] == "a  b\nc\n"
    assert names(session) == []


def test_the_next_step_comes_after_one_that_worked(bash, session):
    done = bash(f"""
        canfar run {IMAGE} -q --rm -- echo first && echo next
        canfar run {IMAGE} -q --rm -- false && echo never || echo "it gave $?"
    """)

    assert done.returncode == 0, done
    assert done.stdout == "first\nnext\nit gave 1\n"


def test_xargs_hands_over_ids(bash, session):
    session.create("work", IMAGE, command=["true"], replicas=3)

    done = bash("""
        canfar wait 'work-*' -q > /dev/null
        canfar ps -a -q | xargs canfar delete --yes -q | wc -l
        canfar ps -a -q | canfar delete --yes - || echo "none: $?"
    """)

    assert done.returncode == 0, done
    assert done.stdout.split("\n", 1)[0].strip() == "3"
    assert "none: 2" in done.stdout
    assert names(session) == []


def test_each_kind_of_failure_has_its_code(bash, session):
    done = bash("""
        code() { "$@" >/dev/null 2>&1 && echo 0 || echo $?; }
        code canfar info nobody
        code canfar ps --nonsense
        code env CANFAR_TOKEN=wrong canfar ps
        code env CANFAR_URL=http://127.0.0.1:9/skaha/v1 canfar ps --timeout 1
    """)

    assert done.stdout.split() == ["3", "2", "4", "5"]
