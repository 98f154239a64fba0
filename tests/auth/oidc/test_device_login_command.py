"""`canfar login srcnet`: what people at a terminal see, and what programs read."""

from __future__ import annotations

import json
import re
import sys
from types import SimpleNamespace

import pytest

from canfar import config
from canfar.auth.oidc.qr import qr
from canfar.cli import main

pytestmark = pytest.mark.timeout(180)

SHOWN = re.compile(r"To log in, open (\S+)\nand approve the code ([A-Z]{4}-[A-Z]{4})\n")


def test_at_a_terminal_there_are_url_code_and_picture_and_the_browser_opens(
    make_provider, approve, monkeypatch, capsys
):
    make_provider()
    opened = []

    def open_tab(url):
        opened.append(url)
        approve(SimpleNamespace(best_uri=url))

    monkeypatch.setattr("canfar.cli.login.is_terminal", lambda: True)
    monkeypatch.setattr("canfar._drive.browser.open_tab", open_tab)

    assert main(["login", "srcnet"]) == 0

    out, err = capsys.readouterr()
    url, code = SHOWN.search(err).groups()
    assert opened == [url]
    assert code in url
    assert qr(url) in err
    assert out.startswith("Logged in with srcnet, until ")
    assert "canfar server ls" in err
    token = config.load().authentication["srcnet"].token
    assert token.access not in out + err


def test_without_a_terminal_the_code_is_beside_the_data(make_provider, monkeypatch, capsys):
    provider = make_provider()

    def show(*sentences):
        url = sentences[0].removeprefix("To log in, open ")
        if url != sentences[0]:
            provider.approve(SimpleNamespace(best_uri=url))
        sys.stderr.write("\n".join([*sentences, ""]))

    monkeypatch.setattr("canfar.cli.login.note", show)

    assert main(["login", "srcnet", "-o", "json"]) == 0

    out, err = capsys.readouterr()
    assert json.loads(out)["idp"] == "srcnet"
    assert SHOWN.search(err)
    assert "█" not in err


def test_the_picture_is_of_the_address():
    import segno

    url = "http://127.0.0.1:8080/device?user_code=ABCD-EFGH"
    pixels = {" ": "11", "█": "00", "▀": "01", "▄": "10"}
    lines = [[pixels[each] for each in line] for line in qr(url).splitlines() if line]
    rows = [[each[half] for each in line] for line in lines for half in (0, 1)]
    code = [[str(int(bit)) for bit in row] for row in segno.make(url, micro=False).matrix]
    inside = slice(1, len(code) + 1)  # a quiet line goes around it
    assert [row[inside] for row in rows[inside]] == code
    assert {bit for row in rows[inside] for bit in (row[0], row[-1])} == {"0"}
