"""Holds a server to a case: the local platform, or any other Skaha."""

from __future__ import annotations

import json
import re
import time
from urllib.parse import urlencode

import httpx
from skaha_cases import vocabulary as say

_PLACE = re.compile("<([a-z]+)>")
_PATIENCE_SECONDS = 180.0
_LONGEST_PAUSE_SECONDS = 2.0
_MULTIPART_EDGE = "conformance"

TRUST = httpx.create_ssl_context()
"""Made once: it takes longer than most cases."""


class Server:
    """A server under test, as one or two users.

    Args:
        url: The versioned base URL.
        tokens: The bearer token of "mine", and of "theirs" where there is a second user.
        advance: Lets time pass, in seconds; None where that can't be done.
    """

    def __init__(self, url, tokens, advance=None):
        self.url = url
        self.root = url.rpartition("/skaha/")[0]
        self._tokens = tokens
        self._advance = advance
        self._http = httpx.Client(timeout=120, verify=TRUST)
        self._common = {}

    def close(self):
        self._http.close()

    def hold_to(self, case):
        """Do what a case says and compare; remove what it made in any case."""
        names = dict(self.common)
        made = []
        try:
            for step in case.steps:
                self._do(step, names, made)
            reply = self._send(case.request, names)
            if case.request.method == "POST" and re.fullmatch(say.ID, reply.text):
                made.append((reply.text.strip(), case.request.token))
            compare(reply, case.reply, names)
        finally:
            for session_id, token in made:
                self._send(say.delete(f"/session/{session_id}", token=token), names)

    @property
    def common(self):
        """What every case may name: who asks, and an image that can be started."""
        if not self._common:
            images = self._send(say.get("/image"), {})
            registries = self._send(say.get("/repository"), {}).json()
            self._common = {
                "user": images.headers["x-vo-authenticated"],
                "image": next(
                    image["id"] for image in images.json() if "headless" in image["types"]
                ),
                "registry": registries[0],
                "registries": f"[{', '.join(registries)}]",
                "host": self.root.partition("://")[2],
                "root": self.root,
                "scheme": self.root.partition("://")[0],
            }
        return self._common

    def _do(self, step, names, made):
        match step:
            case say.Create(name, fields, token):
                form = {"name": "conformance", "image": "<image>"} | dict(fields)
                reply = self._send(say.post("/session", form, token=token), names)
                assert reply.status_code == 200, reply.text
                names[name] = reply.text.strip()
                made.append((names[name], token))
            case say.Attach(name, desktop, fields, token):
                form = {"image": "<image>"} | dict(fields)
                request = say.post(f"/session/{desktop}/app", form, token=token)
                reply = self._send(request, names)
                assert reply.status_code == 200, reply.text
                names[name] = reply.text.strip()
            case say.Send(request):
                reply = self._send(request, names)
                assert reply.status_code == 200, reply.text
            case say.Until(session, status):
                self._wait(filled(session, names), status)
            case say.Pass(seconds):
                self._advance(seconds)

    def _wait(self, session_id, wanted):
        end = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.005
        while True:
            status = self._send(say.get(f"/session/{session_id}"), {}).json()["status"]
            if status == wanted:
                return
            assert status in {"Pending", "Running"}, f"{status} instead of {wanted}"
            assert time.monotonic() < end, f"still {status}, not {wanted}"
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _send(self, request, names):
        path = filled(request.path, names)
        url = (self.root if path.startswith("/skaha") else self.url) + path
        headers = [(name, filled(value, names)) for name, value in request.headers]
        if request.token is not None:
            headers.append(("Authorization", f"Bearer {self._tokens[request.token]}"))
        body = b""
        if request.form is not None:
            pairs = [(filled(name, names), filled(value, names)) for name, value in request.form]
            body = urlencode(pairs).encode()
            headers.append(("Content-Type", say.FORM))
        elif request.multipart is not None:
            pairs = [(name, filled(value, names)) for name, value in request.multipart]
            body = _multipart(pairs)
            headers.append(("Content-Type", f"multipart/form-data; boundary={_MULTIPART_EDGE}"))
        elif request.body is not None:
            body = filled(request.body, names).encode()
        return self._http.request(request.method, url, headers=headers, content=body)


def filled(text, names, quote=str):
    """A text with what it names."""
    return _PLACE.sub(lambda found: quote(names.get(found[1], found[0])), text)


def compare(reply, wanted, names):
    """Fail unless a reply is what was wanted."""
    got = reply.content.decode("utf-8", "replace")
    assert reply.status_code == wanted.status, f"{reply.status_code}, not {wanted.status}: {got}"
    _compare_text("Content-Type", reply.headers.get("content-type"), wanted.content_type, names)
    for name, value in wanted.headers.items():
        _compare_text(name, ", ".join(reply.headers.get_list(name)) or None, value, names)
    if wanted.body is not None:
        _compare_text("body", got, wanted.body, names)
    if wanted.content_type == say.JSON:
        assert not got.endswith("\n"), "JSON has no newline at its end"
        compare_json(json.loads(got), wanted, names)


def compare_json(got, wanted, names):
    if wanted.json is not None:
        assert got == json.loads(filled(json.dumps(wanted.json), names))
    if isinstance(got, list):
        ids = {one.get(key) for one in got if isinstance(one, dict) for key in ("id", "appid")}
        assert {filled(one, names) for one in wanted.holds} <= ids
        assert not {filled(one, names) for one in wanted.lacks} & ids
        for one in got:
            assert not wanted.each or set(one) <= set(wanted.each)
    if wanted.item is not None:
        key = filled(wanted.item, names)
        (got,) = (one for one in got if key == one.get("appid", one["id"]))
    for name, value in wanted.fields.items():
        if isinstance(value, (str, re.Pattern)):
            _compare_text(name, got.get(name), value, names)
        else:
            assert got.get(name) == value, f"{name}: {got.get(name)!r}, not {value!r}"
            assert type(got[name]) is type(value), f"{name} is a {type(got[name])}"
    for name in wanted.without:
        assert name not in got, f"{name} should not be there"
    if wanted.keys:
        assert tuple(got) == wanted.keys


def _compare_text(what, got, wanted, names):
    if isinstance(wanted, re.Pattern):
        pattern = filled(wanted.pattern, names, re.escape)
        assert got is not None, f"no {what}"
        assert re.fullmatch(pattern, got, re.DOTALL), f"{what}: {got!r} is not like {pattern!r}"
    else:
        wanted = wanted if wanted is None else filled(wanted, names)
        assert got == wanted, f"{what}: {got!r}, not {wanted!r}"


def _multipart(pairs):
    lines = []
    for name, value in pairs:
        lines += [
            f"--{_MULTIPART_EDGE}",
            f'Content-Disposition: form-data; name="{name}"',
            "",
            value,
        ]
    return "\r\n".join([*lines, f"--{_MULTIPART_EDGE}--", ""]).encode()
