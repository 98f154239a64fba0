"""A person's way to a notebook: ``connect`` opens the browser, and JupyterLab is there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from canfar.local import LocalPlatform
from canfar.local.runner import guard
from canfar.local.runner.notebooks import find_jupyter

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --disable-dev-shm-usage "
    "--window-size=1280,800 --remote-debugging-port=0"
)
IMAGE = "images.canfar.net/skaha/base-notebook:latest"
SCRIPT = """
import sys
from canfar.sessions import Session
with Session() as session:
    ids = session.create("lab", sys.argv[1], kind="notebook")
    print(*session.connect(ids, timeout=60))
"""

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH"),
    pytest.mark.skipif(find_jupyter() is None, reason="JupyterLab is not installed"),
]


def until(what, seconds=30.0):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)
    return found


@pytest.fixture
def browser(tmp_path):
    """A command for BROWSER, and the folder of the browser that it starts."""
    profile = tmp_path / "profile"
    profile.mkdir()
    command = tmp_path / "browser"
    command.write_text(
        f'#!/bin/sh\necho $$ >"{profile}/pid"\n'
        f'exec "{CHROMIUM}" {FLAGS} --user-data-dir="{profile}" "$1" >"{profile}/said" 2>&1\n'
    )
    command.chmod(0o700)
    yield command, profile
    with suppress(FileNotFoundError):
        process_id = int((profile / "pid").read_text())
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGTERM)
            until(lambda: not Path(f"/proc/{process_id}").exists())


def processes_of(session_id, root):
    """The process IDs of a session."""
    found = []
    for pid in guard.process_ids():
        with suppress(OSError):
            environment = guard.read(f"/proc/{pid}/environ").split(b"\0")
            if guard.session_of(environment, str(root)) == session_id:
                found.append(pid)
    return found


# Above what all its waits take together, so that it is the one in vain that fails.
@pytest.mark.timeout(330)
def test_connect_opens_jupyterlab_in_the_browser(browser, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    command, profile = browser
    with LocalPlatform(jupyter=True) as platform:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, IMAGE],
            env={**os.environ, **platform.environment, "BROWSER": f"{command} %s &"},
            capture_output=True,
            text=True,
            check=True,
        )
        session_id = done.stdout.strip()
        port = until(lambda: _port(profile))
        with playwright.sync_playwright() as driver:
            chromium = driver.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            (page,) = chromium.contexts[0].pages
            page.set_default_timeout(60_000)

            card = page.locator(".jp-LauncherCard[title*='Python 3']").first
            card.wait_for()
            assert re.search(rf"/session/notebook/{session_id}/lab/tree/cavern/home", page.url)
            page.screenshot(path=tmp_path / "launcher.png")
            card.click()
            # A cell that is run before there is a kernel is not run at all.
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
            editor = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
            editor.press_sequentially("6 * 7")
            playwright.expect(editor).to_have_text("6 * 7")
            editor.press("Shift+Enter")

            page.locator(".jp-OutputArea-output", has_text="42").wait_for()
            page.screenshot(path=tmp_path / "answer.png")
            page.close()
            chromium.close()
        root = platform.home.parents[2]
        # The server and the kernel, which is a session of its own to the operating system.
        running = processes_of(session_id, root)
        assert len(running) >= 2
        assert list(platform.home.glob("*.ipynb"))
        _delete(platform, session_id)
        until(lambda: not processes_of(session_id, root))


def _port(profile):
    with suppress(FileNotFoundError, IndexError):
        return (profile / "DevToolsActivePort").read_text().split()[0]
    return None


def _delete(platform, session_id):
    from canfar.sessions import Session

    with Session(url=platform.url, token=platform.token) as session:
        session.destroy(session_id)
