"""A Skaha of cardboard: answers every request DELAY seconds after it came, at next to no cost.

`python server.py DELAY SESSIONS` prints its URL and serves until its input is closed.
It holds SESSIONS running headless sessions. One that was destroyed is listed no more, and creating
changes nothing. `GET /counts`, on a connection of its own, says how many connections and requests
there were since it was last asked, and makes all as it was at first, so that every client in a run
meets the same server.
"""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import count
from typing import cast
from urllib.parse import urlsplit

DELAY, SESSIONS = float(sys.argv[1]), int(sys.argv[2])
JSON, TEXT = "application/json", "text/plain"


def record(number: int) -> dict[str, object]:
    """Describe one session as Skaha does."""
    return {
        "id": f"s{number:07d}",
        "userid": "bench",
        "runAsUID": "1000",
        "runAsGID": "1000",
        "supplementalGroups": [30000],
        "image": "images.canfar.net/skaha/astroml:latest",
        "type": "headless",
        "status": "Running",
        "name": f"bench-{number + 1}",
        "startTime": "2026-01-02T03:04:05Z",
        "expiryTime": "2026-01-16T03:04:05Z",
        "connectURL": "",
        "requestedGPUCores": "0",
        "ramInUse": "0.05",
        "cpuCoresInUse": "0.002",
        "isFixedResources": False,
    }


def reply(status: int, kind: str, text: str) -> bytes:
    """Put a whole HTTP reply together."""
    body = text.encode()
    head = f"HTTP/1.1 {status} \r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


RECORDS = [record(number) for number in range(SESSIONS)]
LIST = reply(200, JSON, json.dumps(RECORDS, indent=2))
ONE = {str(item["id"]): reply(200, JSON, json.dumps(item, indent=2)) for item in RECORDS}
LOGS = reply(200, TEXT, "all went well\n" * 20)
EVENTS = reply(200, TEXT, "TYPE     REASON      MESSAGE   FIRST-TIME   LAST-TIME\n")
DELETED = reply(200, TEXT, "")
LOST = reply(404, TEXT, "not found\n")
created = count(SESSIONS)
counts = {"connections": 0, "requests": 0}
destroyed: set[str] = set()


def answer_list() -> bytes:
    """List the sessions there are."""
    if not destroyed:
        return LIST
    left = [item for item in RECORDS if item["id"] not in destroyed]
    return reply(200, JSON, json.dumps(left, indent=2))


def answer(method: str, target: str) -> bytes:
    """Choose the reply."""
    url = urlsplit(target)
    counts["requests"] += 1
    match method, url.path.strip("/").split("/"):
        case "GET", [*_, "session"]:
            chosen = answer_list()
        case "POST", [*_, "session"]:
            chosen = reply(200, TEXT, f"s{next(created):07d}\n")
        case "GET", [*_, "session", name] if name in ONE:
            chosen = {"view=logs": LOGS, "view=events": EVENTS}.get(url.query, ONE[name])
        case "DELETE", [*_, "session", name]:
            destroyed.add(name)
            chosen = DELETED
        case _:
            chosen = LOST
    return chosen


def answer_counts() -> bytes:
    """Tell the counts and start anew."""
    text = json.dumps(counts)
    destroyed.clear()
    counts.update(connections=0, requests=0)
    return reply(200, JSON, text)


class Connection(asyncio.Protocol):
    """Reads requests off one keep-alive connection and answers each after the delay."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self.transport = cast("asyncio.Transport", transport)
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].decode("latin-1")
            length = head.lower().partition("content-length:")[2].partition("\r")[0]
            total = end + 4 + int(length or 0)
            if len(self.buffer) < total:
                return
            self.buffer = self.buffer[total:]
            method, target, _ = head.partition("\r")[0].split(" ")
            if target == "/counts":
                counts["connections"] -= 1  # the asking itself
                self.transport.write(answer_counts())
            else:
                later = asyncio.get_running_loop().call_later
                later(DELAY, self.transport.write, answer(method, target))


def accept() -> Connection:
    """Count a new connection."""
    counts["connections"] += 1
    return Connection()


async def main() -> None:
    """Serve until the parent is gone."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(accept, "127.0.0.1", 0, backlog=4096)
    port = cast("int", server.sockets[0].getsockname()[1])
    print(f"http://127.0.0.1:{port}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
