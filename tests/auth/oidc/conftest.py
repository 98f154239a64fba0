"""A real OIDC provider, and somebody who approves logins in a real browser."""

from __future__ import annotations

import functools
import html
import os
import re
import shutil
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
INSTALLED = ROOT / "build" / "oidc-provider"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # The provider's pages ask for fonts from afar.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


class Provider:
    """oidc-provider in a process of its own."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.issuer, timeout=60)
        self._store = folder / "provider.json"
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [shutil.which("node"), "provider.js"],
            cwd=INSTALLED,
            env={**os.environ, "PORT": str(self.port), "STORE": str(self._store)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in self.process.stdout:
            if line.startswith("ready"):
                return
        pytest.fail("the provider did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()

    def close(self):
        self.client.close()
        self.stop()

    def begin(self, *, access=3600, device=600):
        """Forget what was asked; tokens and codes live so many seconds from now on."""
        self.client.get("/tests/begin", params={"access": access, "device": device})

    def log(self, path=None, grant=None):
        return [
            each
            for each in self.client.get("/tests/log").json()
            if path in {None, each["path"]}
            and (grant is None or (each.get("grant") or "").endswith(grant))
        ]

    def slow_down(self, polls):
        self.client.get("/tests/slow", params={"n": polls})

    @staticmethod
    def approve(code):
        """Fill in the forms one after the other, for tests of what comes after a login."""
        given = {"login": "ada", "password": "any"}
        with httpx.Client(follow_redirects=True, timeout=60) as client:
            page = client.get(code.best_uri)
            while (action := re.search(r'<form[^>]* action="([^"]+)"', page.text)) is not None:
                fields = dict(map(named, re.findall(r"<input[^>]*>", page.text)))
                page = client.post(
                    page.url.join(html.unescape(action[1])), data={**fields, **given}
                )
        assert "Sign-in Success" in page.text


def named(field):
    name, value = (re.search(rf' {part}="([^"]*)"', field) for part in ("name", "value"))
    return name[1], html.unescape(value[1]) if value else ""


@pytest.fixture(scope="session")
def shared_provider(tmp_path_factory):
    if not shutil.which("node") or not (INSTALLED / "node_modules" / "oidc-provider").exists():
        pytest.skip("oidc-provider isn't there: `python3 tasks.py ci` installs it with npm")
    # At once and whole: other workers start theirs from the same file.
    new = INSTALLED / f"provider.js.{os.getpid()}"
    shutil.copy(HERE / "provider" / "provider.js", new)
    new.replace(INSTALLED / "provider.js")
    provider = Provider(tmp_path_factory.mktemp("provider"))
    yield provider
    provider.close()


@pytest.fixture
def make_provider(shared_provider, tmp_path, monkeypatch):
    """Have a provider that ``canfar login srcnet`` finds; options are how long things live."""

    def start(**options):
        shared_provider.begin(**options)
        catalogue = tmp_path / "catalogue.toml"
        catalogue.write_text(
            "[providers.srcnet]\n"
            'name = "SRCNet of the tests"\nmode = "oidc"\nregistries = []\n'
            f'discovery = "{shared_provider.issuer}/.well-known/openid-configuration"\n'
            f'issuer = "{shared_provider.issuer}"\n'
        )
        monkeypatch.setenv("CANFAR_CATALOGUE", str(catalogue))
        return shared_provider

    return start


@pytest.fixture(scope="session")
def chromium():
    """Call a function with a browser: ``chromium(visit)`` returns the future of what it does.

    All visits are one thread's, as playwright wants it.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium here")
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(lambda: sync_api.sync_playwright().start()).result(60)
        start = functools.partial(
            playwright.chromium.launch,
            executable_path=path,
            args=CHROMIUM_FLAGS,
            chromium_sandbox=False,
        )
        browser = thread.submit(start).result(60)
        yield lambda visit: thread.submit(visit, browser)
        thread.submit(browser.close).result(60)
        thread.submit(playwright.stop).result(60)


class Approver:
    """Somebody with a browser."""

    def __init__(self, chromium):
        self._chromium = chromium
        self.visits = []

    def __call__(self, code, *, deny=False):
        visit = functools.partial(self._visit, url=code.best_uri, deny=deny)
        self.visits.append(self._chromium(visit))

    @staticmethod
    def _visit(browser, *, url, deny):
        # A context has cookies of its own: nobody is logged in yet.
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(url)
            page.get_by_role("button", name="Continue").click()
            if deny:
                page.get_by_role("link", name="Cancel").click()
                return
            page.locator("input[name=login]").fill("ada")
            page.locator("input[name=password]").fill("any")
            page.get_by_role("button", name="Sign-in").click()
            page.get_by_role("button", name="Continue").click()
            page.get_by_text("Sign-in Success").wait_for()

    def done(self):
        for visit in self.visits:
            visit.result(60)


@pytest.fixture
def approve(chromium):
    approver = Approver(chromium)
    yield approver
    approver.done()


@pytest.fixture
def resource():
    """A server of sessions that asks the provider who comes: ``resource(provider)``."""
    running = []

    def start(provider):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                token = self.headers.get("Authorization", "")
                reply = provider.client.get("/me", headers={"Authorization": token})
                good = reply.status_code == 200
                server.seen.append((token.removeprefix("Bearer "), good))
                content = b"[]" if good else b"Token has expired"
                self.send_response(200 if good else 401)
                self.send_header("Content-Type", "application/json" if good else "text/plain")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.seen = []
        server.url = f"http://127.0.0.1:{server.server_port}/skaha"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
