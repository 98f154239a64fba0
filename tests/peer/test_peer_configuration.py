"""canfar 1.5.2 reads what we wrote, and we read what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from canfar import config
from canfar.models.login import OIDCClient, OIDCEndpoints, OIDCLogin, OIDCToken, X509Login
from canfar.models.server import Server

PROGRAM = Path(__file__).parents[2] / "build" / "peer" / "bin" / "canfar"
CADC = X509Login(idp="cadc", path=Path("/home/me/proxy.pem"), expiry=1797970563.0)
SRCNET = OIDCLogin(
    idp="srcnet",
    endpoints=OIDCEndpoints(discovery="https://iam.example.org/d", token="https://iam.example.org/t"),
    client=OIDCClient(identity="id", secret="client-secret", secret_expires_at=0),
    token=OIDCToken(access="access", refresh="refresh", token_type="Bearer", scope="openid",
                    expires=1795382167.0),
)  # fmt: skip
CANFAR = Server(
    name="canfar",
    idp="cadc",
    uri="ivo://cadc.nrc.ca/skaha",
    url="https://ws-uv.canfar.net/skaha",
    version="v1",
    auths=("x509",),
    resources={"flexible": {"cores": {"min": 1, "max": 8}}, "gpus": {"min": 0, "max": 0}},
)
SWEDEN = Server(name="sweSRC", idp="srcnet", url="https://swesrc.example.org/skaha", version="v1")


class Home:
    """A home that canfar 1.5.2 and ours share."""

    def __init__(self, folder):
        self.folder = folder

    def peer(self, *words):
        done = subprocess.run(
            [PROGRAM, *words],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def home(tmp_path, monkeypatch):
    if not PROGRAM.exists():
        pytest.skip("canfar 1.5.2 isn't there: `python3 tasks.py ci` and `bench` install it")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CANFAR_CONFIG")
    return Home(tmp_path)


def logins(draft):
    draft.put_login("cadc", CADC)
    draft.put_login("srcnet", SRCNET)
    draft.put_server(CANFAR)
    draft.put_server(SWEDEN)
    draft.activate(authentication="srcnet", server="sweSRC")


def only_a_server(draft):
    draft.put_server(SWEDEN)
    draft.activate(authentication=None, server="sweSRC")


def only_a_login(draft):
    draft.put_login("srcnet", SRCNET)
    draft.activate(authentication="srcnet", server=None)


def only_a_registry(draft):
    draft.set("registry", {"username": "ada", "secret": "harbor-secret"})


def removed(draft):
    logins(draft)
    draft.remove_login("srcnet")


def purged(draft):
    logins(draft)
    draft.set("console.width", 99)
    draft.purge()


@pytest.mark.parametrize(
    "change", [logins, only_a_server, only_a_login, only_a_registry, removed, purged]
)
def test_it_reads_what_we_wrote(home, change):
    with config.edit() as draft:
        change(draft)

    shown = json.loads(home.peer("config", "show", "-o", "json"))

    saved = config.load()
    for name, server in saved.servers.items():
        assert shown["servers"][name]["url"] == server.url
    for key in saved.authentication:
        assert shown["authentication"][key]["idp"] == key
    if saved.active.authentication:
        assert shown["active"]["authentication"] == saved.active.authentication
    assert shown["active"]["server"] == (saved.active.server or shown["active"]["server"])


def test_we_read_what_it_wrote(home):
    with config.edit() as draft:
        logins(draft)
    before = config.load()

    home.peer("config", "set", "registry", "{username: ada, secret: harbor-secret}")
    home.peer("auth", "rm", "cadc", "--force")

    after = config.load()
    assert after.authentication == {"srcnet": SRCNET}
    assert after.servers["sweSRC"] == before.servers["sweSRC"]
    assert after.active.authentication == "srcnet"
    assert config.registry_login(after).secret == "harbor-secret"


def test_it_reads_the_files_of_older_releases_that_we_saved(home):
    for sample in sorted((Path(__file__).parents[1] / "config" / "samples").glob("*.yaml")):
        config.path().parent.mkdir(exist_ok=True)
        config.path().write_text(sample.read_text())
        with config.edit() as draft:
            draft.set("console.width", 99)

        shown = json.loads(home.peer("config", "show", "-o", "json"))

        assert set(config.load().servers) == set(shown["servers"]), sample
