"""`--server` is for every command that has to do with a server."""

import pytest


@pytest.mark.parametrize("words", [["whoami"], ["doctor"], ["ps"], ["stats"]], ids=" ".join)
def test_a_server_that_is_not_known_is_said(canfar, words):
    for line in (["--server", "nowhere", *words], [*words, "--server", "nowhere"]):
        done = canfar(*line)
        assert done.code != 0
        assert "nowhere" in done.out + done.err
