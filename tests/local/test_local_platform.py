"""Starting, stopping, and the ways to do it."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from platform_probe import Probe, until

import canfar.local
from canfar.local import LocalPlatform, MissingExtraError
from canfar.local.__main__ import main
from canfar.local.contract import skaha
from canfar.local.contract.ids import Ids
from canfar.local.contract.problems import BadCredentialsError
from canfar.local.contract.world import Call
from canfar.local.server.background import BackgroundServer, listen

UNFINISHED = b"POST /skaha/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nab"


def test_a_platform_tells_where_it_is_and_never_its_token():
    platform = LocalPlatform(token="tell-nobody", username="bob")
    assert repr(platform) == "<LocalPlatform stopped>"

    with platform as same:
        assert same is platform
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/skaha/v1", platform.url)
        assert platform.environment == {"CANFAR_URL": platform.url, "CANFAR_TOKEN": "tell-nobody"}
        assert platform.username == "bob"
        assert platform.home.name == "bob"
        assert platform.home.is_dir()
        assert platform.home.parents[2].stat().st_mode & 0o077 == 0
        assert repr(platform) == f"<LocalPlatform {platform.url}>"


def test_a_token_is_made_up_each_time():
    assert LocalPlatform().token != LocalPlatform().token
    assert len(LocalPlatform().token) >= 32


def test_it_listens_on_loopback_only():
    with LocalPlatform() as platform:
        port = int(platform.url.split(":")[2].split("/")[0])
        addresses = [
            line.split()[1]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines()[1:]
            if line.split()[3] == "0A" and int(line.split()[1].split(":")[1], 16) == port
        ]

    assert [address.split(":")[0] for address in addresses] == ["0100007F"]


def test_it_works_in_a_coroutine():
    async def work():
        async with LocalPlatform() as platform, httpx.AsyncClient() as client:
            headers = {"Authorization": f"Bearer {platform.token}"}
            reply = await client.get(f"{platform.url}/session", headers=headers)
            return reply.json()

    assert asyncio.run(work()) == []


def test_it_can_be_started_again_but_not_twice():
    platform = LocalPlatform()
    platform.stop()
    with platform:
        port = int(platform.url.split(":")[2].split("/")[0])
        with pytest.raises(RuntimeError, match="runs already"):
            platform.start()
    with LocalPlatform(port=port) as another, pytest.raises(OSError, match="in use"):
        LocalPlatform(port=port).start()
    assert another.token
    with platform, Probe(platform) as probe:
        assert probe.get("/session").status_code == 200


@pytest.mark.parametrize("name", ["url", "home", "environment"])
def test_a_stopped_platform_has_no_place(name):
    with pytest.raises(RuntimeError, match="with block"):
        getattr(LocalPlatform(), name)


@pytest.mark.parametrize("name", ["", "a b", "-", "../x"])
def test_a_user_name_is_one_that_the_server_could_have(name):
    with pytest.raises(ValueError, match="user name"):
        LocalPlatform(username=name)


def test_stopping_is_quick_and_leaves_no_thread_and_no_descriptor():
    def census():
        gc.collect()
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    def use():
        with LocalPlatform() as platform, Probe(platform) as probe:
            probe.finished(probe.run("echo", "hi"))
            probe.create(cmd="sleep", args="600")

    use()  # the first one imports
    before = census()
    for _ in range(3):
        use()
    with LocalPlatform() as platform, Probe(platform) as probe:
        probe.get("/session")
    until(lambda: census() == before)


def test_importing_the_package_loads_no_server():
    script = (
        "import sys, canfar.local, canfar.local.pytest_plugin\n"
        "print({m.partition('.')[0] for m in sys.modules} & "
        "{'attrs', 'attr', 'starlette', 'uvicorn', 'httpx', 'anyio', 'asyncio'})\n"
        "from canfar.local import LocalPlatform\n"
        "print({m.partition('.')[0] for m in sys.modules} & {'starlette', 'uvicorn', 'httpx'})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "set()\nset()\n"


def test_a_missing_extra_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "canfar.local.server.background", raising=False)

    with pytest.raises(MissingExtraError, match=r"pip install 'canfar\[local\]'"):
        LocalPlatform().start()


def test_what_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = canfar.local.nothing


def test_the_fixture_points_a_client_at_its_platform(canfar_platform):
    assert os.environ["CANFAR_URL"] == canfar_platform.url
    assert os.environ["CANFAR_TOKEN"] == canfar_platform.token
    headers = {"Authorization": f"Bearer {canfar_platform.token}"}
    assert httpx.get(f"{canfar_platform.url}/session", headers=headers).json() == []


def test_a_mistake_of_ours_is_a_500_that_says_so(probe, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setitem(skaha._RESOURCES, "context", broken)

    reply = probe.get("/context")

    assert reply.status_code == 500
    assert "mistake of its own" in reply.text
    assert "ZeroDivisionError" in caplog.text
    assert probe.get("/session").status_code == 200


def test_a_client_that_goes_away_in_the_middle_harms_nobody(platform, probe):
    port = int(platform.url.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(UNFINISHED)

    assert probe.get("/session").status_code == 200


def test_a_request_that_never_ends_does_not_keep_the_platform():
    with LocalPlatform() as platform:
        port = int(platform.url.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(UNFINISHED)
            begun = time.monotonic()
            platform.stop()
            assert time.monotonic() - begun < 30  # and not for ever
            with suppress(ConnectionResetError):
                assert client.recv(100) == b""


def test_a_server_that_cannot_start_says_so():
    door = listen(0)
    door.close()
    server = BackgroundServer(lambda *_: None, door)

    with pytest.raises(RuntimeError, match="could not start"):
        server.start()
    server.stop()


def test_a_handler_never_takes_nobody_for_a_user(platform):
    call = Call(None, None, None, platform._running.world, None, None)

    with pytest.raises(BadCredentialsError):
        _ = call.user


def test_ids_that_are_taken_are_not_given_again():
    first = Ids(3).session_id(())

    assert Ids(3).session_id({first}) != first


def test_a_thousand_sessions_are_listed(probe):
    with ThreadPoolExecutor(8) as pool:
        created = set(pool.map(lambda _: probe.create(), range(1000)))

    assert set(probe.ids()) == created
    assert len(created) == 1000


def test_64_clients_at_once_lose_nothing(platform):
    barrier = threading.Barrier(64)

    def work(number):
        with Probe(platform) as probe:
            barrier.wait()
            mine = probe.run("echo", str(number))
            text = probe.finished(mine)
            probe.delete(f"/session/{mine}")
            return text

    with ThreadPoolExecutor(64) as pool:
        texts = list(pool.map(work, range(64)))

    assert texts == [f"{number}\n" for number in range(64)]
    with Probe(platform) as probe:
        assert probe.ids() == []


@pytest.fixture
def foreground():
    """``python -m canfar.local`` as a process, and what it exported."""
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "canfar.local", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        lines = [process.stdout.readline() for _ in range(2)]
        exports = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        return process, exports

    yield start
    for process in started:
        process.kill()
        process.communicate()


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", ENDING)
def test_in_the_foreground_it_serves_until_told_to_end(foreground, number):
    process, exports = foreground("--token", "mine")
    headers = {"Authorization": f"Bearer {exports['CANFAR_TOKEN']}"}
    assert exports["CANFAR_TOKEN"] == "mine"
    assert httpx.get(f"{exports['CANFAR_URL']}/session", headers=headers).json() == []

    process.send_signal(number)
    out, err = process.communicate(timeout=10)

    assert process.returncode == 0
    assert out == ""
    assert err == "canfar.local is serving; its commands run as you. Ctrl-C ends it.\n"
    with pytest.raises(httpx.ConnectError):
        httpx.get(exports["CANFAR_URL"])


def test_in_the_foreground_a_taken_port_is_a_sentence_and_signals_stay_as_they_were(capsys):
    before = {number: signal.getsignal(number) for number in ENDING}
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        code = main(["--port", str(door.getsockname()[1])])

    assert code == 1
    assert "in use" in capsys.readouterr().err
    assert {number: signal.getsignal(number) for number in ENDING} == before


def test_in_the_foreground_within_this_process(capsys, monkeypatch):
    handlers = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(main, ["--port", "0"])
        until(lambda: signal.SIGTERM in handlers)
        handlers[signal.SIGTERM](signal.SIGTERM, None)
        code = ending.result(10)

    captured = capsys.readouterr()
    assert code == 0
    assert [line.split("=")[0] for line in captured.out.splitlines()] == [
        "export CANFAR_URL",
        "export CANFAR_TOKEN",
    ]
