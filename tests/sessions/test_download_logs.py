"""download_logs: files that are whole or not there, however long the logs are."""

import subprocess
import sys

import pytest

from canfar.errors import ConnectionLost, NotLoggedIn
from canfar.retry import RetryPolicy

IMAGE = "images.canfar.net/skaha/astroml:latest"


def test_each_session_has_its_file(session, tmp_path):
    ids = session.create("fit", IMAGE, cmd="printenv", args="REPLICA_ID", replicas=3)
    session.wait(ids)

    saved = session.download_logs(ids, tmp_path / "new" / "logs")

    assert [saved[each].read_text() for each in ids] == ["1\n", "2\n", "3\n"]
    assert sorted(p.name for p in (tmp_path / "new" / "logs").iterdir()) == sorted(
        f"{each}.log" for each in ids
    )


def test_a_broken_download_leaves_no_file_and_an_old_one_alone(
    canfar_platform, make_session, tmp_path
):
    session = make_session(retry=RetryPolicy(tries=1))
    ids = session.create("fit", IMAGE, cmd="echo", args="a long line of text")
    session.wait(ids)
    (tmp_path / f"{ids[0]}.log").write_text("before")
    canfar_platform.truncate("logs")

    saved = session.download_logs(ids, tmp_path)

    assert saved == {}
    assert isinstance(saved.errors[ids[0]], ConnectionLost)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["before"]


def test_somebodys_page_is_no_log(canfar_platform, session, tmp_path):
    canfar_platform.answer_html("logs")

    saved = session.download_logs("abc", tmp_path)

    assert list(saved.errors) == ["abc"]
    assert list(tmp_path.iterdir()) == []


def test_not_logged_in(canfar_platform, make_session, tmp_path):
    with pytest.raises(NotLoggedIn):
        make_session(url=canfar_platform.url, token="wrong").download_logs("abc", tmp_path)


MEMORY = """
import resource, sys
from canfar.sessions import Session
with Session() as session:
    session.logs("none")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    saved = session.download_logs(sys.argv[1], sys.argv[2])
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(saved[sys.argv[1]].stat().st_size, after - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does, in KiB")
def test_memory_stays_the_same_for_200_megabytes(canfar_platform, session, tmp_path):
    ids = session.create("long", IMAGE, command=["sh", "-c", "yes 0123456789 | head -c 200000000"])
    session.wait(ids)

    done = subprocess.run(
        [sys.executable, "-c", MEMORY, ids[0], str(tmp_path)],
        env=canfar_platform.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    size, grown = map(int, done.stdout.split())

    assert size == 200_000_000
    assert grown < 20_000


def test_a_place_that_is_taken_leaves_no_other_file(session, tmp_path):
    ids = session.create("fit", IMAGE, cmd="true")
    session.wait(ids)
    (tmp_path / f"{ids[0]}.log").mkdir()

    with pytest.raises(IsADirectoryError):
        session.download_logs(ids, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [f"{ids[0]}.log"]
