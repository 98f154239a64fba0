"""The worked examples of the protocol notes (section 10), with nothing but curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from canfar.local import LocalPlatform, ManualClock
from canfar.local.contract.skaha import SERVER

CURL = shutil.which("curl")
ALICE = "PosixPrincipal [uidNumber=1000,1000,alice]"
IMAGE = "images.canfar.net/skaha/astroml:latest"

pytestmark = pytest.mark.skipif(CURL is None, reason="curl isn't installed")


class Curl:
    """curl with the examples' two shell variables: a token, and where everything is."""

    def __init__(self, platform, token=None):
        self.base = platform.url
        self.token = token or platform.token

    def __call__(self, path, *words):
        # The token is not for everybody's eyes in the list of processes.
        done = subprocess.run(
            [CURL, "--silent", "--show-error", "--config", "-", *words, self.base + path],
            input=f'header = "Authorization: Bearer {self.token}"\n',
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
        return done.stdout

    def with_head(self, path, *words):
        head, _, body = self(path, "--include", *words).partition("\n\n")
        lines = head.splitlines()
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return lines[0].split()[1], headers, body


@pytest.fixture
def platform():
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with LocalPlatform(username="alice", users={"bob": "bobs"}, clock=clock) as running:
        yield running


@pytest.fixture
def curl(platform):
    return Curl(platform)


def create(curl, *more):
    fields = ("-d", "name=demo", "-d", f"image={IMAGE}")
    return curl("/session", *fields, *more).strip()


def test_a_flexible_headless_job(curl):
    status, headers, body = curl.with_head(
        "/session",
        *("-d", "name=demo", "-d", f"image={IMAGE}", "-d", "cmd=python"),
        *("--data-urlencode", "args=-c input()"),
        *("--data-urlencode", "env=FOO=bar", "--data-urlencode", "env=BAZ=1"),
    )

    assert status == "200"
    assert headers["server"] == SERVER.lower()
    assert headers["x-vo-authenticated"] == "alice"
    assert headers["content-type"] == "text/plain"
    assert len(body) == 9
    shown = json.loads(curl(f"/session/{body.strip()}"))
    assert shown | {"status": "Running"} == {
        "id": body.strip(),
        "userid": "alice",
        "runAsUID": "1000",
        "runAsGID": "1000",
        "supplementalGroups": [30000],
        "image": IMAGE,
        "type": "headless",
        "status": "Running",
        "name": "demo",
        "startTime": "2026-01-02T03:04:05Z",
        "expiryTime": "2026-01-16T03:04:05Z",
        "connectURL": "",
        "requestedGPUCores": "0",
        "isFixedResources": False,
    }


def test_a_fixed_notebook_with_a_gpu(curl):
    session = create(curl, "-d", "type=notebook", "-d", "cores=2", "-d", "ram=8", "-d", "gpus=1")

    shown = json.loads(curl(f"/session/{session}"))

    assert shown["requestedRAM"] == "8.59"
    assert shown["requestedCPUCores"] == "2"
    assert shown["requestedGPUCores"] == "1"
    assert shown["isFixedResources"] is True
    assert f"/session/notebook/{session}/lab/tree/cavern/home/alice?token=" in shown["connectURL"]


def test_everyones_running_sessions(curl, platform):
    create(Curl(platform, "bobs"), "-d", "type=notebook")

    assert curl("/session?view=all&status=running") == (
        '[\n  {\n    "userid": "bob",\n    "type": "notebook",\n    "status": "Running",\n'
        '    "startTime": "2026-01-02T03:04:05Z"\n  }\n]'
    )


def test_events(curl):
    session = create(curl, "-d", "type=notebook")

    head, first, *_ = curl(f"/session/{session}?view=events").splitlines()

    assert head.split() == ["TYPE", "REASON", "MESSAGE", "FIRST-TIME", "LAST-TIME"]
    assert first.split()[:2] == ["Normal", "Scheduled"]
    assert first.split()[-2:] == ["2026-01-02T03:04:05Z"] * 2


@pytest.mark.parametrize(
    ("path", "words", "status", "text"),
    [
        ("/session?name=a&image=i", ("-X", "POST"), "400", "Missing parameter 'image'\n"),
        (
            "/session",
            ("-d", "name=a_b", "-d", "image=images.canfar.net/skaha/x:1"),
            "400",
            "name can only contain alpha-numeric chars and '-'\n",
        ),
        ("/session/nosuch00", (), "404", "session nosuch00 not found\n"),
        ("/session/nosuch00?view=events", (), "404", "session nosuch00 not found.\n"),
        ("/session/nosuch00?view=logs", (), "200", ""),
        ("/session/nosuch00", ("-X", "DELETE"), "200", ""),
        (
            "/session/nosuch00",
            ("-d", "action=renew"),
            "400",
            f"No active job for user {ALICE} with session nosuch00\n",
        ),
    ],
)
def test_failures(curl, path, words, status, text):
    found, headers, body = curl.with_head(path, *words)

    assert (found, body) == (status, text)
    assert headers["server"] == SERVER.lower()


def test_statistics_without_a_metrics_backend():
    with LocalPlatform(metrics=False) as platform:
        status, headers, body = Curl(platform).with_head("/session?view=stats")

    assert status == "503"
    assert headers["retry-after"] == "30"
    assert body == "temporarily unavailable: null\n"
