"""What goes wrong on demand, seen by a client on the wire."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from platform_probe import IMAGE, Probe, until

from canfar.local import LocalPlatform, ManualClock
from canfar.local.contract.effects import Cut, Fail
from canfar.local.contract.fault_text import read_fault
from canfar.local.contract.faults import Fault
from canfar.local.contract.skaha import SERVER


def create(probe, name="demo"):
    """Create an interactive session, which starts nothing; None for a closed connection."""
    try:
        return probe.form(name=name, type="contributed").status_code
    except httpx.RemoteProtocolError:
        return None


def test_the_next_calls_fail_with_a_status_and_then_work_again(platform, probe):
    platform.fail("create", times=2, status=503, retry_after=2)

    replies = [probe.form(type="notebook") for _ in range(3)]

    assert [reply.status_code for reply in replies] == [503, 503, 200]
    assert replies[0].headers["retry-after"] == "2"
    assert replies[0].text == "temporarily unavailable: null\n"
    assert replies[0].headers["server"] == SERVER
    assert len(probe.ids()) == 1
    assert platform.count("create", applied=False) == 2


@pytest.mark.parametrize(
    ("options", "status", "text"),
    [
        ({"status": 500}, 500, "unexpected exception: java.lang.RuntimeException: canfar.local"),
        ({"status": 429, "body": "too fast"}, 429, "too fast"),
        ({"status": 599}, 599, "canfar.local was asked to answer 599.\n"),
    ],
)
def test_an_error_says_what_the_server_would_or_what_it_is_told(
    platform, probe, options, status, text
):
    platform.fail("list", **options)

    reply = probe.get("/session")

    assert reply.status_code == status
    assert reply.text.startswith(text)
    assert reply.headers["content-type"] == "text/plain"
    assert "retry-after" not in reply.headers


def test_a_gateway_that_gives_up_leaves_the_session_behind(platform, probe):
    platform.fail("create", status=504, after=True, times=1)

    assert probe.form(type="notebook").status_code == 504
    assert len(probe.ids()) == 1


@pytest.mark.parametrize(("after", "left"), [(True, 1), (False, 0)])
def test_a_cut_closes_the_connection_without_a_reply(platform, probe, after, left):
    probe.get("/session")  # so that the one it closes is a connection that was kept
    platform.cut("create", times=1, after=after)

    assert create(probe) is None
    assert len(probe.ids()) == left
    assert platform.connections == 2
    arrival = platform.requests[1]
    assert (arrival.connection, arrival.status, arrival.cut) == (1, None, True)
    assert arrival.applied is after


def test_a_reply_can_end_in_its_middle(platform, probe):
    create(probe)
    platform.truncate("list", times=1)

    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        probe.get("/session")
    assert len(probe.ids()) == 1


def test_a_reply_without_a_body_that_is_truncated_is_none(platform, probe):
    platform.truncate("delete", times=1)

    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        probe.delete("/session/k3x9a0bz")


def test_a_page_of_html_comes_instead_of_the_list(platform, probe):
    platform.answer_html("list", times=1)

    reply = probe.get("/session")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/html;charset=utf-8"
    assert reply.text.startswith("<!doctype html>")
    assert probe.get("/session").json() == []


def test_an_expired_token_is_refused_and_another_one_isnt():
    with (
        LocalPlatform(users={"bob": "bobs"}) as platform,
        Probe(platform) as first,
        Probe(platform, "bobs") as bob,
    ):
        platform.refuse_token(platform.token)
        refused = first.get("/context")

        assert (refused.status_code, refused.text) == (401, "Token has expired")
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]
        assert bob.get("/context").status_code == 200
        assert httpx.get(f"{platform.url.removesuffix('/v1')}/availability").status_code == 200
        platform.clear_faults()
        assert first.get("/context").status_code == 200
        platform.refuse_token(times=1)
        assert bob.get("/context").status_code == 401


@pytest.mark.parametrize(("after", "there"), [(False, 0), (True, 1)])
def test_a_slow_create_is_applied_whatever_the_client_does(after, there):
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with LocalPlatform(clock=clock) as platform, Probe(platform) as probe:
        platform.delay("create", seconds=30, after=after)
        with pytest.raises(httpx.ReadTimeout):
            probe.post("/session", data={"name": "a", "image": IMAGE}, timeout=0.2)
        assert len(probe.ids()) == there

        platform.advance(seconds=31)

        until(lambda: len(probe.ids()) == 1)


def test_a_delay_takes_real_time_where_the_clock_is_the_walls(platform, probe):
    platform.delay("list", seconds=0.05)
    begun = time.monotonic()

    assert probe.get("/session").status_code == 200
    assert time.monotonic() - begun >= 0.05
    assert platform.requests[0].status == 200


def test_delays_add_up_and_end_in_another_fault():
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with (
        LocalPlatform(clock=clock) as platform,
        Probe(platform) as probe,
        ThreadPoolExecutor(1) as pool,
    ):
        platform.delay("list", seconds=10)
        platform.delay("*", seconds=5)
        platform.fail("list")
        reply = pool.submit(probe.get, "/session")
        until(lambda: platform.count("list") == 1)
        platform.advance(seconds=14)
        assert not reply.done()
        platform.advance(seconds=1)

        assert reply.result(15).status_code == 503


def test_a_delay_is_counted_from_the_arrival(monkeypatch):
    """Who moves the clock as soon as a request is counted moves it for that request too."""
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with LocalPlatform(clock=clock) as platform, Probe(platform) as probe:
        arrived = platform._journal.arrived

        def then_moved(*request):
            number = arrived(*request)
            clock.advance(timedelta(seconds=10))
            return number

        monkeypatch.setattr(platform._journal, "arrived", then_moved)
        platform.delay("list", seconds=10)

        assert probe.get("/session", timeout=5).status_code == 200


def test_a_reply_drips(platform, probe):
    log = probe.run("echo", "0123456789" * 3)
    probe.finished(log)
    platform.drip("logs", bytes_per_second=300)
    begun = time.monotonic()

    with probe.stream("GET", f"/session/{log}", params={"view": "logs"}) as reply:
        pieces = list(reply.iter_raw())

    assert b"".join(pieces) == b"0123456789" * 3 + b"\n"
    assert len(pieces) > 1
    assert time.monotonic() - begun >= 0.1


def test_stopping_waits_for_no_delay():
    with LocalPlatform() as platform, Probe(platform) as probe:
        platform.delay("*", seconds=3600)
        with pytest.raises(httpx.ReadTimeout):
            probe.get("/session", timeout=0.05)
        begun = time.monotonic()
    assert time.monotonic() - begun < 60  # and not an hour


def test_faults_strike_in_the_order_in_which_they_were_added(platform, probe):
    platform.fail("create", times=1)
    platform.cut("create", times=1, after=False)
    platform.fail("create", times=1, status=500, skip=3)

    assert [create(probe, f"n{n}") for n in range(5)] == [503, None, 200, 500, 200]


def fates(seed, *, noise=False):
    with LocalPlatform(max_sessions=99) as platform, Probe(platform) as probe:
        platform.faults("create", seed=seed, cut_after=0.2, cut_before=0.2, busy=0.2)
        found = []
        for number in range(20):
            found.append(create(probe, f"n{number}"))
            if noise:
                probe.get("/session")
        return found, len(probe.ids())


def test_with_a_seed_the_nth_create_meets_the_same_fate_in_every_run():
    found, left = fates(7)

    assert fates(7, noise=True) == (found, left)
    assert fates(8)[0] != found
    assert {None, 200, 503} == set(found)
    assert found.count(200) < left < found.count(200) + found.count(None), "two kinds of cuts"


def test_the_platforms_seed_counts_where_a_fault_has_none():
    def run(seed):
        with LocalPlatform(seed=seed, faults=["list:status=500,chance=0.5"]) as platform:
            platform.faults("list", busy=0.5)
            with Probe(platform) as probe:
                return [probe.get("/session").status_code for _ in range(16)]

    assert run(3) == run(3)
    assert run(3) != run(4)
    assert set(run(3)) == {200, 500, 503}


def test_faults_with_a_limit_end(platform, probe):
    platform.faults("list", html=1, times=2)

    types = [probe.get("/session").headers["content-type"] for _ in range(3)]

    assert [kind.partition(";")[0] for kind in types] == ["text/html"] * 2 + ["application/json"]


def test_names_of_views_are_narrower_than_those_of_operations(platform, probe):
    platform.fail("info", status=500, times=1)
    platform.fail("get_session", status=502, times=1)
    path = "/session/k3x9a0bz"

    assert probe.get(path, params={"view": "logs"}).status_code == 502
    assert probe.get(path, params={"view": "logs"}).status_code == 200
    assert probe.get(path).status_code == 500
    assert probe.get(path).status_code == 404


def test_requests_and_connections_are_counted(platform, probe):
    probe.create(name="a", env=["SECRET=xyzzy"], type="notebook")
    probe.get("/session", params={"view": "stats"})
    probe.get("/nothing")

    first, second, third = platform.requests
    assert (first.operation.id, first.method, first.path, first.status) == (
        "create_session",
        "POST",
        "/skaha/v1/session",
        200,
    )
    assert first.applied
    assert first.parameters.every("env") == ("SECRET=xyzzy",)
    assert second.is_of("stats")
    assert second.is_of("list_sessions")
    assert not second.is_of("list")
    assert (third.operation.id, third.status) == ("", 404)
    assert (platform.count(), platform.count("create"), platform.count("list")) == (2, 1, 0)
    assert platform.connections == 1
    assert [one.number for one in platform.requests] == [1, 2, 3]
    shown = repr(platform.requests)
    assert "xyzzy" not in shown
    assert platform.token not in shown


def test_open_connections_are_counted():
    platform = LocalPlatform()
    assert (platform.connections, platform.open_connections) == (0, 0)
    with platform:
        with Probe(platform) as probe:
            probe.get("/session")
            assert platform.open_connections == 1
        until(lambda: platform.open_connections == 0)
        assert platform.connections == 1


def test_an_error_of_several_kinds_is_the_first(platform, probe):
    platform.answer_html("list")
    platform.refuse_token()
    platform.fail("*")
    platform.truncate("*")

    assert probe.get("/session").headers["content-type"].startswith("text/html")
    assert probe.get("/context").status_code == 401


def test_a_stranger_can_be_counted_too(platform, probe):
    assert probe.request("PUT", "/session").status_code == 405
    assert probe.get("/session/a/b/c/d").status_code == 400
    assert [one.operation.id for one in platform.requests] == ["", ""]
    platform.fail("*")
    assert probe.get("/nothing").status_code == 404, "no operation, no fault"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda p: p.fail("creat"),
        lambda p: p.fail("create", status=99),
        lambda p: p.delay("create", seconds=0),
        lambda p: p.drip("logs", bytes_per_second=0),
        lambda p: p.cut("create", times=-1),
        lambda p: p.faults("create"),
        lambda p: p.faults("create", busy=0.6, html=0.6),
        lambda p: p.faults("create", busy=1.6),
        lambda p: p.count("everything"),
        lambda p: p.inject("create"),
        lambda p: p.inject(Fault("create", ())),
        lambda p: p.inject(Fault("create", ((1.0, Cut("sideways")),))),
    ],
)
def test_what_cant_be_a_fault_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong(LocalPlatform())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("create:cut-after,chance=0.05", Fault("create", ((0.05, Cut("after")),))),
        (
            "*:status=503,retry-after=2,times=3,skip=1,after=yes",
            Fault("*", ((1.0, Fail(503, "2", after=True)),), 3, 1),
        ),
    ],
)
def test_a_fault_can_be_written_as_text(text, fault):
    assert read_fault(text) == fault


@pytest.mark.parametrize(
    "text", ["list:delay=2.5", "list:html", "logs:drip=10", "*:refuse-token", "list:cut-midway"]
)
def test_every_effect_has_a_text(text):
    assert read_fault(text).operation == text.partition(":")[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("create", "OPERATION:EFFECT"),
        ("create:", "OPERATION:EFFECT"),
        ("create:explode", "no effect 'explode'"),
        ("create:cut-after=3", "no effect"),
        ("create:status", "can't be read"),
        ("create:html,after=perhaps", "can't be read"),
        ("create:html,colour=red", "no option colour"),
        ("create:html,times=many", "can't be read"),
        ("crate:html", "no operation"),
    ],
)
def test_a_text_that_is_no_fault_says_why(text, reason):
    with pytest.raises(ValueError, match=reason):
        read_fault(text)


def test_the_command_line_takes_faults():
    command = [sys.executable, "-m", "canfar.local", "--seed", "7"]
    faults = ["--fault", "list:status=500,times=1", "--fault", "*:delay=0.01"]
    with subprocess.Popen([*command, *faults], stdout=subprocess.PIPE, text=True) as serving:
        url, token = (serving.stdout.readline().strip().partition("=")[2] for _ in range(2))
        headers = {"Authorization": f"Bearer {token}"}
        found = [httpx.get(f"{url}/session", headers=headers).status_code for _ in range(2)]
        serving.terminate()
        serving.stdout.read()

    assert found == [500, 200]
    assert serving.returncode == 0


def test_the_command_line_says_what_is_wrong_with_a_fault_and_how_they_are_written():
    command = [sys.executable, "-m", "canfar.local"]
    wrong = subprocess.run(
        [*command, "--fault", "create:explode"], capture_output=True, text=True, check=False
    )
    usage = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)

    assert wrong.returncode == 2
    assert "there is no effect 'explode'" in wrong.stderr
    assert "cut-before" in usage.stdout
