"""Following what sessions write: every line once, in order, to the last."""

from __future__ import annotations

import json
import sys
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canfar._core.log_reader import LogReader, text_of_line
from canfar.errors import InvalidInput, TimedOut, WaitTimeout
from canfar.local import LocalPlatform

IMAGE = "skaha/astroml"


def collected(session, ids, *, on_line=lambda _: None, **options):
    """Follow; the asyncio session is a plain one to tests."""
    pairs = []

    def take(pair):
        pairs.append(pair)
        on_line(pair[1])

    if hasattr(session, "_runner"):

        async def collect():
            async for pair in session.follow(ids, **options):
                take(pair)

        session._runner.run(collect())
    else:
        for pair in session.follow(ids, **options):
            take(pair)
    return pairs


@pytest.fixture
def follow(session):
    return partial(collected, session)


WRITER = """
import os, sys, time
out = sys.stdout.buffer
for number in range(16):
    out.write(f"{number} é日本".encode()[: 7 + number % 4]); out.flush()
    time.sleep(0.02)
    out.write(b"\\r\\n" if number % 3 else b"\\n"); out.flush()
out.write(b"no end"); out.flush()
"""


def expected():
    lines = [
        f"{number} é日本".encode()[: 7 + number % 4].decode("utf-8", "replace")
        for number in range(16)
    ]
    return [*lines, "no end"]


def test_every_line_of_every_session_once_and_in_order(session, follow, hurry):
    ids = session.create("w", IMAGE, command=[sys.executable, "-S", "-c", WRITER], replicas=3)

    pairs = follow(ids)

    for each in ids:
        assert [line for where, line in pairs if where == each] == expected()


def test_raw_lines_are_the_bytes_that_were_written(session, follow, hurry):
    ids = session.create("w", IMAGE, command=[sys.executable, "-S", "-c", WRITER], replicas=2)

    pairs = follow(ids, raw=True)

    written = b"".join(line for where, line in pairs if where == ids[1])
    assert (
        written
        == b"".join(
            f"{number} é日本".encode()[: 7 + number % 4] + (b"\r\n" if number % 3 else b"\n")
            for number in range(16)
        )
        + b"no end"
    )


def test_each_change_is_told_once(session, follow, hurry, gate):
    ids = session.create("one", IMAGE, command=gate.command(), replicas=2)
    session.wait(ids, until="running")
    gone = session.create("gone", IMAGE, cmd="true")
    session.destroy(gone)
    hurry.at(20, gate.open)
    told = []

    follow([*ids, *gone], on_change=lambda record: told.append((record.id, record.status)))

    expected = [(each, status) for each in ids for status in ("Running", "Completed")]
    assert sorted(told) == sorted([*expected, (gone[0], "Gone")])


def test_one_that_has_ended_already_and_one_that_wrote_nothing(session, follow):
    done = session.create("done", IMAGE, cmd="echo", args="hello")
    silent = session.create("silent", IMAGE, cmd="true")
    session.wait([*done, *silent])

    assert follow([*done, *silent]) == [(done[0], "hello")]


def test_a_log_that_is_long_already_is_asked_for_once(session, follow, canfar_platform):
    line = "x" * 99_999
    program = "for n in range(400): print(n, 'x' * 99_999)"
    ids = session.create("long", IMAGE, command=[sys.executable, "-S", "-c", program])
    session.wait(ids)
    before = len(canfar_platform.requests)

    pairs = follow(ids)

    assert [text for _, text in pairs] == [f"{n} {line}" for n in range(400)]
    asked = [each.request.query for each in canfar_platform.requests[before:]]
    assert [query for query in asked if query] == ["view=logs"]


def test_more_logs_than_are_read_at_once(session, follow):
    ids = session.create("many", IMAGE, cmd="sh", args=["-c", "echo $REPLICA_ID"], replicas=70)
    session.wait(ids)

    assert sorted(follow(ids)) == sorted((each, str(n)) for n, each in enumerate(ids, 1))


def test_one_that_is_gone(session, follow, hurry):
    ids = session.create("one", IMAGE, cmd="echo", args="hello")
    session.wait(ids)
    session.destroy(ids)

    assert follow(ids, timeout=30) == []


def test_time_runs_out(session, follow, hurry):
    ids = session.create("one", IMAGE, cmd="sleep", args="300")

    with pytest.raises(WaitTimeout, match="1 of 1 sessions"):
        follow(ids, timeout=60)
    assert hurry.now == pytest.approx(60)


def test_an_id_that_is_none(follow):
    with pytest.raises(InvalidInput):
        follow("../x")


