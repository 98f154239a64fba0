"""A batch in JupyterLab: the board is kept up, and the timeline shows."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from canfar.local import LocalPlatform
from canfar.local.runner.notebooks import find_jupyter
from canfar.sessions import Session

NOTEBOOK = Path(__file__).parents[2] / "examples" / "batch.ipynb"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BACKS = {"dark": "rgb(23, 28, 34)", "light": "rgb(255, 255, 255)"}
IMAGE = "images.canfar.net/skaha/base-notebook:latest"


@pytest.mark.skipif(importlib.util.find_spec("nbclient") is None, reason="nbclient is missing")
def test_the_notebook_runs_and_its_board_was_kept_up(canfar_platform):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)

    NotebookClient(notebook, timeout=100, kernel_name="python3").execute()

    submit, wait, timeline, table, destroy = (c for c in notebook.cells if c.cell_type == "code")
    (board,) = submit.outputs
    # What the first cell shows was changed by the second.
    assert "19 of 20 completed" in board.data["text/html"]
    assert "no source" in board.data["text/html"]
    assert board.data["text/plain"].startswith("sweep: 19 of 20 completed, ended after")
    assert wait.outputs[0].data["text/plain"] == "20 replicas: 19 Completed, 1 Failed"
    assert timeline.outputs[0].data["text/html"].startswith("<svg")
    assert "image/svg+xml" in timeline.outputs[0].data
    assert "sweep-1" in table.outputs[0].data["text/html"]
    assert destroy.outputs[0].data["text/plain"] == "True"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")
@pytest.mark.skipif(find_jupyter() is None, reason="JupyterLab is not installed")
@pytest.mark.timeout(330)  # above what all its waits take together
def test_in_the_browser(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    with LocalPlatform(jupyter=True) as platform, playwright.sync_playwright() as driver:
        session = Session(url=platform.url, token=platform.token)
        text = NOTEBOOK.read_text("utf-8").replace(
            "Session()", f"Session(url='{platform.url}', token='{platform.token}')"
        )
        (platform.home / "batch.ipynb").write_text(text)
        _settings(platform.home)
        ids = session.create("lab", IMAGE, kind="notebook")
        (record,) = session.wait(ids, timeout=60)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 1400})
        page.set_default_timeout(60_000)
        page.goto(record.connect_url)
        page.locator(".jp-Launcher").wait_for()
        page.goto(f"{page.url.partition('?')[0]}/batch.ipynb")
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()

        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

        board = page.locator(".canfar-board")
        seen = set()
        while "ended after" not in (told := board.first.inner_text()):
            seen.add(re.search(r"(\d+) of 20 completed", told)[1])
            page.wait_for_timeout(100)
        page.locator("svg.canfar-timeline").wait_for()
        page.locator(".canfar-timeline").scroll_into_view_if_needed()
        assert len(seen) > 2
        assert "19 of 20 completed" in told
        assert "1 failed" in told
        for theme, back in BACKS.items():
            if theme == "light":
                # What JupyterLab does too; its menus would take seconds.
                page.evaluate("document.body.dataset.jpThemeLight = 'true'")
            playwright.expect(board.first).to_have_css("background-color", back)
            timeline = page.locator("svg.canfar-timeline rect.back")
            playwright.expect(timeline).to_have_css("fill", back)
            page.screenshot(path=tmp_path / f"board-{theme}.png")
        browser.close()


def _settings(home):
    """JupyterLab as somebody has it who was there before."""
    folder = home / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    (folder / "themes.jupyterlab-settings").write_text('{"theme": "JupyterLab Dark"}')
    (folder / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
