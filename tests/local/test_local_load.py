"""Many of everything at once: nothing is lost, and nothing is left."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from platform_probe import IMAGE, TRUST, Probe, until

from canfar.local import LocalPlatform
from canfar.local.contract.messages import Request
from canfar.local.contract.skaha import handle
from canfar.local.runner import guard
from canfar.local.runner.meter import Leader, measure

CLIENTS = 64
SESSIONS = 1000


def held():
    """What this process holds: descriptors, threads, children."""
    gc.collect()
    me = Path("/proc/self")
    children = [
        pid for task in (me / "task").iterdir() for pid in (task / "children").read_text().split()
    ]
    return len(list((me / "fd").iterdir())), threading.active_count(), sorted(children)


@pytest.fixture(autouse=True)
def _nothing_leaks():
    # Once, so that what is made only once isn't counted.
    with LocalPlatform() as platform, Probe(platform) as probe:
        probe.finished(probe.create(cmd="true"))
    before = held()
    yield
    until(lambda: held() == before, seconds=5)


@pytest.fixture
def crowd():
    with ThreadPoolExecutor(CLIENTS) as pool:
        yield pool


class OneEach(threading.local):
    """A client for each thread: a shared one closes some connections under their replies.

    See https://github.com/encode/httpcore/issues/1110.
    """

    def __init__(self, platform, leave):
        client = httpx.Client(
            base_url=platform.url,
            headers={"Authorization": f"Bearer {platform.token}"},
            timeout=60,
            verify=TRUST,
        )
        self.client = leave.enter_context(client)


@pytest.mark.timeout(300)
def test_a_thousand_sessions_come_and_go(crowd):
    with LocalPlatform() as platform, ExitStack() as leave:
        my = OneEach(platform, leave)
        form = {"name": "load", "image": IMAGE}
        made = list(crowd.map(lambda _: my.client.post("/session", data=form), range(SESSIONS)))
        assert {reply.status_code for reply in made} == {200}
        ids = [reply.text.strip() for reply in made]
        assert len(set(ids)) == SESSIONS
        listed = my.client.get("/session").json()
        assert {one["id"] for one in listed} == set(ids)
        shown = crowd.map(lambda mine: my.client.get(f"/session/{mine}").json(), ids)
        assert [one["id"] for one in shown] == ids
        gone = crowd.map(lambda mine: my.client.delete(f"/session/{mine}"), ids)
        assert {reply.status_code for reply in gone} == {200}
        assert my.client.get("/session").json() == []
        assert len(platform.requests) == 3 * SESSIONS + 2
        assert all(arrival.status == 200 for arrival in platform.requests)


def seconds_to_list(count):
    """Processor time of a list of so many sessions, the best of five."""
    with LocalPlatform(serve=False) as platform:
        world = platform._started.world
        headers = (
            ("authorization", f"Bearer {platform.token}"),
            ("content-type", "application/x-www-form-urlencoded"),
        )
        body = f"name=load&image={IMAGE}".encode()
        for _ in range(count):
            handle(Request("POST", "/skaha/v1/session", headers=headers, body=body), world)
        times = []
        for _ in range(5):
            started = time.thread_time()
            reply = handle(Request("GET", "/skaha/v1/session", headers=headers), world)
            times.append(time.thread_time() - started)
        assert reply.body.count(b'"id"') == count
        return min(times)


def test_listing_takes_time_in_proportion():
    # Generous: other things may be going on. benchmarks/ has the numbers.
    assert seconds_to_list(SESSIONS) < 15 * seconds_to_list(200)


@pytest.mark.timeout(300)
def test_two_hundred_commands_run_thirty_two_at_a_time_in_order(crowd, tmp_path):
    with LocalPlatform(max_running=32) as platform, Probe(platform) as probe:
        # The first ones stay until all are there.
        go = tmp_path / "go"
        wait = f"until\t[\t-e\t{go}\t];do\tsleep\t.1;done"
        script = f"-c date\t+%s.%N;{wait};sleep\t1;date\t+%s.%N"
        ids = [probe.create(cmd="sh", args=script) for _ in range(200)]
        statuses = [one["status"] for one in probe.get("/session").json()]
        assert statuses.count("Pending") == 200 - 32
        go.touch()

        until(
            lambda: {one["status"] for one in probe.get("/session").json()} == {"Completed"},
            seconds=200,
        )

        shown = {one["id"]: one["startTime"] for one in probe.get("/session").json()}
        spans = [tuple(map(float, probe.logs(mine).split())) for mine in ids]
    # As times: the text has no seconds in the first second of a minute.
    begun = [datetime.fromisoformat(shown[mine]) for mine in ids]
    assert begun == sorted(begun)
    moments = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    running = most = 0
    for _, change in moments:
        running += change
        most = max(most, running)
    assert most == 32


def test_sixty_four_clients_at_once_lose_nothing(crowd):
    rounds = 4

    def work(number):
        sent = []
        with Probe(platform) as mine:
            for turn in range(rounds):
                made = mine.form("/session", name=f"c{number}-{turn}")
                name = made.text.strip()
                sent += [made, mine.get(f"/session/{name}"), mine.get("/session?status=Completed")]
                sent += [mine.get(f"/session/{name}?view=logs"), mine.delete(f"/session/{name}")]
                assert name in {one["id"] for one in sent[-3].json()}
        return [reply.status_code for reply in sent]

    with LocalPlatform() as platform:
        codes = [code for codes in crowd.map(work, range(CLIENTS)) for code in codes]
        arrivals = platform.requests
    assert codes == [200] * (CLIENTS * rounds * 5)
    assert len(arrivals) == len(codes)
    assert all(arrival.applied and arrival.status == 200 for arrival in arrivals)


def test_looking_at_processes_is_quick():
    leaders = {"mine": Leader(1)}
    started = time.perf_counter()
    measure(leaders)
    assert time.perf_counter() - started < 0.5
    assert guard.process_ids()
