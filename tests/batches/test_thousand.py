"""A thousand replicas, of which some fail and some never start, on a platform that misbehaves."""

from __future__ import annotations

import sys
import threading
from collections import Counter

import pytest

from canfar.local import LocalPlatform
from canfar.retry import RetryPolicy

IMAGE = "skaha/astroml"
COUNT = 1000
SCRIPT = """
say() {
    printf 'replica %s of %s\\r\\n\\nsession %s, \\303\\251\\n x' \
        "$REPLICA_ID" "$REPLICA_COUNT" "$skaha_sessionid"
}
say > "$LEDGER/$skaha_sessionid"
say
tries="$LEDGER/tries-$REPLICA_ID"
if [ $((REPLICA_ID % 33)) = 0 ] && [ ! -e "$tries" ]; then
    : > "$tries"
    echo "$REPLICA_ID failed" >> "$LEDGER/runs"
    exit 3
fi
echo "$REPLICA_ID done" >> "$LEDGER/runs"
"""


@pytest.fixture
def _untraced():
    """Have nobody note which lines run: a thousand replicas run no lines that one does not.

    Coverage of them would cost as much processor time as they do.
    """
    mine, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    threading.settrace(of_threads)
    sys.settrace(mine)


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("_untraced")
def test_a_thousand_replicas_until_all_are_done(make_session, tmp_path):
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    # A file: a command that needs no shell to arrive whole costs each replica one process, not six.
    script = tmp_path / "replica.sh"
    script.write_text(SCRIPT)
    retry = RetryPolicy(tries=6, first=0.01, longest=0.05, listed_within=0.5)
    with LocalPlatform(max_running=16, seed=6) as platform:
        platform.inject("create:status=500,chance=0.02")
        platform.faults("create", seed=1, cut_after=0.02, cut_before=0.02, busy=0.02)
        platform.inject("list:status=503,chance=0.1")
        platform.inject("logs:cut-after,chance=0.02")
        platform.inject("logs:cut-midway,chance=0.02")
        platform.inject("events:status=500,chance=0.02")
        session = make_session(url=platform.url, token=platform.token, retry=retry)
        batch = session.submit(
            "many",
            IMAGE,
            command=["sh", str(script)],
            env={"LEDGER": str(ledger)},
            replicas=COUNT,
        )
        run = getattr(session, "_runner", None)

        def do(method, **options):
            found = method(**options)
            return found if run is None else run.run(found)

        never_started = len(batch.failed)
        rounds = 0
        while True:
            rounds += 1
            do(batch.wait, timeout=300, save_logs=tmp_path / "logs")
            # The server forgets what has ended; the batch does not.
            platform.advance(hours=2)
            if batch.ok:
                break
            assert rounds < 10, batch.status
            do(batch.relaunch)

    assert never_started
    assert rounds > 1
    assert batch.status == {"Completed": COUNT}
    runs = Counter(ledger.joinpath("runs").read_text().splitlines())
    for number in range(1, COUNT + 1):
        assert runs[f"{number} done"] == 1
        assert runs[f"{number} failed"] == int(number % 33 == 0)
    attempts = [each for replica in batch.replicas for each in replica.attempts]
    assert len(attempts) == COUNT + COUNT // 33
    for replica in batch.replicas:
        assert len(replica.attempts) == 1 + int(replica.number % 33 == 0)
        for each in replica.attempts:
            kept = tmp_path / "logs" / f"many-{replica.number}-{each}.log"
            assert kept.read_bytes() == ledger.joinpath(each).read_bytes()
