"""Measure canfar beside canfar 1.5.2 and bare HTTP libraries, and say so in a table.

`python3 tasks.py bench` makes the three environments and calls this file. Every
measurement is a fresh process; the candidates take turns, so that a busy moment of the
machine hits them all; the median counts. Nothing is asserted: timings are for people.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

HERE = Path(__file__).parent
SESSIONS, DELAY, CONCURRENCY = 128, 0.05, 32
IDEAL = SESSIONS / CONCURRENCY * DELAY
OPERATIONS = ("create", "info", "logs", "destroy")


def measure(python: str, script: str, *args: str, home: str) -> dict[str, float]:
    """Run one measurement in a process that sees no one's settings."""
    env = {"PATH": os.environ["PATH"], "HOME": home, "PYTHONHASHSEED": "0"}
    command = [python, "-W", "ignore", str(HERE / script), *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join([script, *args])} failed:\n{done.stdout}{done.stderr}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def take_turns(
    candidates: Mapping[str, tuple[str, ...]], repeat: int, home: str
) -> dict[str, dict[str, float]]:
    """Measure every candidate `repeat` times, one after the other; return the medians."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in candidates}
    for turn in range(repeat):
        print(f"round {turn + 1} of {repeat}", file=sys.stderr, flush=True)
        for name, (python, script, *args) in candidates.items():
            runs[name].append(measure(python, script, *args, home=home))
    return {
        name: {key: statistics.median(run[key] for run in measured) for key in measured[0]}
        for name, measured in runs.items()
    }


def table(head: list[str], rows: list[list[str]]) -> str:
    """Lay out a Markdown table."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ruler, *rows])


@contextmanager
def server(delay: float) -> Generator[str]:
    """Have the loopback server in a process of its own; yield its URL."""
    command = [sys.executable, str(HERE / "server.py"), str(delay), str(SESSIONS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def imports(ours: str, peer: str, repeat: int, home: str) -> str:
    """Compare what an import costs, and what it costs until a first answer is there."""
    script = "measure_import.py"
    load = "from canfar.sessions import Session"
    with server(delay=0) as url:
        use = f"{load}; Session(url='{url}/skaha/v1', token='any').fetch()"
        get = f"import httpx; httpx.get('{url}/skaha/v1/session').json()"
        candidates = {
            "`import httpx`": (ours, script, "import httpx"),
            "**`import canfar.sessions`**": (ours, script, load),
            "the same, canfar 1.5.2": (peer, script, load),
            "`httpx.get(...)`, import included": (ours, script, get),
            "**`Session(...).fetch()`, import included**": (ours, script, use),
            "the same, canfar 1.5.2 ": (peer, script, use),
        }
        results = take_turns(candidates, repeat, home)
    httpx, new, old, *_ = [measured["seconds"] for measured in results.values()]
    rows = [
        [
            name.strip(),
            f"{measured['seconds'] * 1000:.0f} ms",
            f"{measured['seconds'] / httpx:.2f}",
            f"{measured['modules']:.0f}",
            f"{measured['MiB']:.0f} MiB",
        ]
        for name, measured in results.items()
    ]
    return f"""## Import

A fresh process each time, median of {repeat}. What is not needed for an import is loaded at first
use, so the lower half counts until a server's first answer is there.

{table(["", "time", "x `import httpx`", "new modules", "peak memory"], rows)}

`import canfar.sessions` takes {new / httpx:.2f} times as long as `import httpx` (wanted: at most
1.3) and {new / old:.2f} times as long as canfar 1.5.2 (wanted: at most 0.5).
"""


def bulk(ours: str, peer: str, bare: str, repeat: int, home: str) -> str:
    """Compare bulk calls."""
    with server(DELAY) as url:
        limit = [url, str(SESSIONS), str(CONCURRENCY)]
        candidates = {
            "bare aiohttp": (bare, "measure_bare.py", "aiohttp", *limit),
            "bare httpx, asyncio": (bare, "measure_bare.py", "httpx-asyncio", *limit),
            "bare httpx, threads": (bare, "measure_bare.py", "httpx-threads", *limit),
            "**canfar Session**": (ours, "measure_canfar.py", "sync", url),
            "**canfar AsyncSession**": (ours, "measure_canfar.py", "asyncio", url),
            "canfar 1.5.2 Session": (peer, "measure_canfar.py", "sync", url),
            "canfar 1.5.2 AsyncSession": (peer, "measure_canfar.py", "asyncio", url),
        }
        results = take_turns(candidates, repeat, home)
    rows = [["ideal", *[f"{IDEAL:.3f} s"] * 4, "32"]]
    for name, measured in results.items():
        cells = [
            f"{measured[key]:.3f} s ({measured[key] / IDEAL:.2f})" if key in measured else ""
            for key in OPERATIONS
        ]
        opened = f"{measured['connections']:.0f}" if "connections" in measured else ""
        rows.append([name, *cells, opened])
    faster: list[list[str]] = []
    for colour in ("Session", "AsyncSession"):
        old, new = results[f"canfar 1.5.2 {colour}"], results[f"**canfar {colour}**"]
        faster.append([colour, *[f"{old[key] / new[key]:.1f}" for key in OPERATIONS]])
    return f"""## Bulk calls

{SESSIONS} sessions on a loopback server that answers {DELAY * 1000:.0f} ms after each request,
median of {repeat}. With {CONCURRENCY} requests under way, {SESSIONS}/{CONCURRENCY} round trips are
ideal; in brackets, times the ideal. `info` beats it by asking for the list once.

{table(["", *OPERATIONS, "connections opened"], rows)}

Times faster than the same class of canfar 1.5.2 (wanted of Session: at least 15):

{table(["", *OPERATIONS], faster)}

Wanted of Session besides: at most 1.3 times the ideal.
"""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ours", help="Python of an environment with this canfar and nothing else")
    parser.add_argument("peer", help="Python of an environment with canfar 1.5.2")
    parser.add_argument("bare", help="Python of an environment with httpx and aiohttp")
    parser.add_argument("--imports", type=int, default=15, metavar="N", help="import N times")
    parser.add_argument(
        "--bulk", type=int, default=5, metavar="N", help="repeat bulk calls N times"
    )
    args = parser.parse_args()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    with tempfile.TemporaryDirectory() as home:
        report = f"""# Speed

Python {platform.python_version()}, {machine}, {datetime.now(UTC):%Y-%m-%d}.
Made by `python3 tasks.py bench`.

{imports(args.ours, args.peer, args.imports, home)}
{bulk(args.ours, args.peer, args.bare, args.bulk, home)}"""
    print(report)
    (HERE / "results.md").write_text(report, "utf-8")


if __name__ == "__main__":
    main()
