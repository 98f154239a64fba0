"""The board: counts, the slowest, what failed and why; as HTML and as text."""

from __future__ import annotations

import re
import sys

import pytest

from canfar.batches import Batch
from canfar.pictures.board import Snapshot, board_html, board_text

MIDDLE = Snapshot(
    name="fit <1>",
    counts={"Pending": 5, "Running": 3, "Completed": 10, "Failed": 2, "Strange <b>": 1},
    elapsed=754,
    slowest=[(17, 312.0), (4, 60.0)],
    failures=[("it needed \x1b[31m<more>\x1b[0m\tmemory", [3, 9])],
)


def test_as_text():
    headline, bar, *rest = board_text(MIDDLE).splitlines()

    assert headline == "fit <1>: 10 of 21 completed, 12 min 34 s"
    assert bar.endswith("] 10 completed, 2 failed, 3 running, 5 waiting, 1 Strange <b>")
    assert rest == [
        "running longest: replica 17 (5 min 12 s), replica 4 (1 min)",
        "replicas 3, 9: it needed <more> memory",
    ]


def test_the_bar_is_full_when_all_have_ended():
    running = Snapshot(name="x", counts={"Running": 2, "Pending": 1})
    half = Snapshot(name="x", counts={"Completed": 1, "Running": 1})
    assert board_text(running).splitlines()[1] == f"[{'.' * 30}] 2 running, 1 waiting"
    assert board_text(half).splitlines()[1] == f"[{'#' * 15}{'.' * 15}] 1 completed, 1 running"


def test_as_html():
    html = board_html(MIDDLE)

    assert "10 of 21 completed" in html
    assert "fit &lt;1&gt;" in html
    assert "1 Strange &lt;b&gt;" in html
    assert "it needed &lt;more&gt; memory" in html
    assert "<script" not in html
    assert "http" not in html
    widths = [float(each) for each in re.findall(r"width:([0-9.]+)%\"", html)]
    assert sum(widths) == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("total", [1, 7, 1000, 99999])
def test_the_bar_is_always_as_long(total):
    counts = {"Completed": total // 3, "Failed": total // 5}
    counts["Running"] = total - sum(counts.values())

    line = board_text(Snapshot(name="x", counts=counts)).splitlines()[1]

    assert len(line.split("]")[0]) == 31


def test_many_reasons_are_cut_short_and_say_so():
    failures = [(f"reason {n}", list(range(n, n + 20))) for n in range(9)]

    text = board_text(Snapshot(name="x", counts={"Failed": 180}, failures=failures))

    assert "replicas 0, 1, 2, 3, 4, 5, 6, 7 and 12 more: reason 0" in text
    assert "reason 6" not in text
    assert "60 more: for 3 other reasons" in text


def test_progress_on_stderr(session, capfd):
    script = '[ "$REPLICA_ID" != 2 ] || { echo bad luck; exit 1; }'
    batch = session.submit("fit", "skaha/astroml", command=["sh", "-c", script], replicas=3)

    waited = batch.wait(progress=True)
    if not isinstance(batch, Batch):
        session._runner.run(waited)

    shown = capfd.readouterr().err.splitlines()
    assert shown[-2] == "[####################xxxxxxxxxx] 2 completed, 1 failed"
    assert shown[-1] == (
        "replica 2: the platform gives no reason; the last line of its log: bad luck"
    )
    assert "\r" not in "".join(shown)


def test_nothing_of_a_notebook_is_loaded(canfar_platform):
    import subprocess

    code = (
        "import sys; from canfar.sessions import Session; "
        "Session().run('a', 'skaha/astroml', cmd='true', progress=True); "
        "sys.exit('IPython' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=canfar_platform.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
