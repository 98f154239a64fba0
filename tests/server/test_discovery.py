"""Finding servers through registries, and choosing one."""

from __future__ import annotations

import asyncio
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from canfar import config, server
from canfar.errors import ConfigurationError, InvalidInput, ServerNotKnown, Unreachable
from canfar.models.login import OIDCLogin, OIDCToken
from canfar.models.server import Server
from canfar.sessions import Session

CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0"
  xmlns:vs="http://www.ivoa.net/xml/VODataService/v1.1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <capability standardID="vos://cadc.nrc.ca~vospace/CADC/std/Proc#sessions-1.0">
    <interface xsi:type="vs:ParamHTTP" role="std" version="1.0">
      <accessURL use="base">https://ws.example.org/skaha/v0</accessURL>
      <securityMethod standardID="ivo://ivoa.net/sso#tls-with-certificate"/>
    </interface>
  </capability>
  <capability standardID="http://www.opencadc.org/std/platform#session-1">
    <interface xsi:type="vs:ParamHTTP" role="std" version="1.0">
      <accessURL use="base">https://ws.example.org/skaha/v1/session</accessURL>
      <securityMethod standardID="ivo://ivoa.net/sso#cookie"/>
      <securityMethod standardID="ivo://ivoa.net/sso#token"/>
    </interface>
    <interface xsi:type="vs:ParamHTTP" role="std" version="1.0">
      <accessURL use="base">https://ws.example.org/skaha/v1/session</accessURL>
      <securityMethod standardID="ivo://ivoa.net/sso#tls-with-certificate"/>
    </interface>
  </capability>
