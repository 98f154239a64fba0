"""Connections: never more than asked for, and kept for the next call."""

import pytest

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.mark.parametrize("concurrency", [1, 4, 16])
def test_never_more_connections_than_concurrency(canfar_platform, make_session, concurrency):
    session = make_session(concurrency=concurrency)
    ids = session.create("fit", IMAGE, cmd="true", replicas=40)

    session.logs(ids * 3)
    session.info(ids)
    session.events(ids)
    session.destroy(ids)

    assert canfar_platform.connections <= concurrency


def test_one_call_after_the_other_uses_one_connection(canfar_platform, session):
    for _ in range(20):
        session.fetch()

    assert canfar_platform.connections == 1


def test_what_is_in_flight_is_bounded(make_session):
    import threading
    import time
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    lock = threading.Lock()
    now, most = 0, 0

    class Slow(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1
            self.send_response(200)
            self.send_header("content-type", "text/plain")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        session = make_session(url=f"http://127.0.0.1:{server.server_port}", concurrency=6)
        session.logs([f"a{n}" for n in range(60)])
        server.shutdown()
        thread.join()

    assert most == 6