def test_one_list_a_look_whatever_the_number(session, follow, canfar_platform, hurry, gate):
    ids = session.create("one", IMAGE, command=gate.command(), replicas=20)
    session.wait(ids, until="running")
    before = len(canfar_platform.requests)
    later = []
    hurry.at(120, lambda: (later.extend(canfar_platform.requests[before:]), gate.open()))

    follow(ids)

    lists = [each for each in later if each.path.endswith("/session")]
    logs = [each for each in later if not each.path.endswith("/session")]
    assert len(lists) <= 30
    assert len(logs) <= 20 * 20


def test_those_that_wait_in_a_queue_are_asked_for_less_and_less(make_session, hurry):
    with LocalPlatform(max_running=0) as platform:
        session = make_session(url=platform.url, token=platform.token)
        ids = session.create("queued", IMAGE, cmd="true", replicas=2)
        before = platform.count()

        with pytest.raises(WaitTimeout):
            collected(session, ids, timeout=300)

        assert platform.count("list") == platform.count() - 2
        assert platform.count() - before <= 40


RESTARTED = """
import os, time
def wait_for(name):
    while not os.path.exists(os.path.expanduser(f"~/{name}")):
        time.sleep(0.01)
os.write(1, b"one\\ntwo\\nthr")
wait_for("two")
os.ftruncate(1, 0)
os.write(1, b"anew\\n")
wait_for("anew")
os.write(1, b"last")
"""


def test_a_log_that_begins_anew(session, follow, caplog, canfar_platform, hurry):
    ids = session.create("again", IMAGE, command=[sys.executable, "-S", "-c", RESTARTED])

    pairs = follow(ids, on_line=lambda line: (canfar_platform.home / line).touch())

    assert [line for _, line in pairs] == ["one", "two", "thr", "anew", "last"]
    assert f"the log of {ids[0]} began anew" in caplog.text


RANDOM_WRITER = """
import json, os, sys, time
for piece, pause in json.loads(sys.argv[1]):
    os.write(1, piece.encode("latin-1"))
    time.sleep(pause)
"""


pieces = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            [b"\n", b"\r\n", b"a", "é".encode(), "日".encode()[:1], b"\r", b"", b"\n\n"]
        ),
    ),
    max_size=30,
)


@st.composite
def histories(draw):
    """What a log holds at each look: it grows, or its container was restarted."""
    looks, log = [], b""
    for _ in range(draw(st.integers(1, 8))):
        if looks and log and draw(st.integers(0, 4)) == 0:
            log = b"#" + draw(st.binary(max_size=max(0, len(log) - 1)))[: len(log) - 1]
            looks.append(("restart", log))
        else:
            log += b"".join(draw(pieces))
            looks.append(("more", log))
    return looks


def lines_of(log):
    *whole, rest = log.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]


@settings(max_examples=50)
@given(looks=histories(), size=st.integers(1, 40), most=st.integers(1, 64))
def test_a_reader_gives_each_line_once_whatever_the_pieces(looks, size, most):
    reader, given_lines, expected_lines = LogReader(most), [], []
    before = None
    for what, log in looks:
        if what == "restart" and before is not None:
            if log.startswith(before):
                what = "more"  # nobody could tell  # noqa: PLW2901
            else:
                expected_lines += lines_of(before)
        while True:
            reader.begin()
            whole = True
            for start in range(0, len(log), size):
                if not reader.write(log[start : start + size]):
                    whole = False
                    break
            if whole:
                reader.end()
            given_lines += reader.take()
            if not reader.wants_more:
                break
        before = log
    reader.finish()
    given_lines += reader.take()

    assert given_lines == expected_lines + lines_of(before or b"")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    writers=st.lists(
        st.lists(
            st.tuples(
                st.lists(
                    st.sampled_from([b"a", b"\n", b"\r\n", "é".encode()[:1], "é".encode(), b"\r"]),
                    max_size=60,
                ).map(b"".join),
                st.sampled_from([0, 0, 0.01, 0.05]),
            ),
            max_size=6,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_what_random_processes_write(session, follow, hurry, writers):
    ids = []
    for writer in writers:
        program = json.dumps([(piece.decode("latin-1"), pause) for piece, pause in writer])
        command = [sys.executable, "-S", "-c", RANDOM_WRITER, program]
        ids += session.create("random", IMAGE, command=command)

    pairs = follow(ids)

    for each, writer in zip(ids, writers, strict=True):
        log = b"".join(piece for piece, _ in writer)
        assert [line for where, line in pairs if where == each] == list(
            map(text_of_line, lines_of(log))
        )
    session.destroy(ids)


def test_what_a_callback_raises_comes_through(session, follow):
    """Even what says that a server is away, which is borne with when the server says it."""
    ids = session.create("one", IMAGE, cmd="sleep", args="300")
    ids += session.create("two", IMAGE, cmd="true")
    calls = []

    def fail(record):
        calls.append(record)
        if len(calls) > 1:
            raise TimedOut("of another server")

    with pytest.raises(TimedOut, match="of another server"):
        follow(ids, on_change=fail, timeout=60)
