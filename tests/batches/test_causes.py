"""Why sessions failed: what the facts say, and no more."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canfar._core.causes import cause_of
from canfar.models.failure import CAUSES
from canfar.models.session import SessionRecord

IMAGE = "skaha/astroml"
FAILED = SessionRecord(id="k3x9a0bz", status="Failed", expiryTime="2026-01-16T03:04:05Z")
HEAD = "TYPE      REASON      MESSAGE      FIRST-TIME      LAST-TIME"
STARTED = "Normal    Started    Started container headless    <nil>    <nil>"


def table(*lines):
    return "\n".join([HEAD, *lines]) + "\n"


PULL = (
    "Warning   Failed   Failed to pull image "
    '"images.canfar.net/skaha/nope:1": rpc error: code = NotFound desc = not found   <nil>   <nil>'
)
TABLE = [
    ("", "", "unknown", "events tell of no start"),
    ("<none>\n", "", "unknown", "gives no reason"),
    (table(STARTED), "", "unknown", "its log is empty"),
    (table(STARTED), "Traceback\nValueError: no\n\n", "unknown", "ValueError: no"),
    (table(STARTED), "Killed", "unknown", "last line of its log: Killed"),
    (
        table(STARTED, "Warning   OOMKilled   Container used more than 1Gi   <nil>   <nil>"),
        "",
        "out of memory",
        "more than 1Gi",
    ),
    (
        table("Warning   OOMKilling   Memory cgroup out of memory: Killed   <none>   <none>"),
        "",
        "out of memory",
        "cgroup",
    ),
    (table(PULL), "", "image pull", "skaha/nope:1"),
    (
        table('Normal   BackOff   Back-off pulling image "x/y:1"   <nil>   <nil>'),
        "",
        "image pull",
        "Back-off",
    ),
    # It could be had at last, so that is not why it failed.
    (table(PULL, STARTED), "", "unknown", ""),
    (
        table("Normal   Pulling   Pulling image x/y:1   <nil>   <nil>", STARTED),
        "",
        "unknown",
        "",
    ),
    (
        table(
            "Warning   FailedScheduling   0/9 nodes are available: 9 Insufficient nvidia.com/gpu"
            "   <nil>   <nil>"
        ),
        "",
        "not scheduled",
        "Insufficient",
    ),
    (
        table('Warning   Failed   Error: StartError: exec: "nope": not found   <nil>   <nil>'),
        "",
        "could not start",
        "nope",
    ),
    (
        table(STARTED, "Warning   Evicted   The node was low on resource: memory   <nil>   <nil>"),
        "",
        "evicted",
        "low on resource",
    ),
    (
        table(STARTED, "Warning   DeadlineExceeded   Job was active too long   <nil>   <nil>"),
        "",
        "deadline",
        "too long",
    ),
    (
        table(STARTED, "Warning   BackOff   container exited with code 137   <nil>   <nil>"),
        "",
        "exit code",
        "137",
    ),
]


@pytest.mark.parametrize(("events", "log", "cause", "said"), TABLE)
def test_what_is_said(events, log, cause, said):
    failure = cause_of(FAILED, events=events, log_tail=log)

    assert failure.cause == cause
    assert said in str(failure)
    assert failure.exit_code == (137 if cause == "exit code" else None)


@pytest.mark.parametrize("status", ["Completed", "Succeeded", "Running", "Pending", "Gone"])
def test_what_did_not_fail_has_no_cause(status):
    record = SessionRecord(id="a", status=status)

    assert cause_of(record, events=table(PULL), log_tail="x") is None


def test_the_deadline_needs_a_time():
    from datetime import UTC, datetime

    at = datetime(2026, 1, 16, 3, 4, 10, tzinfo=UTC)
    assert cause_of(FAILED, events="", log_tail="x", ended=at).cause == "deadline"
    assert cause_of(FAILED, events="", log_tail="x").cause == "unknown"
    early = at.replace(hour=1)
    assert cause_of(FAILED, events="", log_tail="x", ended=early).cause == "unknown"


words = st.sampled_from(
    ["Warning", "Failed", "OOMKilled", "Started", "   ", "exit code 3", "exited", "\n", "é", "\x0b"]
)


@given(events=st.lists(words | st.text(max_size=5)).map("   ".join), log=st.text(max_size=80))
def test_no_text_is_too_odd_and_all_evidence_is_there(events, log):
    failure = cause_of(FAILED, events=events, log_tail=log)

    assert failure.cause in CAUSES
    assert failure.evidence in events or failure.evidence in log


def causes(session, **options):
    from canfar.errors import RunFailed

    with pytest.raises(RunFailed) as caught:
        session.run("why", IMAGE, timeout=60, **options)
    return caught.value.results.replicas[0].failure


def test_a_program_that_fails(session):
    failure = causes(session, command=["sh", "-c", "echo all was well; echo no >&2; exit 3"])

    assert (failure.cause, failure.evidence, failure.exit_code) == ("unknown", "no", None)


def test_a_program_that_is_not_there(session):
    failure = causes(session, command=["no-such-program"])

    assert failure.cause == "could not start"
    assert "no-such-program" in failure.evidence


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the limit")
def test_a_program_that_takes_too_much_memory(session):
    hog = "import time\nheld = []\nwhile 1:\n    held.append(b'x' * 50_000_000); time.sleep(0.01)"

    failure = causes(session, command=[sys.executable, "-c", hog], ram=1)

    assert failure.cause == "out of memory"
    assert "1Gi" in failure.evidence


def test_a_session_whose_time_is_over(session, canfar_platform):
    batch = session.submit("long", IMAGE, cmd="sleep", args="600")
    told = []

    def tell(status):
        told.append(status)
        if status == {"Running": 1}:
            canfar_platform.advance(days=14, seconds=1)

    found = batch.wait(progress=tell, timeout=60)
    if hasattr(session, "_runner"):
        session._runner.run(found)

    assert told[-1] == {"Failed": 1}
    # Two weeks went by between two looks: that it was the deadline is not known.
    assert batch.replicas[0].failure.cause == "unknown"
