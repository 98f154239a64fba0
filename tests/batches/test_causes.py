"""Why sessions failed: what the facts say, and no more."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from canfar._core.causes import cause_of
from canfar.models.failure import CAUSES, Failure
from canfar.models.session import SessionRecord

IMAGE = "skaha/astroml"
FAILED = SessionRecord(id="k3x9a0bz", status="Failed", expiryTime="2026-01-16T03:04:05Z")
POD = "skaha-headless-alice-k3x9a0bz-x7q2p"


def at(second):
    """Return what the columns of times have."""
    return f"2026-01-02T03:04:{second:02}Z"


def table(*rows):
    """Return events as kubectl prints them: columns as wide as their widest cell and three."""
    full = [
        (kind, reason, message, *((at(when),) * 2 if isinstance(when, int) else (when,) * 2))
        for kind, reason, message, when in rows
    ]
    full.insert(0, ("TYPE", "REASON", "MESSAGE", "FIRST-TIME", "LAST-TIME"))
    widths = [max(map(len, column)) + 3 for column in zip(*full, strict=True)]
    lines = ["".join(map(str.ljust, row, widths)).rstrip() for row in full]
    return "\n".join(lines) + "\n"


def normal(reason, message, when="<nil>"):
    return ("Normal", reason, message, when)


def warning(reason, message, when="<nil>"):
    return ("Warning", reason, message, when)


SCHEDULED = normal("Scheduled", f"Successfully assigned skaha-workload/{POD} to node7", 5)
PULLED = normal("Pulled", 'Successfully pulled image "images.canfar.net/skaha/x:1" in 1.2s', 6)
INIT = normal("Started", "Started container init-users-groups", 6)
STARTED = normal("Started", f"Started container {POD[:-6]}", 8)
BEGUN = (SCHEDULED, PULLED, INIT, PULLED, STARTED)

PULL = (
    'Failed to pull image "images.canfar.net/skaha/nope:1": rpc error: code = NotFound desc = '
    'failed to pull and unpack image "images.canfar.net/skaha/nope:1": not found'
)
BACK_OFF = 'Back-off pulling image "images.canfar.net/skaha/nope:1"'
RUNC = (
    "Error: failed to create containerd task: failed to create shim task: OCI runtime create "
    "failed: runc create failed: unable to start container process: "
)
FULL = "0/9 nodes are available: 9 Insufficient nvidia.com/gpu. preemption: 0/9 nodes are available"
MOUNT = 'MountVolume.SetUp failed for volume "cavern" : mount failed: exit status 32'

# Events, the cause, and what is said of it: the evidence too, where there is some.
EXPLAINED = {
    "killed for its memory, as the local platform says it": (
        (*BEGUN, warning("OOMKilled", "Container x used more than its 1Gi of memory and was", 9)),
        "out of memory",
        "it used more than its 1Gi of memory: Container x used",
    ),
    "killed by the kernel": (
        (*BEGUN, warning("OOMKilling", "Memory cgroup out of memory: Killed process 7", 9)),
        "out of memory",
        "it ran out of memory: Memory cgroup",
    ),
    "killed in the second in which it was started": (
        (*BEGUN, warning("OOMKilled", "Container x used more than its 1Gi of memory and was", 8)),
        "out of memory",
        "1Gi",
    ),
    "no such image": (
        (SCHEDULED, warning("Failed", PULL, 7), warning("Failed", "Error: ErrImagePull", 7)),
        "image pull",
        "its image could not be pulled: Failed to pull image",
    ),
    "only that pulling goes on": (
        (normal("BackOff", BACK_OFF), warning("Failed", "Error: ImagePullBackOff")),
        "image pull",
        "Error: ImagePullBackOff",
    ),
    "no such image on a second pull, after the init container": (
        (SCHEDULED, PULLED, INIT, warning("Failed", PULL, 7)),
        "image pull",
        "not found",
    ),
    "a malformed name": (
        (
            warning("InspectFailed", 'Failed to apply default image tag "x:y:z": couldn\'t parse'),
            warning("Failed", "Error: InvalidImageName"),
        ),
        "image pull",
        "the name of its image is not valid",
    ),
    "an image that was not to be pulled": (
        (warning("ErrImageNeverPull", 'Container image "x:1" is not present with pull policy'),),
        "image pull",
        "is not present",
    ),
    "a pull until the deadline": (
        (warning("Failed", PULL, 7), warning("DeadlineExceeded", "Job was active longer", 9)),
        "image pull",
        "not found",
    ),
    "no room on any node": ((warning("FailedScheduling", FULL),), "not scheduled", FULL),
    "no room on its node is not too much memory in use": (
        (SCHEDULED, warning("OutOfmemory", "Node didn't have enough resource: memory", 6)),
        "not scheduled",
        "the platform had no room for it: Node didn't have",
    ),
    "a GPU that was gone": (
        (SCHEDULED, warning("UnexpectedAdmissionError", "Allocate failed due to no devices", 6)),
        "not scheduled",
        "Allocate failed",
    ),
    "a quota": (
        (warning("FailedCreate", f'Error creating: pods "{POD}" is forbidden: exceeded quota: q'),),
        "not scheduled",
        "it would have exceeded a quota: Error creating",
    ),
    "a pod that was refused": (
        (warning("FailedCreate", f'Error creating: pods "{POD}" is forbidden: maximum memory'),),
        "could not start",
        "forbidden",
    ),
    "no such command, after the init container was started": (
        (
            SCHEDULED,
            INIT,
            warning("Failed", f'{RUNC}exec: "nope": executable file not found in $PATH', 7),
        ),
        "could not start",
        "its command was not found: Error: failed to create",
    ),
    "the same in the same second": (
        (
            SCHEDULED,
            INIT,
            warning("Failed", f'{RUNC}exec: "/x": stat /x: no such file or directory', 6),
        ),
        "could not start",
        "its command was not found",
    ),
    "no such command on older nodes": (
        (INIT, warning("Failed", r'Error: caused "exec: \"x\": executable file not found in', 7)),
        "could not start",
        "its command was not found",
    ),
    "a command named like another trouble": (
        (warning("Failed", 'Error: StartError: exec: "ErrImagePull": executable file not found'),),
        "could not start",
        "its command was not found",
    ),
    "a command that may not be run": (
        (INIT, warning("Failed", f'{RUNC}exec: "/etc": permission denied', 7)),
        "could not start",
        "its container could not be started",
    ),
    "a folder that is not there is not a command": (
        (INIT, warning("Failed", f'{RUNC}chdir to cwd ("/x") failed: no such file or directory')),
        "could not start",
        "its container could not be started",
    ),
    "a volume that is not there": (
        (SCHEDULED, warning("FailedMount", MOUNT, 9)),
        "could not start",
        "its container could not be made",
    ),
    "evicted": (
        (*BEGUN, warning("Evicted", "The node was low on resource: memory.", 9)),
        "evicted",
        "the platform took its place away: The node was low",
    ),
    "its node went away": (
        (*BEGUN, normal("TaintManagerEviction", f"Marking for deletion Pod s/{POD}", 9)),
        "evicted",
        "Marking",
    ),
    "preempted": ((*BEGUN, warning("Preempted", "Preempted by pod 7", 9)), "evicted", "by pod 7"),
    "its deadline": (
        (*BEGUN, warning("DeadlineExceeded", "Job was active longer than specified deadline", 9)),
        "deadline",
        "it had run for as long as it may",
    ),
}


@pytest.mark.parametrize("case", EXPLAINED)
def test_what_events_explain(case):
    rows, cause, said = EXPLAINED[case]
    events = table(*rows)

    # What the log says takes nothing from it.
    failure = cause_of(FAILED, events=events, log_tail="all was well\n")

    assert (failure.cause, failure.exit_code) == (cause, None)
    assert said in str(failure)
    assert failure.evidence in events.split("\n")


@pytest.mark.parametrize(
    "message",
    [
        "Container x for pod s/x failed with exit code 137 matching FailJob rule at index 0",
        "container exited with code 137",
        "Container terminated with exit code: 137",
    ],
)
def test_an_exit_code_of_the_container(message):
    events = table(*BEGUN, warning("BackOff", message, 9))

    failure = cause_of(FAILED, events=events, log_tail="Killed\n")

    assert (failure.cause, failure.exit_code) == ("exit code", 137)
    assert failure.text == "its program ended with exit code 137"
    assert message in failure.evidence


def test_an_exit_code_beside_another_cause():
    events = table(
        *BEGUN, warning("OOMKilled", "oom", 9), warning("Failed", "Container exited with code 137")
    )

    failure = cause_of(FAILED, events=events, log_tail="")

    assert (failure.cause, failure.exit_code) == ("out of memory", 137)


# Nothing of it says why the session failed.
UNEXPLAINED = {
    "a pull that was tried again": (warning("Failed", PULL, 5), PULLED, STARTED),
    "a pull that was tried again in the same second": (
        warning("Failed", PULL, 6),
        PULLED,
        normal("Started", "Started container x", 6),
    ),
    "a pull that was tried again, without times": (
        warning("Failed", PULL),
        normal("Started", "Started container x"),
    ),
    # Rows stand in the order of their first times, and that is the last one.
    "a start in between": (STARTED, warning("Failed", "Error: context deadline exceeded", 7)),
    "a place found at last": (warning("FailedScheduling", FULL), SCHEDULED),
    "a volume of one that has ended": (*BEGUN, warning("FailedMount", MOUNT, 30)),
    "a killed one that was started anew": (*BEGUN[:-1], warning("OOMKilled", "oom", 7), STARTED),
    "an end with a code that was not the last": (
        warning("BackOff", "Container exited with code 3", 7),
        STARTED,
    ),
    "the exit code of a probe": (
        *BEGUN,
        warning("Unhealthy", "Probe failed: command exited with code 1", 9),
    ),
    "an exit code of zero": (*BEGUN, normal("Completed", "Container exited with code 0", 9)),
    "a crash loop": (*BEGUN, warning("BackOff", "Back-off restarting failed container", 9)),
    "a node that ran out": (*BEGUN, warning("SystemOOM", "System OOM encountered, victim: x", 9)),
    "a word that is not Kubernetes'": (*BEGUN, warning("OutOfMemory", "who knows whose", 9)),
    "an eviction that was called off": (
        *BEGUN,
        normal("TaintManagerEviction", "Cancelling deletion of Pod", 9),
    ),
    "credentials that were not needed": (
        warning("FailedToRetrieveImagePullSecret", "Unable to retrieve some image pull secrets"),
        *BEGUN,
    ),
    "words of a user": (
        normal("Pulled", 'Image "OOMKilled/ErrImagePull" exit code 3 is only a label here', 6),
        STARTED,
    ),
    "progress": BEGUN,
    "being stopped": (*BEGUN, normal("Killing", f"Stopping container {POD}", 9)),
    "nothing": (),
}


@pytest.mark.parametrize("case", UNEXPLAINED)
def test_what_events_do_not_explain(case):
    events = table(*UNEXPLAINED[case])

    failure = cause_of(FAILED, events=events, log_tail="begun\nValueError: no\n \n")

    assert (failure.cause, failure.exit_code) == ("unknown", None)
    assert str(failure) == "the platform gives no reason; the last line of its log: ValueError: no"


@pytest.mark.parametrize(
    ("status", "events", "said"),
    [
        ("Failed", "", "there are no events of it, and its log is empty"),
        ("Failed", "<none>\n", "there are no events of it"),
        ("Failed", "session k3x9a0bz not found.\n", "there are no events of it"),
        ("Failed", table(SCHEDULED), "its events tell of no start"),
        ("Failed", table(*BEGUN), "its record has none, its events tell of no failure"),
        (
            "Failed",
            table(*BEGUN, warning("BackOff", "Back-off restarting failed container", 9)),
            "the last warning in its events: Back-off restarting failed container",
        ),
        ("Failed", table(warning("Odd", "odd", 5), *BEGUN), "its events tell of no failure"),
        ("Failed (BackoffLimitExceeded)", "", "is empty: Failed (BackoffLimitExceeded)"),
        ("Error", "", "gives no reason"),
    ],
)
def test_where_there_is_nothing_the_places_are_named(status, events, said):
    record = SessionRecord(id="k3x9a0bz", status=status)

    failure = cause_of(record, events=events, log_tail=" \n\n")

    assert failure.cause == "unknown"
    assert said in str(failure)


@pytest.mark.parametrize(
    "last",
    ["Killed", "MemoryError", "exited with exit code 3", "slurmstepd: error: Detected 1 oom-kill"],
)
def test_what_programs_write_is_no_proof(last):
    failure = cause_of(FAILED, events=table(*BEGUN), log_tail=f"Traceback:\n{last}\n")

    assert (failure.cause, failure.exit_code, failure.evidence) == ("unknown", None, last)
    # Texts are kept where what was written is not.
    assert last not in failure.text


def test_how_much_memory_it_had_is_known_of_fixed_sessions():
    events = table(*BEGUN, warning("OOMKilled", "oom", 9))
    fixed = SessionRecord(FAILED, requestedRAM="1.07", isFixedResources=True)
    older = SessionRecord(FAILED, requestedRAM="1G")

    def text(record):
        return cause_of(record, events=events, log_tail="").text

    assert text(fixed) == "it ran out of memory, of which it had 1.07 GB"
    assert text(older) == "it ran out of memory"


def test_the_record_may_tell_of_the_deadline():
    record = SessionRecord(id="a", status="Failed (DeadlineExceeded)")

    failure = cause_of(record, events="", log_tail="x")

    assert (failure.cause, failure.evidence) == ("deadline", "Failed (DeadlineExceeded)")


def test_the_deadline_needs_a_time():
    over = datetime(2026, 1, 16, 3, 4, 10, tzinfo=UTC)

    def cause(ended, *rows):
        return cause_of(FAILED, events=table(*rows), log_tail="x", ended=ended)

    assert cause(over).cause == "deadline"
    assert cause(over).evidence == FAILED["expiryTime"]
    # Those of other replicas, which end at other times, are one with it.
    assert str(cause(over)) == cause(over).text
    assert cause(None).cause == "unknown"
    assert cause(over.replace(hour=1)).cause == "unknown"
    assert cause(over, warning("BackOff", "container exited with code 3")).cause == "exit code"


@pytest.mark.parametrize("status", ["Completed", "Succeeded", "Running", "Pending", "Terminating"])
def test_what_did_not_fail_has_no_cause(status):
    record = SessionRecord(id="a", status=status)

    assert cause_of(record, events=table(warning("Failed", PULL)), log_tail="x") is None


def test_what_the_server_knows_no_longer_is_gone():
    record = SessionRecord(id="a", status="Gone")

    assert cause_of(record, events="", log_tail="").cause == "gone"


def test_a_message_of_more_than_a_cell():
    spaced = table(warning("Failed", "Error:   exec   of   nothing", 7))
    broken = table(warning("Failed", "Error: one\nWarning is no row\n   nor this", 7))

    assert "of   nothing" in cause_of(FAILED, events=spaced, log_tail="").evidence
    assert cause_of(FAILED, events=broken, log_tail="").cause == "could not start"


@pytest.mark.parametrize(
    ("evidence", "shown"),
    [
        (" 10%|#   |\r 99%|####|", "99%|####|"),
        ("\x1b[0;31mValueError\x1b[0m: no", "ValueError: no"),
        ("x" * 1000, "x" * 299 + "…"),
        ("Warning   Odd   it is odd   2026-01-02T03:04:05Z   <nil>", "it is odd"),
        ("Warning   it is odd", "Warning it is odd"),
    ],
)
def test_failures_print_as_terminals_show_them(evidence, shown):
    assert str(Failure(cause="unknown", text="why", evidence=evidence)) == f"why: {shown}"


ROWS = ("Normal", "Warning", "Failed", "OOMKilled", "Started", "DeadlineExceeded", "FailedCreate")
MESSAGES = ("Error: x", "Container exited with code 3", "Container exited with code 999", "exec:")
TIMES = ("<nil>", at(5), "2026-01-02", "2026-01-02T03:04:05", "0001-01-01T00:00:00+23:59")
ODD = ("\n", "\r", "\t", "é", "\x0b", "\x1b[0m")
words = st.sampled_from((*ROWS, *MESSAGES, *TIMES, *ODD))
texts = st.lists(words | st.text(max_size=5)).map("   ".join)
statuses = st.sampled_from(["Failed", "error", "Failed (DeadlineExceeded)", "Failed (x)", "Gone"])


def lines(text):
    return {line.strip() for line in text.split("\n")}


@given(events=texts | st.text(), log=texts | st.text(), status=statuses, expiry=words | st.text())
@example(
    events="Warning   Failed   Error: x   0001-01-01T00:00:00+23:59\n"
    "Normal   Started   x   9999-12-31T23:59:59-23:59",
    log="",
    status="Failed",
    expiry="",
)
@example(
    events="Warning   Failed   Error: x   2026-01-02T03:04:05\nNormal   Started   x   " + at(5),
    log="",
    status="Failed",
    expiry="",
)
def test_no_text_is_too_odd_and_all_evidence_is_there(events, log, status, expiry):
    record = SessionRecord(id="a", status=status, expiryTime=expiry)

    failure = cause_of(record, events=events, log_tail=log, ended=datetime.now(UTC))

    assert failure.cause in CAUSES
    assert failure.evidence in lines(events) | lines(log) | {"", status, expiry}
    assert "\n" not in str(failure)


def explained(session, **options):
    """Run a session to its end, and return why it failed by what the server says then."""
    (mine,) = session.create("why", IMAGE, **options)
    for _ in range(600):
        (record,) = session.info(mine)
        if record.status not in {"Pending", "Running"}:
            break
        time.sleep(0.05)
    return explain(session, record)


def explain(session, record, *, ended=None):
    events = "".join(text for each in session.events(record.id) for text in each.values())
    log = session.logs(record.id)[record.id]
    failure = cause_of(record, events=events, log_tail=log, ended=ended)
    if failure is not None:
        told = lines(events) | lines(log) | {"", str(record.get("expiryTime"))}
        assert failure.evidence in told
    return failure


def test_a_program_that_ends_well(session):
    assert explained(session, cmd="true") is None


def test_a_program_that_fails(session):
    failure = explained(session, command=["sh", "-c", "echo well; echo no >&2; exit 3"])

    assert (failure.cause, failure.evidence, failure.exit_code) == ("unknown", "no", None)


def test_a_program_that_fails_and_says_nothing(session):
    failure = explained(session, command=["sh", "-c", "exit 3"])

    assert failure.cause == "unknown"
    assert "its events tell of no failure, and its log is empty" in failure.text


def test_a_program_that_is_not_there(session):
    failure = explained(session, cmd="no-such-program")

    assert failure.cause == "could not start"
    assert failure.text == "its command was not found"
    assert "no-such-program" in str(failure)


def test_a_program_that_may_not_be_run(session):
    failure = explained(session, cmd="/")

    assert failure.cause == "could not start"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the limit")
def test_a_program_that_takes_too_much_memory(session):
    hog = "import time\nheld = []\nwhile 1:\n    held.append(b'x' * 50_000_000); time.sleep(0.01)"

    failure = explained(session, command=[sys.executable, "-c", hog], ram=1)

    assert failure.cause == "out of memory"
    assert failure.text == "it used more than its 1Gi of memory"


def test_a_session_whose_time_is_over(session, canfar_platform):
    (mine,) = session.create("page", IMAGE, kind="notebook")
    canfar_platform.advance(days=4)
    (record,) = session.info(mine)

    assert record.status == "Failed"
    # Its events are forgotten by then, and the platform never had one of it.
    assert explain(session, record).cause == "unknown"
    assert explain(session, record, ended=record.expiry_time).cause == "deadline"


def test_a_run_tells_why(session):
    from canfar.errors import RunFailed

    with pytest.raises(RunFailed) as caught:
        session.run("why", IMAGE, cmd="no-such-program", replicas=2, timeout=60)

    first, second = caught.value.results.replicas
    assert first.failure.cause == "could not start"
    # Boards put the same failures together by what they print as.
    assert str(first.failure) == str(second.failure)


def test_two_weeks_between_two_looks(session, canfar_platform):
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
    # That it was the deadline is not known.
    assert batch.replicas[0].failure.cause == "unknown"
