"""Retries: what is sent again, when, and what surely is not."""

import logging
import time

import httpx
import pytest

from canfar.errors import (
    ConnectionLost,
    DeadlinePassed,
    MayExist,
    ServerBusy,
    ServerError,
    TimedOut,
)
from canfar.local import LocalPlatform
from canfar.retry import Attempt, RetryPolicy

IMAGE = "images.canfar.net/skaha/astroml:latest"
QUICK = RetryPolicy(first=0.02, longest=0.05, listed_within=0.3, slow_create=0.6)


@pytest.fixture
def quick(canfar_platform, make_session):
    return make_session(retry=QUICK)


POLICY = RetryPolicy(tries=3, first=0.5, longest=8, budget=20)
TABLE = [
    # number, repeatable, status, sent, retry_after, waited -> the longest pause, or None
    *[(1, True, status, True, None, 0, 0.5) for status in (408, 425, 429, 500, 502, 503, 504)],
    *[(1, True, status, True, None, 0, None) for status in (400, 401, 403, 404, 405, 501, 520)],
    (1, True, None, True, None, 0, 0.5),
    (2, True, 503, True, None, 0.5, 1.0),
    (3, True, 503, True, None, 1.5, None),
    (1, False, 429, True, None, 0, 0.5),
    (1, False, 503, True, 2, 0, 2),
    (1, False, 503, True, None, 0, None),
    (1, False, 502, True, None, 0, None),
    (1, False, 500, True, None, 0, None),
    (1, False, None, True, None, 0, None),
    (1, False, None, False, None, 0, 0.5),
    (1, True, 503, True, 20, 0, 20),
    (1, True, 503, True, 21, 0, None),
    (2, True, 503, True, 15, 10, None),
]


@pytest.mark.parametrize(
    ("number", "repeatable", "status", "sent", "retry_after", "waited", "pause"), TABLE
)
def test_the_policy(number, repeatable, status, sent, retry_after, waited, pause):
    attempt = Attempt(
        number=number,
        repeatable=repeatable,
        status=status,
        sent=sent,
        retry_after=retry_after,
        waited=waited,
    )

    assert POLICY.pause(attempt, chance=1.0) == pause


