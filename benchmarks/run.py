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
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

HERE = Path(__file__).parent
SESSIONS, DELAY, CONCURRENCY = 128, 0.05, 32
IDEAL = SESSIONS / CONCURRENCY * DELAY
OPERATIONS = ("create", "info", "logs", "destroy")
CALLS, IN_FLIGHT = 640, 64
SINGLE, MANY, FEW_AT_A_TIME = 500, 2000, 8
LARGE = 10_000
LISTED = 1000
SHOWN = 20
WAITED = 1000
LOG, GROWING = 50_000_000, 600


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


def server(delay: float, sessions: int = SESSIONS) -> AbstractContextManager[str]:
    """Have the loopback server in a process of its own; yield its URL."""
    return spoken([sys.executable, str(HERE / "server.py"), str(delay), str(sessions)])


@contextmanager
def spoken(command: list[str]) -> Generator[str]:
    """Run a program that prints its URL and goes on until its input is closed; yield the URL."""
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


def command(ours: str, peer: str, repeat: int, home: str) -> str:
    """Compare what somebody at a terminal waits for."""
    script = "measure_start.py"
    with server(delay=0, sessions=SHOWN) as url:
        login = (f"CANFAR_URL={url}/skaha/v1", "CANFAR_TOKEN=any")
        typed = {"--help": (), "version": (), "ps": login}
        candidates: dict[str, tuple[str, ...]] = {
            "`python -c pass`": (ours, script, "python", "-c", "pass")
        }
        for word, given in typed.items():
            candidates[f"**`canfar {word}`**"] = (ours, script, *given, "canfar", word)
            candidates[f"`canfar {word}`, canfar 1.5.2"] = (peer, script, *given, "canfar", word)
        results = take_turns(candidates, repeat, home)
    rows = [
        [name, *(f"{measured[key] * 1000:.0f} ms" for key in ("seconds", "processor"))]
        for name, measured in results.items()
    ]
    ratios = {
        word: results[f"**`canfar {word}`**"]["seconds"]
        / results[f"`canfar {word}`, canfar 1.5.2"]["seconds"]
        for word in typed
    }
    told = ", ".join(f"`{word}` {ratio:.2f}" for word, ratio in ratios.items())
    return f"""## The command

A fresh process each time, timed from outside, median of {repeat}. `ps` lists {SHOWN} sessions of a
loopback server.

{table(["", "time", "of the processor"], rows)}

Times the same of canfar 1.5.2: {told} (wanted: at most 0.4 for `--help` and `version`, 0.5 for
`ps`).
"""


