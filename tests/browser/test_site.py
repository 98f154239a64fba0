"""The site in a browser, from its folder: search, tabs, phones, and nothing from elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import groupby
from os.path import dirname
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "site"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    pytest.importorskip("zensical")
    SITE.parent.mkdir(exist_ok=True)
    with FileLock(SITE.with_suffix(".lock")):
        if not SITE.exists():  # in CI, the step before has built it
            subprocess.run([sys.executable, "scripts/website/build.py"], cwd=ROOT, check=True)
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser):
    """A page that fails the test when it asks for anything outside the site, or throws."""
    wrong = []
    page = browser.new_page(viewport=DESKTOP)
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def asked(request):
        if not request.url.startswith((SITE.as_uri(), "data:", "blob:")):
            wrong.append(request.url)

    page.on("request", asked)
    page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
    yield page
    page.close()
    assert not wrong


def pages():
    """All pages; of folders whose pages are made alike, the four longest."""
    found = sorted(SITE.rglob("*.html"), key=lambda file: file.stat().st_size, reverse=True)
    kept = []
    for folder, files in groupby(sorted(found, key=dirname), key=dirname):
        alike = Path(folder).name in {"adr", "cli", "programs"}
        kept += list(files)[: 4 if alike else None]
    return sorted(str(file.relative_to(SITE)) for file in kept)


def test_search_finds_a_page_and_leads_there(page):
    page.goto((SITE / "index.html").as_uri())
    page.get_by_role("button", name="Search").click()
    page.keyboard.type("MayExist")
    page.get_by_role("option").filter(has_text="without starting twice").click()
    page.wait_for_url("**/site/errors.html*")


def test_search_works_below_a_folder_too(page):
    page.goto((SITE / "adr" / "0004-httpx.html").as_uri())
    page.get_by_role("button", name="Search").click()
    page.keyboard.type("MayExist")
    page.get_by_role("option").filter(has_text="without starting twice").click()
    page.wait_for_url("**/site/errors.html*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_the_reader(page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((SITE / "index.html").as_uri())
    brightness = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0] > 127"
    assert page.evaluate(brightness) == (scheme == "light")
    page.locator("label[for^=__palette]:visible").click()
    page.locator("label[for^=__palette]:visible").click()
    assert page.evaluate(brightness) == (
        page.locator("body[data-md-color-scheme=default]").count() == 1
    )


def test_all_tabs_switch_together(page):
    page.goto((SITE / "examples.html").as_uri())
    labels = page.locator(".tabbed-labels")
    chosen = ".tabbed-set > input:checked"
    ids = f"[...document.querySelectorAll('{chosen}')].map(each => each.id.split('_').pop())"
    assert set(page.evaluate(ids)) == {"1"}

    labels.nth(2).get_by_text("asyncio").click()

    page.wait_for_function(f"{ids}.every(each => each == '2')")
    assert len(page.evaluate(ids)) == labels.count() > 5


def test_terminals_keep_their_columns(page):
    page.goto((SITE / "index.html").as_uri())
    heading = page.locator(".terminal text").filter(has_text="STATUS").first
    assert "NAME  " in heading.text_content().replace("\u00a0", " ")


def test_no_page_is_wider_than_a_phone(browser):
    wide = []
    # Without scripts, which change no width and take most of the time.
    page = browser.new_page(viewport=PHONE, java_script_enabled=False)
    for name in pages():
        page.goto((SITE / name).as_uri())
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    page.close()
    assert not wide
    assert len(pages()) > 20