def test_pauses_double_up_to_the_longest_and_are_spread():
    policy = RetryPolicy(tries=20, first=0.5, longest=8, budget=1000)

    def pause(number, chance):
        return policy.pause(Attempt(number=number, repeatable=True, status=503), chance=chance)

    assert [pause(n, 1.0) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert pause(3, 0.0) == 0
    assert pause(3, 0.5) == 1


@pytest.mark.parametrize(
    ("method", "operation"),
    [("info", "info"), ("logs", "logs"), ("events", "events"), ("renew", "renew"),
     ("destroy", "delete"), ("fetch", "list")],
)  # fmt: skip
@pytest.mark.parametrize("fault", ["fail", "cut before", "cut after", "truncate"])
def test_what_can_be_asked_again_is(canfar_platform, quick, method, operation, fault):
    ids = quick.create("long", IMAGE, cmd="sleep", args="300")
    quick.wait(ids, until="running")
    if fault == "fail":
        canfar_platform.fail(operation, times=2, status=500)
    elif fault == "truncate":
        canfar_platform.truncate(operation, times=2)
    else:
        canfar_platform.cut(operation, times=2, after=fault == "cut after")

    result = quick.fetch() if method == "fetch" else getattr(quick, method)(ids)

    assert getattr(result, "ok", True)
    assert len(result) == 1
    assert canfar_platform.count(operation) >= 3


def test_three_tries_and_no_more(canfar_platform, quick):
    canfar_platform.fail("list", status=500, body="still broken")

    with pytest.raises(ServerError, match="still broken"):
        quick.fetch()
    assert canfar_platform.count("list") == 3


def test_the_seconds_that_the_server_asks_for_are_kept(canfar_platform, quick):
    canfar_platform.fail("list", times=1, status=503, retry_after=1)
    began = time.monotonic()

    quick.fetch()

    assert time.monotonic() - began >= 1


def test_a_server_that_asks_for_too_long_is_not_waited_for(canfar_platform, quick):
    canfar_platform.fail("list", status=503, retry_after=3600)

    with pytest.raises(ServerBusy) as caught:
        quick.fetch()
    assert caught.value.retry_after == 3600
    assert canfar_platform.count("list") == 1


def test_statistics_that_are_not_there_are_asked_for_once(canfar_platform, quick):
    canfar_platform.fail("stats", status=503, retry_after=1)

    with pytest.raises(ServerBusy):
        quick.stats()
    assert canfar_platform.count("stats") == 1


def test_a_bulk_call_shares_the_pause_and_an_allowance(canfar_platform, quick):
    canfar_platform.fail("logs", status=503, retry_after=0.2)

    logs = quick.logs([f"a{n}" for n in range(300)])

    assert len(logs.errors) == 300
    assert canfar_platform.count("logs") < 300 + 40


def test_every_retry_is_logged(canfar_platform, quick, caplog):
    canfar_platform.fail("list", times=1, status=500)

    with caplog.at_level(logging.INFO, logger="canfar.http"):
        quick.fetch()

    (line,) = [r.getMessage() for r in caplog.records if r.name == "canfar.http"]
    assert line.startswith("GET /skaha/v1/session: HTTP 500; try 2 of 3 in 0.0")


def test_a_deadline_covers_the_whole_call(canfar_platform, make_session):
    session = make_session(deadline=0.5, concurrency=2)
    canfar_platform.delay("logs", seconds=0.2)
    began = time.monotonic()

    with pytest.raises(TimeoutError, match="whole call") as caught:
        session.logs([f"a{n}" for n in range(20)])

    assert isinstance(caught.value, DeadlinePassed | TimedOut)
    assert time.monotonic() - began < 30  # and not a minute
    assert 0 < len(caught.value.results) < 20
    canfar_platform.advance(seconds=10)


def test_a_deadline_cuts_a_slow_reply_short(canfar_platform, make_session):
    session = make_session(deadline=0.3)
    canfar_platform.delay("list", seconds=60)
    began = time.monotonic()

    with pytest.raises(TimeoutError):
        session.fetch()

    assert time.monotonic() - began < 30  # and not a minute
    canfar_platform.advance(seconds=100)


def names(session):
    return sorted(record.name for record in session.fetch())


@pytest.mark.parametrize("fault", ["cut after", "502 after", "truncate", "html after"])
def test_a_lost_reply_to_a_create_is_found_by_its_name(canfar_platform, quick, fault):
    if fault == "cut after":
        canfar_platform.cut("create", times=1, after=True)
    elif fault == "truncate":
        canfar_platform.truncate("create", times=1)
    elif fault == "html after":
        canfar_platform.answer_html("create", times=1, after=True)
    else:
        canfar_platform.fail("create", times=1, status=502, after=True)

    ids = quick.create("once", IMAGE, cmd="sleep", args="300")

    assert quick.fetch().ids == list(ids)
    assert canfar_platform.count("create") == 1


@pytest.mark.parametrize("fault", ["cut before", "504"])
def test_a_create_that_was_not_carried_out_is_started_again(canfar_platform, quick, fault):
    if fault == "504":
        canfar_platform.fail("create", times=1, status=504)
    else:
        canfar_platform.cut("create", times=1, after=False)

    ids = quick.create("once", IMAGE, cmd="sleep", args="300")

    assert quick.fetch().ids == list(ids)
    assert canfar_platform.count("create") == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again(canfar_platform, quick, status):
    canfar_platform.fail("create", times=1, status=status, retry_after=0.05)

    ids = quick.create("once", IMAGE, cmd="sleep", args="300")

    assert quick.fetch().ids == list(ids)


def test_a_create_that_broke_is_not_sent_again(canfar_platform, quick):
    canfar_platform.fail("create", times=1, status=500)

    with pytest.raises(ServerError):
        quick.create("once", IMAGE, cmd="true")
    assert canfar_platform.count("create") == 1


def test_a_create_that_is_answered_late_is_found(canfar_platform, make_session):
    session = make_session(retry=QUICK, timeout=0.3)
    canfar_platform.delay("create", seconds=60, times=1, after=True)

    ids = session.create("once", IMAGE, cmd="sleep", args="300")

    assert canfar_platform.count("create") == 1
    assert session.fetch().ids == list(ids)
    canfar_platform.advance(seconds=100)


def test_sessions_that_were_there_before_are_never_adopted(canfar_platform, quick):
    before = quick.create("same", IMAGE, cmd="sleep", args="300")
    canfar_platform.advance(minutes=5)
    canfar_platform.cut("create", times=1, after=False)

    ids = quick.create("same", IMAGE, cmd="sleep", args="300")

    assert ids[0] != before[0]
    assert sorted(quick.fetch().ids) == sorted([*before, *ids])


def test_a_name_that_is_used_again_is_told_apart(canfar_platform, quick):
    canfar_platform.cut("create", times=2, after=True)

    first = quick.create("same", IMAGE, cmd="sleep", args="300")
    second = quick.create("same", IMAGE, cmd="sleep", args="300")

    assert sorted(quick.fetch().ids) == sorted([*first, *second])


def test_where_a_name_cannot_decide_the_candidates_are_listed(make_session):
    with LocalPlatform(max_running=1) as platform:

        def another():
            return make_session(url=platform.url, token=platform.token, retry=QUICK)

        another().create("first", IMAGE, cmd="sleep", args="300")
        queued = another().create("same", IMAGE, cmd="sleep", args="300")
        platform.cut("create", times=1, after=True)
        # The list is answered so late that it cannot say what was there before.
        platform.delay("list", seconds=0.3, times=1)

        with pytest.raises(MayExist, match="may be one of these sessions called same") as caught:
            another().create("same", IMAGE, cmd="sleep", args="300")

        assert queued[0] in caught.value.candidates.ids
        assert len(another().fetch()) == 3


def test_a_server_that_cannot_be_asked_leaves_it_open(canfar_platform, quick):
    canfar_platform.cut("create", times=1, after=True)
    canfar_platform.cut("list")

    with pytest.raises(MayExist, match="a session called once may exist"):
        quick.create("once", IMAGE, cmd="true")


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_replicas_through_a_storm(canfar_platform, make_session, seed):
    session = make_session(retry=RetryPolicy(tries=6, first=0.01, longest=0.02, listed_within=0.2))
    canfar_platform.faults(
        "create", seed=seed, cut_after=0.05, cut_before=0.05, busy=0.05, retry_after=0.01
    )

    ids = session.create("storm", IMAGE, cmd="true", replicas=200)

    canfar_platform.clear_faults()
    assert len(ids) == len(set(ids)) == 200
    assert sorted(session.fetch().ids) == sorted(ids)
    assert names(session) == sorted(f"storm-{n}" for n in range(1, 201))


def test_a_lost_connection_is_one_sessions_failure(canfar_platform, quick):
    canfar_platform.cut("logs", times=3)

    logs = quick.logs(["abc"])

    assert isinstance(logs.errors["abc"], ConnectionLost)


def test_somebody_elses_session_of_a_moment_ago_is_not_adopted(
    canfar_platform, quick, make_session
):
    quick.fetch()  # what was there is known, and the next create doesn't ask again
    other = make_session()
    theirs = other.create("same", IMAGE, cmd="sleep", args="300")
    other.wait(theirs, until="running")
    canfar_platform.advance(seconds=5)
    canfar_platform.cut("create", times=1, after=False)

    with pytest.raises(MayExist) as caught:
        quick.create("same", IMAGE, cmd="sleep", args="300")

    assert caught.value.candidates.ids == list(theirs)
    assert caught.value.ids == ()


class BrokenBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a reply that breaks; nothing outside tells whether it was closed."""

    closed = 0

    def __iter__(self):
        raise httpx.ReadError("broken")

    async def __aiter__(self):
        raise httpx.ReadError("broken")
        yield

    def close(self):
        self.closed += 1

    async def aclose(self):
        self.closed += 1


def test_a_reply_that_breaks_is_closed(monkeypatch, make_session):
    body = BrokenBody()

    def reply(_request):
        return httpx.Response(200, stream=body)

    async def areply(_request):
        return httpx.Response(200, stream=body)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda _, request: reply(request))
    monkeypatch.setattr(
        httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: areply(request)
    )
    session = make_session(url="http://127.0.0.1:9", token="none", retry=RetryPolicy(tries=2))

    with pytest.raises(ConnectionLost):
        session.fetch()

    assert body.closed == 2
