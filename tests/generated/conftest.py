"""A server on loopback that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from skaha_client import AuthenticatedClient, Client
from skaha_client.types import Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@dataclass
class Request:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: str


@dataclass
class Answer:
    """What to say; without a content type the reply has none."""

    body: str | bytes = ""
    status: int = 200
    content_type: str | None = "text/plain"


@dataclass
class Server:
    """Answers every request with `answer`, or with the text that `answering` makes of it."""

    url: str
    answer: Answer = field(default_factory=Answer)
    answering: Callable[[Request], str] | None = None
    requests: list[Request] = field(default_factory=list)

    def says(
        self, body: str | bytes = "", status: int = 200, content_type: str | None = "text/plain"
    ) -> None:
        self.answer = Answer(body, status, content_type)

    @property
    def request(self) -> Request:
        (only,) = self.requests
        return only


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body)
            told.requests.append(request)
            answer = Answer(told.answering(request)) if told.answering else told.answer
            content = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            if answer.content_type is not None:
                self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *args: object) -> None:
            pass

    class Listener(ThreadingHTTPServer):
        request_queue_size = 128

    listener = Listener(("127.0.0.1", 0), Handler)
    told = Server(f"http://127.0.0.1:{listener.server_port}/skaha/v1")
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    yield told
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture
def client(server: Server) -> Iterator[AuthenticatedClient]:
    # Reading the system's certificates would take most of a test's time.
    with AuthenticatedClient(server.url, "t0ken", verify_ssl=False) as client:
        yield client


Call = Callable[..., Response[Any]]


@pytest.fixture(params=["sync", "asyncio"])
def call(request: pytest.FixtureRequest, server: Server) -> Call:
    """Call an operation in either way, each a test of its own."""

    def in_threads(operation: ModuleType, *args: Any, **kwargs: Any) -> Response[Any]:
        with Client(server.url, verify_ssl=False) as client:
            result: Response[Any] = operation.sync_detailed(*args, client=client, **kwargs)
        return result

    def in_a_loop(operation: ModuleType, *args: Any, **kwargs: Any) -> Response[Any]:
        async def main() -> Response[Any]:
            async with Client(server.url, verify_ssl=False) as client:
                result: Response[Any] = await operation.asyncio_detailed(
                    *args, client=client, **kwargs
                )
            return result

        return asyncio.run(main())

    return in_threads if request.param == "sync" else in_a_loop
