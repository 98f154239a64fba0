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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

HERE = Path(__file__).parent
SESSIONS, DELAY, CONCURRENCY = 128, 0.05, 32
IDEAL = SESSIONS / CONCURRENCY * DELAY
OPERATIONS = ("create", "info", "logs", "destroy")


def measure(python: str, script: str, *args: str, home: str) -> dict[str, Any]:
    """Run one measurement in a process that sees no one's settings."""
    env = {"PATH": os.environ["PATH"], "HOME": home, "PYTHONHASHSEED": "0"}
    command = [python, "-W", "ignore", str(HERE / script), *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join([script, *args])} failed:\n{done.stdout}{done.stderr}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def take_turns(
    candidates: Mapping[str, tuple[str, ...]], repeat: int, home: str
) -> dict[str, list[dict[str, Any]]]:
    """Measure every candidate `repeat` times, one after the other."""
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in candidates}
    for turn in range(repeat):
        for name, (python, script, *args) in candidates.items():
            print(f"\r{turn + 1}/{repeat} {name:<40}", end="", file=sys.stderr, flush=True)
            results[name].append(measure(python, script, *args, home=home))
    print("\r" + " " * 50 + "\r", end="", file=sys.stderr)
    return results


def median(results: list[dict[str, Any]], *keys: str) -> float:
    """Take the median of one number over all repetitions."""
    numbers: list[float] = []
    for result in results:
        value: Any = result
        for key in keys:
            value = value[key]
        numbers.append(value)
    return statistics.median(numbers)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Lay out a Markdown table."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ruler, *rows])


@contextmanager
def server() -> Generator[str]:
    """Have the loopback server in a process of its own; yield its URL."""
    command = [sys.executable, str(HERE / "server.py"), str(DELAY), str(SESSIONS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def imports(ours: str, peer: str, repeat: int, home: str) -> str:
    """Compare what an import costs."""
    script = "measure_import.py"
    bare, new, old = "`import httpx`", "**`import canfar.sessions`**", "the same, canfar 1.5.2"
    candidates = {
        bare: (ours, script, "httpx"),
        new: (ours, script, "canfar.sessions"),
        old: (peer, script, "canfar.sessions"),
    }
    results = take_turns(candidates, repeat, home)
    base = median(results[bare], "seconds")
    rows: list[list[str]] = []
    for name, runs in results.items():
        seconds = median(runs, "seconds")
        rows.append(
            [
                name,
                f"{seconds * 1000:.0f} ms",
                f"{seconds / base:.2f}",
                f"{median(runs, 'modules'):.0f}",
                f"{median(runs, 'MiB'):.0f} MiB",
            ]
        )
    to_peer = median(results[new], "seconds") / median(results[old], "seconds")
    return f"""## Import

A fresh process each time, median of {repeat}.

{table(["", "time", "x httpx", "new modules", "peak memory"], rows)}

Against canfar 1.5.2: {to_peer:.2f} times its time.
Wanted: at most 1.3 times httpx, and at most 0.5 times canfar 1.5.2.
"""


def bulk(ours: str, peer: str, bare: str, repeat: int, home: str) -> str:
    """Compare bulk calls."""
    with server() as url:
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
    rows = [["ideal", *[f"{IDEAL:.3f} s"] * 4, ""]]
    for name, runs in results.items():
        cells: list[str] = []
        for operation in OPERATIONS:
            if operation in runs[0]:
                seconds = median(runs, operation, "seconds")
                cells.append(f"{seconds:.3f} s ({seconds / IDEAL:.2f})")
            else:
                cells.append("")
        opened = ""
        if "connections" in runs[0]["logs"]:
            total = sum(median(runs, operation, "connections") for operation in OPERATIONS)
            opened = f"{total:.0f}"
        rows.append([name, *cells, opened])
    faster: list[list[str]] = []
    for colour in ("Session", "AsyncSession"):
        old, new = results[f"canfar 1.5.2 {colour}"], results[f"**canfar {colour}**"]
        ratios = [median(old, key, "seconds") / median(new, key, "seconds") for key in OPERATIONS]
        faster.append([colour, *[f"{ratio:.1f}" for ratio in ratios]])
    return f"""## Bulk calls

{SESSIONS} sessions on a loopback server that answers {DELAY * 1000:.0f} ms after each request,
median of {repeat}. With {CONCURRENCY} requests under way, {SESSIONS}/{CONCURRENCY} round trips are
ideal; in brackets, times the ideal.
`info` beats it by asking for the list once. `connections` counts those opened in all.

{table(["", *OPERATIONS, "connections"], rows)}

Times faster than the same class of canfar 1.5.2:

{table(["", *OPERATIONS], faster)}

Wanted of Session: at least 15 times faster, and at most 1.3 times the ideal.
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
