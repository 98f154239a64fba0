"""A real OIDC provider, and somebody who approves logins in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
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
]  # fmt: skip


class Provider:
    """oidc-provider in a process of its own."""

    def __init__(self, folder, **options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._store = folder / "provider.json"
        self._options = {name.upper(): str(value) for name, value in options.items()}
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [shutil.which("node"), "provider.js"],
            cwd=INSTALLED,
            env={**os.environ, "PORT": str(self.port), "STORE": str(self._store), **self._options},
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

    def log(self, path=None, grant=None):
        entries = httpx.get(f"{self.issuer}/tests/log").json()
        return [
            each
            for each in entries
            if path in {None, each["path"]}
            and (grant is None or (each.get("grant") or "").endswith(grant))
        ]

    def slow_down(self, polls):
        httpx.get(f"{self.issuer}/tests/slow", params={"n": polls})


@pytest.fixture
def make_provider(tmp_path, monkeypatch):
    """Start a provider that ``canfar login srcnet`` finds; options are its environment."""
    if not shutil.which("node") or not (INSTALLED / "node_modules" / "oidc-provider").exists():
        pytest.skip("oidc-provider isn't there: `python3 tasks.py ci` installs it with npm")
    shutil.copy(HERE / "provider" / "provider.js", INSTALLED / "provider.js")
    made = []

    def start(**options):
        provider = Provider(tmp_path, **options)
        made.append(provider)
        catalogue = tmp_path / "catalogue.toml"
        catalogue.write_text(
            "[providers.srcnet]\n"
            'name = "SRCNet of the tests"\nmode = "oidc"\nregistries = []\n'
            f'discovery = "{provider.issuer}/.well-known/openid-configuration"\n'
            f'issuer = "{provider.issuer}"\n'
        )
        monkeypatch.setenv("CANFAR_CATALOGUE", str(catalogue))
        return provider

    yield start
    for provider in made:
        if provider.process.poll() is None:
            provider.stop()


@pytest.fixture(scope="session")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium here")
    del sync_api
    return path


class Approver:
    """Somebody with a browser. Each visit is a thread's, as playwright wants it."""

    def __init__(self, path):
        self._path = path
        self.threads = []
        self.problems = []

    def __call__(self, code, *, deny=False):
        thread = threading.Thread(target=self._visit, args=(code.best_uri, deny))
        self.threads.append(thread)
        thread.start()

    def _visit(self, url, deny):
        from playwright.sync_api import sync_playwright

        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=self._path, args=CHROMIUM_FLAGS, chromium_sandbox=False
                )
                page = browser.new_page()
                page.goto(url)
                page.get_by_role("button", name="Continue").click()
                if deny:
                    page.get_by_role("link", name="Cancel").click()
                else:
                    page.locator("input[name=login]").fill("ada")
                    page.locator("input[name=password]").fill("any")
                    page.get_by_role("button", name="Sign-in").click()
                    page.get_by_role("button", name="Continue").click()
                    page.get_by_text("Sign-in Success").wait_for()
                browser.close()
        except Exception as error:  # noqa: BLE001 - shown by the test's own thread
            self.problems.append(error)

    def done(self):
        for thread in self.threads:
            thread.join(60)
        assert self.problems == []


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
                reply = httpx.get(f"{provider.issuer}/me", headers={"Authorization": token})
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
