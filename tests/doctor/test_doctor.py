"""What `canfar doctor` finds."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime, timedelta

import pytest

from canfar import config
from canfar.doctor import adiagnose, diagnose
from canfar.local import LocalPlatform
from canfar.models.login import OIDCLogin, OIDCToken


def verdicts(report):
    return {each.name: each.verdict for each in report.findings}


@pytest.fixture(params=["sync", "asyncio"])
def examine(request):
    if request.param == "sync":
        return diagnose
    return lambda **options: asyncio.run(adiagnose(**options))


def test_all_is_well(canfar_platform, examine):
    report = examine()

    assert report.ok
    assert set(verdicts(report).values()) == {"ok"}
    assert {"versions", "configuration", "server", "credential", "reachable", "clock"} <= set(
        verdicts(report)
    )
    assert canfar_platform.token not in f"{report} {report.as_data()}"


def test_nobody_is_logged_in(examine):
    report = examine()

    assert not report.ok
    assert verdicts(report)["login"] == "wrong"
    assert "canfar login" in str(report)


def test_no_credential_for_this_server(canfar_platform, examine, monkeypatch):
    monkeypatch.delenv("CANFAR_TOKEN")
    report = examine(url=canfar_platform.url)

    assert (verdicts(report)["credential"], verdicts(report)["accepted"]) == ("wrong", "wrong")


def test_a_credential_that_is_not_taken(canfar_platform, examine):
    report = examine(url=canfar_platform.url, token="s3cret-and-wrong")

    assert verdicts(report)["accepted"] == "wrong"
    assert "s3cret" not in str(report)


def test_a_server_that_is_away(examine):
    report = examine(url="http://127.0.0.1:9/skaha", token="s3cret-token")

    assert verdicts(report)["reachable"] == "wrong"
    assert "cannot reach" in str(report)


def test_a_login_for_private_images(canfar_platform, examine, monkeypatch):
    monkeypatch.setenv("CANFAR_REGISTRY_USERNAME", "ada")
    half = examine()
    monkeypatch.setenv("CANFAR_REGISTRY_SECRET", "s3cret-of-harbor")
    whole = examine()

    assert not half.ok
    assert verdicts(half)["registry"] == "wrong"
    assert "CANFAR_REGISTRY_SECRET" in str(half)
    assert verdicts(whole)["registry"] == "ok"
    assert "s3cret" not in str(whole)


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 23 Nov 2026 12:00:00 -0000"])
def test_a_server_that_does_not_tell_the_time(date):
    from canfar.doctor import examination

    (found,) = examination._clock(date, datetime.now(UTC))

    assert (found.name, found.verdict) == ("clock", "warning")


@pytest.mark.parametrize(("minutes", "word"), [(10, "behind"), (-10, "ahead of")])
def test_a_clock_that_is_wrong(examine, minutes, word):
    from canfar.doctor import examination

    with LocalPlatform() as platform:
        found = examination._clock(
            "Mon, 23 Nov 2026 12:00:00 GMT",
            examination.parsedate_to_datetime("Mon, 23 Nov 2026 12:00:00 GMT")
            - timedelta(minutes=minutes),
        )
        assert examine(url=platform.url, token=platform.token).ok
    assert found[0].verdict == "wrong"
    assert f"600 s {word} the server's" in found[0].text


def test_secrets_that_others_can_read(canfar_platform, examine):
    with config.edit() as draft:
        draft.put_login("srcnet", OIDCLogin(idp="srcnet", token=OIDCToken(access="s3cret-token")))
    config.path().chmod(0o644)

    report = examine()

    assert verdicts(report)["permissions"] == "wrong"
    assert f"chmod 600 {config.path()}" in str(report)
    assert stat.S_IMODE(config.path().stat().st_mode) == 0o644
    assert "s3cret" not in str(report)


def test_a_broken_file(canfar_platform, examine):
    config.path().write_text("version: 2\nactive: [")

    report = examine()

    assert verdicts(report)["configuration"] == "wrong"
    assert "line 2" in str(report) or "line 3" in str(report)
    assert verdicts(report)["accepted"] == "ok"  # url and token are enough


def test_variables_are_named_and_not_shown(canfar_platform, examine, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://ada:s3cret@127.0.0.1:1")

    report = str(examine())

    assert "CANFAR_TOKEN" in report
    assert "HTTPS_PROXY" in report
    assert "s3cret" not in report