def bulk(ours: str, peer: str, bare: str, repeat: int, home: str) -> str:
    """Compare bulk calls."""
    with server(DELAY) as url:
        limit = [url, str(SESSIONS), str(CONCURRENCY)]
        candidates = {
            "bare aiohttp": (bare, "measure_bare.py", "aiohttp", *limit),
            "bare httpx, asyncio": (bare, "measure_bare.py", "httpx-asyncio", *limit),
            "bare httpx, threads": (bare, "measure_bare.py", "httpx-threads", *limit),
            "**canfar Session**": (ours, "measure_bulk.py", "sync", url),
            "**canfar AsyncSession**": (ours, "measure_bulk.py", "asyncio", url),
            "canfar 1.5.2 Session": (peer, "measure_bulk.py", "sync", url),
            "canfar 1.5.2 AsyncSession": (peer, "measure_bulk.py", "asyncio", url),
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

`destroy` makes one round trip more than the ideal counts ({DELAY * 1000:.0f} ms, which is
{DELAY / IDEAL:.2f} times the ideal): it reads the list afterwards, because the server answers 200
to the deletion of anything and swallows what goes wrong. It reads the list before as well, one more
still, when this client has no list younger than ten seconds; here it has, from `info`. `create`
reads the list beside its first requests when it has none, to know what it must not take for its
own should a reply get lost: one request more, and so a fifth round trip for {SESSIONS} replicas
(none for {SESSIONS - 1}). Here it has one, from `fetch`. canfar 1.5.2 looks neither before nor
after.
"""


def rates(ours: str, peer: str, bare: str, repeat: int, home: str) -> str:
    """Compare how many requests a second get through with many in flight."""
    with server(DELAY, CALLS) as url:
        load = [url, str(CALLS), str(IN_FLIGHT)]
        candidates = {
            "bare aiohttp": (bare, "measure_bare.py", "aiohttp", *load),
            "**canfar Session**": (ours, "measure_rate.py", "sync", *load),
            "**canfar AsyncSession**": (ours, "measure_rate.py", "asyncio", *load),
            "canfar 1.5.2 AsyncSession": (peer, "measure_rate.py", "asyncio", *load),
        }
        results = take_turns(candidates, repeat, home)
    aiohttp, *_, old = [measured["logs"] for measured in results.values()]
    rows = [["ideal", f"{IN_FLIGHT / DELAY:.0f}", "", "", str(IN_FLIGHT)]]
    rows += [
        [
            name,
            f"{CALLS / measured['logs']:.0f}",
            f"{aiohttp / measured['logs']:.0%}",
            f"{old / measured['logs']:.2f}",
            f"{measured['connections']:.0f}" if "connections" in measured else "",
        ]
        for name, measured in results.items()
    ]
    return f"""## Many in flight

`logs` of {CALLS} sessions with `concurrency={IN_FLIGHT}`, on the same server; median of {repeat}.
Opening the connections is included.

{table(["", "requests a second", "of aiohttp", "x canfar 1.5.2", "connections opened"], rows)}

Wanted of both classes: at least 75 % of aiohttp, no slower than canfar 1.5.2's AsyncSession, and no
more connections than `concurrency`.
"""


def costs(ours: str, repeat: int, home: str) -> str:
    """Compare what a call costs when the server answers at once."""
    with server(delay=0, sessions=MANY) as url:
        load = [url, str(SINGLE), str(MANY), str(FEW_AT_A_TIME)]
        candidates = {
            "bare httpx, Client": (ours, "measure_cost.py", "httpx", "sync", *load),
            "**canfar Session**": (ours, "measure_cost.py", "canfar", "sync", *load),
            "bare httpx, AsyncClient": (ours, "measure_cost.py", "httpx", "asyncio", *load),
            "**canfar AsyncSession**": (ours, "measure_cost.py", "canfar", "asyncio", *load),
        }
        results = take_turns(candidates, repeat, home)
    names = list(results)
    rows: list[list[str]] = []
    for number, name in enumerate(names):
        bare, measured = results[names[number - number % 2]], results[name]
        row = [name]
        for key, calls in (("single", SINGLE), ("bulk", MANY)):
            row += [
                f"{measured[key] / calls * 1e6:.0f} µs",
                f"{measured[key] / bare[key]:.2f}",
            ]
        rows.append(row)
    head = ["", "`info` of one", "x httpx", f"one of {MANY} `logs`", "x httpx"]
    return f"""## What a call costs

The server answers at once: {SINGLE} calls of `info` for one session, one after the other, and one
of `logs` for {MANY} sessions with `concurrency={FEW_AT_A_TIME}`; median of {repeat}. Bare httpx
sends the same from as many threads or tasks, through one client in the same environment.

{table(head, rows)}

Wanted: at most 1.5 times httpx. In bulk ours can be quicker than bare httpx, because httpx searches
its whole pool for every request that waits for a connection, and ours has a pool for each.
"""


def memory(ours: str, repeat: int, home: str) -> str:
    """Weigh the outcomes of a large call."""
    with server(delay=0, sessions=LARGE) as url:
        call = (ours, "measure_memory.py", url, str(LARGE))
        (measured,) = take_turns({"info": call}, repeat, home).values()
    return f"""## Memory

The outcomes of `info` for {LARGE:,} sessions hold {measured["held"]:.0f} MiB above what the process
had after a first call (wanted: under 60 MB), {measured["peak"]:.0f} MiB at most on the way there;
median of {repeat}.
"""


def local(ours: str, repeat: int, home: str) -> str:
    """Time the local platform."""
    call = (ours, "measure_local_platform.py", str(LISTED))
    (measured,) = take_turns({"local": call}, repeat, home).values()
    rows = [
        [
            where,
            f"{measured[f'create{suffix}'] * 1000:.2f} ms",
            f"{measured[f'list{suffix}'] * 1000:.1f} ms",
        ]
        for where, suffix in (("in memory", ""), ("with a state folder", ", kept"))
    ]
    return f"""## The local platform

What `canfar.local` takes for a request, HTTP not included; median of {repeat}.

{table(["", "creating a session", f"a list of {LISTED:,}"], rows)}

Wanted: a list of 1,000 in less than 50 ms.
"""


def waiting(ours: str, peer: str, repeat: int, home: str) -> str:
    """Compare what it costs to wait for many sessions."""
    with server(delay=0, sessions=WAITED) as url:
        load = (url, str(WAITED))
        candidates = {
            "**`batch.wait()`**": (ours, "measure_wait.py", "sync", *load),
            "**`await batch.wait()`**": (ours, "measure_wait.py", "asyncio", *load),
            "`httpx` and `json`, as often": (ours, "measure_wait.py", "bare", *load),
            "`info` of every id, canfar 1.5.2": (peer, "measure_wait.py", "loop", *load),
        }
        results = take_turns(candidates, repeat, home)
    mine, _, least, _ = results.values()
    least["cpu"] *= mine["polls"] / least["polls"]
    rows = [
        [
            name,
            f"{measured['requests']:.0f}",
            f"{measured['cpu']:.1f} s",
            f"{measured['cpu'] / least['cpu']:.1f}",
            f"{measured['MiB']:.0f} MiB",
        ]
        for name, measured in results.items()
    ]
    return f"""## Waiting

An hour, on a clock that jumps over the pauses, for {WAITED:,} sessions of which none ends; median
of {repeat}. We look {mine["polls"]:.0f} times. The last row is the loop that people write over
canfar 1.5.2, with pauses of 15 s.

{table(["", "requests a poll", "processor time", "x the limit", "memory above start"], rows)}

Wanted of ours: 1 request a poll, under 2 s, under 40 MB.
"""


def following(ours: str, repeat: int, home: str) -> str:
    """Count what following a long log costs."""
    command = [sys.executable, str(HERE / "growing_log.py"), str(LOG), str(GROWING)]
    runs: list[dict[str, float]] = []
    for _ in range(repeat):
        with spoken(command) as url:
            runs.append(measure(ours, "measure_follow.py", url, home=home))
    measured = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    every = GROWING // 5 * LOG / 2
    return f"""## Following a long log

A log that grows evenly to {LOG / 1e6:.0f} MB in {GROWING // 60} minutes, on a clock that jumps over
the pauses; median of {repeat}. The server sends the whole log or nothing, so each look costs all of
it: the looks become rarer as it grows.

{measured["requests"]:.0f} looks brought {measured["bytes"] / 1e6:.0f} MB,
{measured["bytes"] / LOG:.1f} times the log, in {measured["cpu"]:.1f} s of processor time and
{measured["MiB"]:.0f} MiB above start; {measured["read"] / 1e6:.1f} MB of lines came out. A look
every five seconds would bring {every / 1e6:.0f} MB.
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
{command(args.ours, args.peer, args.imports, home)}
{bulk(args.ours, args.peer, args.bare, args.bulk, home)}
{rates(args.ours, args.peer, args.bare, args.bulk, home)}
{costs(args.ours, args.bulk, home)}
{memory(args.ours, args.bulk, home)}
{waiting(args.ours, args.peer, args.bulk, home)}
{following(args.ours, args.bulk, home)}
{local(args.ours, args.bulk, home)}"""
    print(report)
    (HERE / "results.md").write_text(report, "utf-8")


if __name__ == "__main__":
    main()
