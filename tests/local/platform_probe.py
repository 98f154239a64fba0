"""A small Skaha client of the tests' own: what it sends is what the test says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from canfar.local import LocalPlatform

TRUST = httpx.create_ssl_context()
"""Made once: it takes longer than most tests."""

IMAGE = "images.canfar.net/skaha/astroml:latest"


def until(what: Callable[[], object], seconds: float = 15.0) -> None:
    """Poll until something is true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.01)


class Probe(httpx.Client):
    """An httpx client for one platform and one token."""

    def __init__(self, platform: LocalPlatform, token: str | None = None) -> None:
        self.platform = platform
        super().__init__(
            base_url=platform.url,
            headers={"Authorization": f"Bearer {token or platform.token}"},
            timeout=30,
            verify=TRUST,
        )

    def form(self, path: str = "/session", **fields: str | list[str]) -> httpx.Response:
        return self.post(path, data={"name": "demo", "image": IMAGE, **fields})

    def create(self, **fields: str | list[str]) -> str:
        reply = self.form(**fields)
        assert reply.status_code == 200, reply.text
        return reply.text.strip()

    def run(self, *words: str, env: list[str] | None = None) -> str:
        """Create a headless session; no word but the first may hold what the server mangles."""
        return self.create(cmd=words[0], args=" ".join(words[1:]), env=env or [])

    def show(self, session_id: str) -> dict:
        reply = self.get(f"/session/{session_id}")
        assert reply.status_code == 200, reply.text
        return reply.json()

    def status(self, session_id: str) -> str:
        return self.show(session_id)["status"]

    def logs(self, session_id: str) -> str:
        return self.get(f"/session/{session_id}", params={"view": "logs"}).text

    def events(self, session_id: str) -> str:
        return self.get(f"/session/{session_id}", params={"view": "events"}).text

    def ids(self, **query: str) -> list[str]:
        return [session["id"] for session in self.get("/session", params=query).json()]

    def until_status(self, session_id: str, *wanted: str) -> None:
        until(lambda: self.status(session_id) in wanted)

    def finished(self, session_id: str) -> str:
        """Wait for the end of a session and return what it wrote."""
        self.until_status(session_id, "Completed", "Failed")
        return self.logs(session_id)