</vosi:capabilities>
"""
XML = {"Content-Type": "text/xml"}
BOMB = """<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]>
<capabilities>&b;</capabilities>"""


class World:
    """Hosts on this machine: ``paths`` says what answers where."""

    def __init__(self):
        self.paths = {}
        self.requests = []
        self.slow = threading.Event()
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                world.requests.append((self.path, dict(self.headers)))
                status, headers, text = world.paths.get(self.path, (404, {}, "nothing here"))
                if text is None:
                    world.slow.wait(20)
                    return
                content = text.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def service(self, name, reply=(200, XML, CAPABILITIES)):
        self.paths[f"/{name}/skaha/capabilities"] = reply
        return f"ivo://{name}.example.org/skaha = {self.base}/{name}/skaha/capabilities\n"

    def close(self):
        self.slow.set()
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def world(tmp_path, monkeypatch, authority):
    made = World()
    registry = "# services\nivo://one.example.org/vault = https://one.example.org/capabilities\n"
    registry += made.service("one") + made.service("two", (401, {}, "who are you?"))
    registry += made.service("broken", (500, {}, "out of order"))
    registry += made.service("page", (200, {"Content-Type": "text/html"}, "<html><p>hi</html>"))
    registry += made.service("bomb", (200, XML, BOMB)) + made.service("staging-three")
    registry += "ivo://gone.example.org/skaha = http://127.0.0.1:9/skaha/capabilities\n"
    made.paths["/reg"] = (200, {"Content-Type": "text/plain"}, registry)
    made.paths["/reg2"] = (
        200,
        {"Content-Type": "text/plain"},
        made.service("one") + made.service("four"),
    )
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(f"""
[providers.cadc]
name = "one"
mode = "x509"
registries = ["{made.base}/reg"]
[providers.srcnet]
name = "two"
mode = "oidc"
registries = ["{made.base}/reg2"]
[names]
"ivo://one.example.org/skaha" = "One"
"ivo://two.example.org/skaha" = "Two"
"ivo://four.example.org/skaha" = "Four"
"ivo://broken.example.org/skaha" = "Broken"
"ivo://page.example.org/skaha" = "Page"
"ivo://bomb.example.org/skaha" = "Bomb"
"ivo://gone.example.org/skaha" = "Gone"
"ivo://staging-three.example.org/skaha" = "Three"
[hidden]
words = ["staging"]
""")
    monkeypatch.setenv("CANFAR_CATALOGUE", str(catalogue))
    yield made
    made.close()


@pytest.fixture(params=["sync", "asyncio", "in a running loop"])
def colours(request):
    """Call a function of canfar.server by its plain name, in each colour."""

    def call(name, *words, **options):
        if request.param == "sync":
            return getattr(server, name)(*words, **options)
        if request.param == "asyncio":
            return asyncio.run(getattr(server, f"a{name}")(*words, **options))

        async def notebook():
            return getattr(server, name)(*words, **options)

        return asyncio.run(notebook())

    return call


def log_in(idp="srcnet", token="s3cret-token"):  # noqa: S107 - it guards nothing
    with config.edit() as draft:
        draft.put_login(idp, OIDCLogin(idp=idp, token=OIDCToken(access=token)))
        draft.activate(authentication=idp, server=None)


def test_servers_are_found_and_dead_ones_named(world, colours):
    told = []

    found = colours("discover", on_probe=told.append)

    assert {each.name: each.auths for each in found} == {
        "One": ("x509", "oidc"),
        "Two": (),
        "Four": ("x509", "oidc"),
    }
    (one,) = [each for each in found if each.name == "One"]
    # The port that capabilities drop, and the host that they are not asked about, are kept.
    assert (one.url, one.version, one.idp) == (f"{world.base}/one/skaha", "v1", "cadc")
    problems = {each.name: each.problem for each in found.dead}
    assert set(problems) == {"Broken", "Page", "Bomb", "Gone"}
    assert problems["Broken"] == "HTTP 500"
    assert "define entities" in problems["Bomb"]
    assert "cannot reach" in problems["Gone"]
    assert len(told) == len(found) + len(found.dead)
    assert {"One", "Two", "Four"} == set(config.load().servers)


def test_development_servers_only_when_asked_for(world, colours):
    assert "Three" in [each.name for each in colours("discover", dev=True)]


def test_nothing_is_kept_unless_wanted(world, colours):
    colours("discover", "srcnet", save=False)

    assert not config.path().exists()
    assert {path for path, _ in world.requests} == {
        "/reg2", "/one/skaha/capabilities", "/four/skaha/capabilities",
    }  # fmt: skip


def test_no_credential_is_shown_to_servers_that_nobody_chose(world, colours, monkeypatch):
    log_in()
    monkeypatch.setenv("CANFAR_TOKEN", "s3cret-token")
    monkeypatch.setenv("CANFAR_REGISTRY_USERNAME", "ada")
    monkeypatch.setenv("CANFAR_REGISTRY_SECRET", "harbor")

    colours("discover")

    assert len(world.requests) >= 7
    for _, headers in world.requests:
        assert {"authorization", "cookie", "x-skaha-registry-auth"}.isdisjoint(
            map(str.lower, headers)
        )
        assert "s3cret" not in str(headers)


def test_slow_servers_are_not_waited_for(world, colours):
    world.paths["/two/skaha/capabilities"] = (200, {}, None)

    found = colours("discover", "cadc", timeout=2)

    assert [each.name for each in found] == ["One"]
    assert {each.name: each.problem for each in found.dead}["Two"].startswith("it did not answer")


@pytest.mark.parametrize("colours", ["sync", "asyncio"], indirect=True)
@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((200, {"Content-Type": "text/html"}, "<html>hotel</html>"), "answered with a page"),
        ((200, {}, ""), "answered with nothing"),
        ((503, {}, "maintenance"), "HTTP 503: maintenance"),
        ((200, {}, None), "did not answer in time"),
        ((200, {}, "x = y\n" * 1_000_000), "longer than"),
    ],
)
def test_a_registry_that_cannot_be_read(world, colours, reply, said):
    world.paths["/reg"] = reply

    with pytest.raises(Unreachable, match=said):
        colours("discover", "cadc", timeout=2)
    # With the other registry there are servers, and this one is named.
    found = colours("discover", timeout=4)
    assert {each.name for each in found} == {"One", "Four"}
    assert said in {each.name: each.problem for each in found.dead}["registry of cadc"]


def test_the_same_name_at_two_providers(world, colours):
    with config.edit() as draft:
        draft.put_server(Server(name="Four", idp="cadc", url="https://four.example.org/skaha"))

    found = colours("discover", "srcnet")

    assert "Four-srcnet" in [each.name for each in found]
    assert config.load().servers["Four"].url == "https://four.example.org/skaha"


def test_what_is_known_of_a_server_that_says_nothing_is_kept(world, colours, tmp_path):
    known = f"""
