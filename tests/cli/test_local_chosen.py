"""The command where `canfar server use local` was said once: as whom, and what it starts."""

from __future__ import annotations

import pytest

from canfar.local.joining import running

UNUSED = (
    "is not used: the active server is local; CANFAR_URL or `canfar server use` chooses another"
)
STARTED = "The local platform did not run and was started, as process "


@pytest.fixture
def chosen(run, tmp_path, monkeypatch):
    """The local platform, running and chosen."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    run("local", "start", "--", "--no-jupyter")
    yield run("server", "use", "local")
    run("local", "stop")


def test_credentials_of_the_environment_that_it_does_not_take(run, chosen):
    for name in ("CANFAR_TOKEN", "CANFAR_TOKEN_FILE", "CANFAR_CERTIFICATE"):
        done = run("whoami", **{name: "/s3cret"})
        assert (done.code, done.err) == (0, f"{name} {UNUSED}\n")
        assert "the local platform's own" in done.out
    done = run("ps", CANFAR_TOKEN="abc", CANFAR_CERTIFICATE="/proxy.pem")
    assert (done.code, done.err) == (0, f"CANFAR_TOKEN {UNUSED}\n")


def test_the_credential_of_the_server_that_the_environment_names_is_taken(run, chosen):
    joined = running()
    own = {"CANFAR_URL": joined.url, "CANFAR_TOKEN": joined.token}
    for words in (["whoami"], ["--server", "local", "whoami"]):
        assert run(*words, **own).err == ""
    done = run("--server", "local", "whoami", CANFAR_URL="https://x.example.org", CANFAR_TOKEN="a")
    assert done.err == "CANFAR_TOKEN is not used: the server local has a login of its own\n"


def test_who_looks_after_servers_is_not_told(run, chosen):
    for line in ("local status", "local start", "server ls", "server use local"):
        assert "is not used" not in run(*line.split(), CANFAR_TOKEN="abc").err, line


def test_doctor_does_not_say_that_it_wins(run, chosen):
    done = run("doctor", CANFAR_TOKEN="abc", CANFAR_TIMEOUT="20")
    assert f"CANFAR_TOKEN {UNUSED}" in " ".join(done.out.split())
    assert "these win over the file: CANFAR_TIMEOUT\n" in done.out


def test_a_platform_that_a_command_starts_is_said_once(run, chosen):
    assert chosen.err == ""
    assert run("ps").err == ""
    for words in (["ps"], ["server", "use", "local"], ["doctor"]):
        run("local", "stop")
        done = run(*words)
        [line] = done.err.splitlines()
        assert line == f"{STARTED}{running().process_id}; `canfar local stop` ends it."
    run("local", "stop")
    assert run("ps", "-q").err == ""
    run("local", "stop")
    assert run("--quiet", "ps").err == ""
    run("local", "stop")
    assert run("-v", "ps").err.count("was started") == 1
