"""What failed of many is said by the command, and once."""

from __future__ import annotations

import json
import logging

from canfar._http.redaction import REDACTING


def test_each_failure_is_said_once_and_as_json(canfar, platform):
    platform.fail("create", skip=1, status=400, body="the words of the server")
    words = ("create", "headless", "skaha/astroml", "-r", "3")
    done = canfar(*words, "--", "true")
    assert done.code == 6
    assert [line[:15] for line in done.err.splitlines()[:-1]] == ["Error: replica "] * 2
    platform.clear_faults()
    platform.fail("create", skip=1, status=400, body="the words of the server")
    done = canfar(*words, "-o", "json", "--", "true")
    said = [json.loads(line) for line in done.err.splitlines()]
    assert [each["server_text"] for each in said] == ["the words of the server"] * 2


def test_logs_that_are_asked_for_have_them_too(canfar, platform, tmp_path):
    platform.fail("create", skip=1, status=400, body="the words of the server")
    log = tmp_path / "log"
    canfar("--log-file", log, "create", "headless", "skaha/astroml", "-r", "2", "--", "true")
    assert "create: 1 of 2 failed" in log.read_text("utf-8")


def test_whoever_calls_it_keeps_their_loggers(canfar, platform):
    logger = logging.getLogger("canfar.sessions.failures")
    before = logger.level
    canfar("ps")
    assert logger.level == before


def test_what_one_run_logs_is_not_logged_by_the_next(canfar, platform, tmp_path, monkeypatch):
    # Other tests have tokens of a letter or two, which are kept out of this process's logs.
    monkeypatch.setattr(REDACTING, "secrets", set())
    log = tmp_path / "log"
    shown = canfar("ps", "-v", "--log-file", log).err
    said = log.read_text("utf-8")

    assert f"GET {platform.url}/session" in shown
    assert f"GET {platform.url}/session" in said
    assert platform.token not in shown + said
    assert canfar("ps").err == ""
    assert log.read_text("utf-8") == said
