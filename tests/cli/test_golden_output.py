"""Tables at 80 and 120 columns, and JSON, against files that people have looked at.

``GOLDEN=write python -m pytest tests/cli/test_golden_output.py`` writes them anew.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canfar.cli import main
from canfar.local import LocalPlatform, ManualClock
from canfar.sessions import Session

GOLDEN = Path(__file__).parent / "golden"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MEASURED = re.compile(r'\s*"(?:ramInUse|cpuCoresInUse)": "[^"]*",')
PEOPLE = re.compile(r'"runAs(UID|GID)": "\d+"')

COMMANDS = {
    "ps": ["ps"],
    "ps-all": ["ps", "--all"],
    "ps-wide": ["ps", "-o", "wide", "--kind", "notebook"],
    "info": ["info", "analysis"],
    "logs": ["logs", "good", "bad"],
    "logs-saved": ["logs", "good", "--output-dir", "logs"],
    "events": ["events", "analysis"],
    "events-of-two": ["events", "analysis", "good"],
    "renew": ["renew", "fit-*-1"],
    "image-ls": ["image", "ls"],
    "image-ls-wide": ["image", "ls", "-o", "wide"],
    "repository-ls": ["repository", "ls"],
    "context": ["context"],
    "stats": ["stats"],
    "app-ls": ["app", "ls"],
}
IN_JSON = [name for name in COMMANDS if "wide" not in name and name != "ps-all"]


class Screen(io.TextIOWrapper):
    """What a terminal would show."""

    def isatty(self):
        return True


@pytest.fixture(scope="module")
def shared_platform():
    with LocalPlatform(seed=7, clock=ManualClock(START), max_running=1) as platform:
        with Session(url=platform.url, token=platform.token) as session:
            image = "skaha/astroml:24.07"
            [good] = session.create("good", image, command=["echo", "[info] all went well"])
            session.wait(good)
            [bad] = session.create("bad", image, command=["sh", "-c", "echo no luck; exit 3"])
            session.wait(bad)
            platform.advance(minutes=9)
            session.create("analysis", "skaha/astroml", kind="notebook", cores=2, ram=8)
            [desk] = session.create("desk", "skaha/desktop:1.1.2", kind="desktop")
            session.wait(desk)
            session.attach(desk, "skaha/terminal:1.1.2")
            platform.advance(minutes=1)
            [fit] = session.create(
                "fit-galaxies-in-a-very-deep-field-1", image, cmd="sleep", args="600"
            )
            session.wait(fit, until="running")
            session.create("fit-galaxies-in-a-very-deep-field-2", image, cmd="sleep", args="600")
            platform.advance(seconds=42)
        yield platform


@pytest.fixture
def platform(platform, monkeypatch, tmp_path):
    """The platform, at a time that stands still."""

    class Frozen(datetime):
        @classmethod
        def now(cls, tz=None):
            return (START + timedelta(minutes=10, seconds=42)).astimezone(tz)

    monkeypatch.setattr("canfar.cli.times.datetime", Frozen)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    return platform


def golden(name, text, platform):
    port = platform.url.split(":")[2].partition("/")[0]
    text = text.replace(f":{port}/", ":PORT/")
    text = MEASURED.sub("", PEOPLE.sub(r'"runAs\1": "1000"', text))
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", COMMANDS)
def test_at_a_terminal(platform, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Screen(io.BytesIO(), encoding="utf-8", newline="\n")
    monkeypatch.setattr(sys, "stdout", screen)
    assert main([*COMMANDS[name], "--no-color"]) == 0
    shown = screen.buffer.getvalue().decode()
    # An address is never cut, since people copy it, and who asks for more columns gets them all.
    assert all(
        len(line) <= columns or "http" in line or "wide" in name for line in shown.splitlines()
    )
    golden(f"{name}.{columns}.txt", shown, platform)


@pytest.mark.parametrize("name", IN_JSON)
def test_for_programs(canfar, platform, name):
    done = canfar(*COMMANDS[name], "-o", "json")
    assert done.code == 0
    golden(f"{name}.json", done.out, platform)


DOCUMENTED = {
    "ps": {"id", "name", "type", "status", "image", "startTime"},
    "info": {"id", "name", "type", "status", "image", "startTime"},
    "app-ls": {"id", "appid", "name", "type", "status"},
    "logs": {"id", "name", "log"},
    "logs-saved": {"id", "name", "bytes", "file"},
    "events": {"id", "name", "type", "reason", "message", "firstTime", "lastTime"},
    "renew": {"id", "name", "expiryTime", "extended"},
    "image-ls": {"id", "types", "digest"},
    "stats": {"cores", "ram"},
    "context": {"cores", "memoryGB", "gpus", "maxInteractiveSessions"},
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_fields_that_help_names_are_there(canfar, name):
    data = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    words = [word for word in COMMANDS[name][:2] if not word.startswith("-")]
    words = words if name in {"image-ls", "app-ls"} else words[:1]
    shown = " ".join(canfar(*words, "--help").out.split()).partition("Fields: ")[2]
    assert all(field in shown for field in DOCUMENTED[name])
    every = name not in {"ps", "info", "app-ls"}
    for item in data if isinstance(data, list) else [data]:
        have = {*item, *({"startTime"} if item.get("status") == "Pending" else ())}
        assert have == DOCUMENTED[name] if every else have >= DOCUMENTED[name]