[servers.Two]
uri = "ivo://two.example.org/skaha"
url = "{world.base}/two/skaha"
version = "v1"
auths = ["x509"]
"""
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(catalogue.read_text() + known)

    for _ in range(2):  # the second one from the file
        (two,) = [each for each in colours("discover") if each.name == "Two"]
        assert (two.version, two.auths, two.idp) == ("v1", ("x509",), "cadc")
        catalogue.write_text(catalogue.read_text().replace(known, ""))
    assert config.load().servers["Two"] == two


def test_a_list_of_what_is_kept(world, colours):
    assert [each.name for each in colours("list")] == ["local"]
    colours("discover", "srcnet")
    asked = len(world.requests)

    assert {each.name for each in colours("list")} == {"One", "Four", "local"}
    assert {each.name for each in colours("list", "srcnet")} == {"One", "Four"}
    assert len(world.requests) == asked


def test_the_list_of_canfar_1_5_looks_when_there_is_nothing(world):
    assert {each.name for each in server.list_servers()} == {"One", "Two", "Four"}
    assert len(server.list_servers()) == 3


@pytest.mark.parametrize("colours", ["sync", "asyncio"], indirect=True)
@pytest.mark.parametrize("selector", ["Four", "four", "ivo://four.example.org/skaha"])
def test_choosing_by_name_and_by_identifier(world, colours, selector):
    log_in()

    chosen = colours("use", selector)

    assert (chosen.name, chosen.idp) == ("Four", "srcnet")
    saved = config.load()
    assert saved.active.server == "Four"
    assert saved.active.servers["srcnet"] == "Four"
    with Session() as session:
        assert session.url == f"{world.base}/four/skaha/v1"
        assert session.identity.idp == "srcnet"


def test_choosing_shows_the_credential_to_the_chosen_one_only(world, colours):
    log_in()

    colours("use", "Four")

    shown = {path for path, headers in world.requests if "Authorization" in headers}
    assert shown == {"/four/skaha/v1/context"}


def test_choosing_the_local_platform_by_its_url(canfar_platform, colours, monkeypatch):
    monkeypatch.delenv("CANFAR_URL")
    monkeypatch.delenv("CANFAR_TOKEN")
    log_in("cadc", canfar_platform.token)

    chosen = colours("use", canfar_platform.url)

    assert chosen.resources["sessions"] == 5
    with Session() as session:
        assert session.fetch() == []
        assert session.identity.idp == "cadc"
    assert config.load().servers[chosen.name].resources == chosen.resources


def test_a_server_that_nobody_knows_names_those_there_are(world, colours):
    with pytest.raises(ServerNotKnown, match=r"no server 'Five'.*Four.*One.*local"):
        colours("use", "Five")
    with pytest.raises(ServerNotKnown, match=r"canfar server use Five"):
        Session(server="Five")


def test_a_server_that_is_listed_and_dead(world, colours):
    with pytest.raises(Unreachable, match=r"Broken .* is of no use: HTTP 500"):
        colours("use", "broken")


def test_a_server_that_demands_a_certificate_is_one(world, colours, skaha):
    registry = (
        world.paths["/reg2"][2] + f"ivo://tls.example.org/skaha = {skaha.base}/capabilities\n"
    )
    world.paths["/reg2"] = (200, {"Content-Type": "text/plain"}, registry)

    found = colours("discover", "srcnet")

    assert skaha.base in [each.url for each in found], found.dead
    assert found.dead == ()
    assert colours("use", skaha.base).url == skaha.base


def test_a_url_where_nothing_answers(world, colours):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/skaha"
        with pytest.raises(Unreachable, match="no server answers at"):
            colours("use", url)
    assert not config.path().exists()


def test_a_url_that_would_show_the_credential(world, colours):
    with pytest.raises(ConfigurationError, match="would show your credential"):
        colours("use", "http://ws.example.org/skaha")


def test_a_url_that_is_allowed_by_name(world, colours, monkeypatch):
    monkeypatch.setenv("CANFAR_ALLOW_HTTP", "ws.example.org")
    with pytest.raises(Unreachable, match="no server answers"):
        colours("use", "http://ws.example.org/skaha")


def test_a_provider_that_nobody_knows(colours):
    with pytest.raises(InvalidInput, match="there are cadc, srcnet"):
        colours("discover", "nasa")


def test_a_catalogue_that_makes_no_sense(tmp_path, monkeypatch):
    (tmp_path / "catalogue.toml").write_text("providers = 3")
    monkeypatch.setenv("CANFAR_CATALOGUE", str(tmp_path / "catalogue.toml"))

    with pytest.raises(ConfigurationError, match=r"catalogue\.toml cannot be used"):
        server.discover()
