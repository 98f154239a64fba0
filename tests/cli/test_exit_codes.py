"""Exit codes that scripts go by, where the cause is a value or a credential that was given."""

from __future__ import annotations

import pytest

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "headless", IMAGE, "-m", "3", "--", "true"], "'ram': 3"),
        (["create", "headless", IMAGE, "-m", "3", "-r", "2", "--", "true"], "'ram': 3"),
        (["run", IMAGE, "-c", "17", "--", "true"], "'cores': 17"),
        (["create", "headless", "docker.io/library/busybox", "--", "true"], "must come from"),
    ],
)
def test_a_value_that_the_platform_does_not_offer(canfar, platform, words, said):
    done = canfar(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CANFAR_TIMEOUT", "x"),
        ("CANFAR_CONCURRENCY", "0"),
        ("CANFAR_URL", "nowhere"),
    ],
)
def test_a_setting_that_makes_no_sense(canfar, platform, name, value):
    done = canfar("ps", **{name: value})
    assert (done.code, done.out) == (2, "")
    assert value in done.err
    assert name in done.err or name == "CANFAR_URL"


def test_a_log_file_that_cannot_be_written(canfar, platform, tmp_path):
    assert canfar("--log-file", tmp_path / "no" / "log", "ps").code == 2


@pytest.mark.parametrize("content", [None, "no credential"])
@pytest.mark.parametrize("name", ["CANFAR_CERTIFICATE", "CANFAR_TOKEN_FILE"])
def test_a_credential_that_cannot_be_used(canfar, platform, monkeypatch, tmp_path, name, content):
    monkeypatch.delenv("CANFAR_TOKEN")
    file = tmp_path / "credential"
    if content is not None:
        file.write_text(content)
    done = canfar("whoami", **{name: str(file)})
    assert (done.code, done.out) == (4, "")
    assert str(file) in done.err or "the token holds a space" in done.err
