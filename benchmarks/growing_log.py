"""A server with one session whose log grows, by a clock that the client moves.

`python growing_log.py BYTES SECONDS` prints its URL and serves until its input is closed. The log
grows evenly to BYTES in SECONDS, when the session ends. `GET /clock/NOW` says what time it is;
`GET /counts` says how many requests for the log there were and how many bytes of it were sent.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

BYTES, SECONDS = int(sys.argv[1]), float(sys.argv[2])
LINE = b"".join(
    b"%09d: what a program says when it goes well, in some words\n" % n for n in range(999)
)
counts = {"requests": 0, "bytes": 0, "lists": 0}
clock = [0.0]


class Handler(BaseHTTPRequestHandler):
    """Answers like Skaha, for one session."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        path = self.path.removeprefix("/skaha/v1")
        now = clock[0]
        if path.startswith("/clock/"):
            clock[0] = float(path.rpartition("/")[2])
            self.reply("text/plain", b"")
        elif path == "/counts":
            self.reply("application/json", json.dumps(counts).encode())
        elif "view=logs" in path:
            counts["requests"] += 1
            self.log_of(int(BYTES * min(1.0, now / SECONDS)))
        else:
            counts["lists"] += 1
            status = "Running" if now < SECONDS else "Completed"
            record = {"id": "long0000", "name": "long", "type": "headless", "status": status}
            self.reply("application/json", json.dumps([record]).encode())

    def reply(self, kind: str, body: bytes) -> None:
        """Send a short body."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_of(self, size: int) -> None:
        """Send so many bytes of the log."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        sent = 0
        try:
            while sent < size:
                sent += self.wfile.write(LINE[: size - sent])
        except OSError:
            self.close_connection = True  # the client has seen enough
        counts["bytes"] += sent

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()
