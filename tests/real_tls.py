"""Real TLS: an authority of the tests' own, servers with its certificates, proxy certificates."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import trustme


class Authority:
    """Signs certificates of servers and people."""

    def __init__(self, folder):
        self.ca = trustme.CA()
        self.file = folder / "authority.pem"
        self.ca.cert_pem.write_to_path(self.file)

    def proxy(self, *, begins=timedelta(hours=-1), ends=timedelta(days=20), name="ada"):
        """Return a proxy certificate with its key as PEM."""
        now = datetime.now(UTC)
        issued = self.ca.issue_cert(
            f"{name}@example.org", not_before=now + begins, not_after=now + ends
        )
        pems = [*issued.cert_chain_pems, issued.private_key_pem]
        return b"".join(pem.bytes() for pem in pems)

    def server_context(self, *names, clients=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            self.ca.configure_trust(context)
        return context


class Server(ThreadingHTTPServer):
    """An HTTPS server in a thread that remembers whom it saw."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, context, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.context = context
        self.url = f"https://127.0.0.1:{self.server_port}"
        self.requests = []
        self.connections = 0
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def finish_request(self, request, client_address):
        # The handshake is the connection's own thread's, so that a bad one keeps nobody waiting.
        secured = self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except OSError:
            hear_out(socket.socket(fileno=secured.detach()))
            return
        self.connections += 1
        try:
            super().finish_request(secured, client_address)
        finally:
            secured.close()

    def handle_error(self, request, client_address):
        """Say nothing: connections are meant to break here."""

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def hear_out(refused):
    """Close a connection so that why it was refused gets through.

    A close with something unread would reset it, and what was said last might be lost.
    """
    refused.settimeout(10)
    with refused, contextlib.suppress(OSError):
        refused.shutdown(socket.SHUT_WR)
        while refused.recv(4096):
            pass


class Handler(BaseHTTPRequestHandler):
    """Answers what the server's ``answer(handler, method, body)`` says."""

    protocol_version = "HTTP/1.1"

    def _do(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        certificate = self.connection.getpeercert() or {}
        self.server.requests.append((self.command, self.path, certificate.get("serialNumber")))
        status, headers, content = self.server.answer(self, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_DELETE = do_HEAD = _do

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="session")
def shared_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def authority(shared_authority, monkeypatch):
    """The only authority that the test trusts, which loads sooner than all the world's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(shared_authority.file))
    return shared_authority


@pytest.fixture
def strangers(tmp_path):
    """An authority that nobody here trusts."""
    (tmp_path / "strangers").mkdir()
    return Authority(tmp_path / "strangers")


@pytest.fixture
def serve():
    """Start an HTTPS server: ``serve(context, answer)``."""
    running = []

    def start(context, answer):
        server = Server(context, Handler)
        server.answer = answer
        running.append(server.__enter__())
        return server

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture
def skaha(authority, serve, canfar_platform, monkeypatch):
    """The local platform behind TLS that demands a client certificate."""
    url, token = canfar_platform.url, canfar_platform.token
    monkeypatch.delenv("CANFAR_URL")
    monkeypatch.delenv("CANFAR_TOKEN")
    inner = httpx.Client(
        base_url=url.removesuffix("/skaha/v1"),
        # None is kept: of those that are, threads take some from each other, see
        # https://github.com/encode/httpcore/issues/1110.
        limits=httpx.Limits(max_connections=256, max_keepalive_connections=0),
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )

    def answer(handler, body):
        kept = {
            name: value
            for name, value in handler.headers.items()
            if name.lower() in {"content-type", "accept", "x-skaha-registry-auth"}
        }
        assert "Authorization" not in handler.headers
        reply = inner.request(handler.command, handler.path, content=body, headers=kept)
        passed = {"content-type", "retry-after", "www-authenticate", "date"}
        headers = {name: value for name, value in reply.headers.items() if name in passed}
        return reply.status_code, headers, reply.content

    server = serve(authority.server_context(clients=True), answer)
    server.base = f"{server.url}/skaha"
    yield server
    inner.close()


CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0"
  xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <capability standardID="ivo://ivoa.net/std/VOSI#capabilities">
    <interface xsi:type="vs:ParamHTTP" role="std">
      <accessURL use="full">{base}/cred/capabilities</accessURL>
    </interface>
  </capability>
  <capability standardID="ivo://ivoa.net/std/CDP#proxy-1.0">
    <interface xsi:type="vs:ParamHTTP" role="std">
      <accessURL use="full">{base}/cred/priv</accessURL>
      <securityMethod standardID="ivo://ivoa.net/sso#tls-with-certificate"/>
    </interface>
    <interface xsi:type="vs:ParamHTTP" role="std">
      <accessURL use="full">{base}/cred/auth/priv</accessURL>
      <securityMethod standardID="ivo://ivoa.net/sso#BasicAA"/>
    </interface>
  </capability>
</vosi:capabilities>
"""


class CredentialService:
    """A registry, and a service that gives ada a certificate for her password."""

    def __init__(self, authority):
        self.authority = authority
        self.replies = {}
        self.base = ""
        self.days = []

    def __call__(self, handler, body):
        path, _, query = handler.path.partition("?")
        if path in self.replies:
            return self.replies[path]
        if path == "/reg/resource-caps":
            text = (
                "# the registry\n"
                f"ivo://cadc.nrc.ca/cred = {self.base}/cred/capabilities\n"
                "ivo://cadc.nrc.ca/argus = https://ws.example.org/argus/capabilities\n"
            )
            return 200, {"Content-Type": "text/plain"}, text.encode()
        if path == "/cred/capabilities":
            assert "Authorization" not in handler.headers
            text = CAPABILITIES.format(base=self.base)
            return 200, {"Content-Type": "text/xml"}, text.encode()
        if path == "/cred/auth/priv":
            right = base64.b64encode("ada:s3cret é".encode()).decode()
            if handler.headers.get("Authorization") != f"Basic {right}":
                return 401, {"Content-Type": "text/plain"}, b"Username/password combination invalid"
            days = int(query.removeprefix("daysValid="))
            self.days.append(days)
            pem = self.authority.proxy(ends=timedelta(days=days))
            return 200, {"Content-Type": "application/x-pem-file"}, pem
        return 404, {"Content-Type": "text/plain"}, b"not found"


CATALOGUE = """
default_server = "canfar"
[providers.cadc]
name = "CADC of the tests"
mode = "x509"
registries = ["{base}/reg/resource-caps"]
credential_service = "ivo://cadc.nrc.ca/cred"
[servers.canfar]
idp = "cadc"
url = "{skaha}"
version = "v1"
auths = ["x509"]
"""


@pytest.fixture
def credential_service(authority, serve, skaha, tmp_path, monkeypatch):
    """CADC as it is, on this machine; ``canfar login cadc`` finds it."""
    service = CredentialService(authority)
    server = serve(authority.server_context(), service)
    service.base = server.url
    service.server = server
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(CATALOGUE.format(base=server.url, skaha=skaha.base))
    monkeypatch.setenv("CANFAR_CATALOGUE", str(catalogue))
    monkeypatch.setenv("HOME", str(tmp_path))
    return service
