"""The configuration file: what canfar wrote before is read, and nothing in it is ever lost."""

from __future__ import annotations

import asyncio
import stat
import string
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from canfar import config
from canfar.config import editing
from canfar.errors import ConfigurationError, ConfigurationFileError, InvalidInput
from canfar.models.config import Configuration
from canfar.models.login import OIDCClient, OIDCEndpoints, OIDCLogin, OIDCToken, X509Login
from canfar.models.server import Server

SAMPLES = sorted(Path(__file__).with_name("samples").glob("*.yaml"))


def write(text):
    file = config.path()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_a_file_that_is_not_there_holds_nothing():
    saved = config.load()

    assert (saved.active.server, dict(saved.authentication), dict(saved.servers)) == (None, {}, {})
    assert not config.path().exists()


def test_the_file_is_the_one_in_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("CANFAR_CONFIG", "~/elsewhere.yaml")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config.path() == tmp_path / "elsewhere.yaml"

    monkeypatch.delenv("CANFAR_CONFIG")
    assert config.path() == tmp_path / ".canfar" / "config.yaml"


def test_the_file_of_canfar_1_0():
    write(SAMPLES[0].read_text())

    saved = config.load()

    assert saved.active.authentication == "cadc"
    assert saved.servers[saved.active.server].url == "https://ws-uv.canfar.net/skaha"
    assert saved.authentication["cadc"].path == Path("/home/me/.ssl/cadcproxy.pem")
    login = saved.authentication["srcnet"]
    assert (login.token.refresh, login.client.identity) == ("refresh-token", "5f0b1f8d-client")
    assert saved.servers[saved.active.servers["srcnet"]].uri == "ivo://swesrc.chalmers.se/skaha"


def test_the_file_of_canfar_1_4():
    write(SAMPLES[1].read_text())

    saved = config.load()

    assert (saved.active.authentication, saved.active.server) == ("cadc", "canfar")
    assert config.registry_login(saved).username == "ada"


def test_the_file_of_canfar_1_5():
    write(SAMPLES[2].read_text())

    saved = config.load()

    assert saved.servers["canfar"].resources["sessions"] == 5
    assert saved.servers["canfar"].storage["arc"]["uri"] == "ivo://cadc.nrc.ca/arc"
    assert saved.authentication["srcnet"].token.expires == 1795382167.0
    assert Configuration().active.server == "sweSRC"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_reading_an_old_file_changes_nothing_and_saving_it_loses_nothing(sample):
    file = write(sample.read_text())
    before = config.load()
    assert file.read_text() == sample.read_text()

    with config.edit() as draft:
        draft.set("console.width", 88)

    after = config.load()
    assert (after.authentication, after.servers) == (before.authentication, before.servers)
    assert after.active == before.active
    assert YAML(typ="safe").load(file.read_text())["version"] == 2
    olds = [each for each in file.parent.iterdir() if ".bak-" in each.name]
    if sample.stem == "canfar-1.5":
        assert olds == []
    else:
        assert [each.read_text() for each in olds] == [sample.read_text()]
        assert stat.S_IMODE(olds[0].stat().st_mode) == 0o600


def test_comments_order_and_what_is_not_known_stay():
    text = (
        "# mine\nversion: 2\nregistry:\n  secret: 's3cret'  # from Harbor\n  username: ada\n"
        "  note: keep me\nmine:\n  - 1\n"
    )
    file = write(text)

    with config.edit() as draft:
        draft.set("registry.username", "eve")

    assert file.read_text() == text.replace("ada", "eve")


def test_a_link_to_the_file_stays_a_link(tmp_path, monkeypatch):
    real = tmp_path / "dotfiles.yaml"
    real.write_text("version: 2\n")
    (tmp_path / "config.yaml").symlink_to(real)
    monkeypatch.setenv("CANFAR_CONFIG", str(tmp_path / "config.yaml"))

    with config.edit() as draft:
        draft.set("console.width", 90)

    assert (tmp_path / "config.yaml").is_symlink()
    assert "width: 90" in real.read_text()


def test_nobody_else_can_read_what_is_written():
    with config.edit() as draft:
        draft.set("registry.secret", "s3cret")

    assert stat.S_IMODE(config.path().stat().st_mode) == 0o600


def test_an_exception_and_no_change_write_nothing():
    file = write("version: 2\n# as it was\n")
    before = file.stat().st_ino
    with pytest.raises(InvalidInput), config.edit() as draft:  # noqa: PT012 - the first is fine
        draft.set("console.width", 88)
        draft.set("console.height", 25)
    with config.edit():
        pass

    assert (file.read_text(), file.stat().st_ino) == ("version: 2\n# as it was\n", before)


keys = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
words = st.text(string.printable.strip() + " éß日", min_size=1, max_size=30).filter(str.strip)
times = st.none() | st.floats(1, 4e9)
logins = st.one_of(
    st.builds(
        X509Login,
        idp=keys,
        path=words.map(lambda word: Path("/certificates") / word.replace("/", "-")),
        expiry=st.floats(1, 4e9),
    ),
    st.builds(
        OIDCLogin,
        idp=keys,
        endpoints=st.builds(OIDCEndpoints, token=st.none() | words, device=st.none() | words),
        client=st.builds(
            OIDCClient,
            identity=st.none() | words,
            secret=st.none() | words,
            secret_expires_at=times,
        ),
        token=st.builds(
            OIDCToken,
            access=st.none() | words,
            refresh=st.none() | words,
            scope=st.none() | words,
            expires=times,
            refresh_expires=times,
        ),
    ),
)
servers = st.builds(
    Server,
    name=keys,
    idp=st.none() | keys,
    uri=st.none() | words,
    url=words,
    version=st.none() | words,
    auths=st.lists(words, max_size=3).map(tuple),
)


@settings(max_examples=25)
@given(
    kept=st.dictionaries(keys, logins, max_size=4),
    known=st.lists(servers, max_size=4),
    registry=st.tuples(words, words),
)
def test_what_is_written_is_read_again(tmp_path_factory, kept, known, registry):
    file = tmp_path_factory.mktemp("round") / "config.yaml"
    with config.edit(file) as draft:
        for key, login in kept.items():
            draft.put_login(key, login)
        for server in known:
            draft.put_server(server)
        draft.set("registry", {"username": registry[0], "secret": registry[1]})

    saved = config.load(file)

    assert saved.authentication == kept
    assert saved.servers == {server.name: server for server in known}
    assert (saved.registry.username, saved.registry.secret) == registry
    text = file.read_text()
    with config.edit(file) as draft:
        for key, login in saved.authentication.items():
            draft.put_login(key, login)
    assert file.read_text() == text


WRITERS = """
import os, sys
from canfar import config
from canfar.models.server import Server
processes = []
for writer in range(20):  # forked when all is loaded, so that they do write at once
    process = os.fork()
    if process == 0:
        for number in range(3):
            with config.edit() as draft:
                draft.put_server(Server(name=f"s{writer}-{number}", url="https://example.org/skaha"))
        os._exit(0)
    processes.append(process)
sys.exit(any([os.waitpid(process, 0)[1] for process in processes]))
"""


def test_twenty_processes_that_write_at_once_lose_nothing(monkeypatch):
    # Measured, they would take most of a minute of a machine's time, for lines that others cover.
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    subprocess.run([sys.executable, "-c", WRITERS], check=True, timeout=100)

    names = {f"s{process}-{number}" for process in range(20) for number in range(3)}
    assert set(config.load().servers) == names


class Holder:
    """Somebody else who has the lock, in a thread, and writes the file now and then."""

    def __init__(self, seconds, *, writes):
        self._seconds, self._writes = seconds, writes
        self._holds = threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def _hold(self):
        file = write("version: 2\n")
        with FileLock(file.with_name(f"{file.name}.lock")):
            self._holds.set()
            for number in range(round(self._seconds / 0.1)):
                time.sleep(0.1)
                if self._writes:
                    file.write_text(f"version: 2\nconsole: {{width: {100 + number}}}\n")

    def __enter__(self):
        self._thread.start()
        assert self._holds.wait(10)

    def __exit__(self, *_):
        self._thread.join()


def change(asynchronous):
    async def alone():
        async with config.aedit() as draft:
            draft.set("registry.username", "ada")

    if asynchronous:
        asyncio.run(alone())
        return
    with config.edit() as draft:
        draft.set("registry.username", "ada")


@pytest.mark.parametrize("asynchronous", [False, True])
def test_somebody_who_keeps_the_file_to_themselves(monkeypatch, asynchronous):
    monkeypatch.setattr(editing, "PATIENCE", 0.3)

    with Holder(2, writes=False), pytest.raises(ConfigurationFileError, match="seconds") as caught:
        change(asynchronous)
    assert "Mend" not in str(caught.value)
    assert "again" in caught.value.advice


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_queue_that_moves_is_waited_for_however_long_it_is(monkeypatch, asynchronous):
    monkeypatch.setattr(editing, "PATIENCE", 0.8)

    with Holder(2, writes=True):
        change(asynchronous)

    assert config.load().registry.username == "ada"
    assert config.load().console == {"width": 119}


CRASH = """
import os
from pathlib import Path
from canfar import config
Path.replace = lambda *_: os._exit(9)
with config.edit() as draft:
    draft.set("registry.username", "eve")
"""


def test_a_crash_before_the_new_file_has_its_name_leaves_the_old_one():
    file = write("version: 2\nregistry: {username: ada, secret: s}\n")
    before = file.read_text()

    assert subprocess.run([sys.executable, "-c", CRASH], check=False).returncode == 9

    assert file.read_text() == before
    with config.edit() as draft:  # its lock went with it
        draft.set("registry.username", "eve")
    assert config.load().registry.username == "eve"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("version: 2\nactive: [broken\n", 3, "no YAML"),
        ("version: 2\nregistry: {username: a, username: b}\n", 2, "duplicate key"),
        ("- a list\n", 1, "a mapping of settings is expected"),
        ("version: 7\n", 1, "version is 7; this canfar knows 1 and 2"),
        ("version: 2\n\nauthentication:\n  cadc: {mode: magic}\n", 4, "must be x509 or oidc"),
        ("version: 2\nauthentication:\n  cadc:\n    mode: x509\n", 3, "has no path"),
        ("version: 2\nservers:\n  canfar:\n    url: [a]\n", 4, "must be text, not a list"),
        ("version: 2\nservers:\n  1x: {url: a}\n", 3, "is no key"),
        (
            "version: 2\nauthentication:\n  s: {mode: oidc, token: {access: 12345}}\n",
            3,
            "in quotes",
        ),
        ("version: 2\nregistry: secretword\n", 2, "must be a mapping, not text"),
        ("active: default\ncontexts:\n  default: {mode: magic}\n", 3, "must have the mode"),
    ],
)
def test_a_broken_file_names_its_line_and_shows_no_values(text, line, said):
    write(text)

    with pytest.raises(ConfigurationFileError, match=f"line {line}: ") as caught:
        config.load()
    assert said in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(config.path()), line)
    for secret in ("12345", "secretword"):
        assert secret not in str(caught.value)
    with pytest.raises(ConfigurationFileError), config.edit() as draft:
        draft.set("registry.username", "ada")
    assert config.path().read_text() == text


def test_a_file_that_is_no_text():
    config.path().write_bytes(b"version: 2\n# \xff\n")

    with pytest.raises(ConfigurationFileError, match=r"line 2: .* no text"):
        config.load()


def test_a_folder_in_its_place():
    config.path().mkdir(parents=True)

    with pytest.raises(ConfigurationFileError, match="is a directory"):
        config.load()


@pytest.mark.parametrize("between", ["_", "__"])
def test_the_registry_login_of_the_environment_wins_and_is_never_written(monkeypatch, between):
    write("version: 2\nregistry: {username: ada, secret: file-secret}\n")
    monkeypatch.setenv(f"CANFAR_REGISTRY{between}USERNAME", "eve")
    monkeypatch.setenv(f"CANFAR_REGISTRY{between}SECRET", "environment-secret")

    login = config.registry_login(config.load())
    assert (login.username, login.secret) == ("eve", "environment-secret")

    with config.edit() as draft:
        draft.set("console.width", 88)
    assert "environment-secret" not in config.path().read_text()
    assert "eve" not in config.path().read_text()


def test_half_a_registry_login_can_be_set_and_says_what_is_missing():
    with config.edit() as draft:
        draft.set("registry.username", "ada")

    with pytest.raises(ConfigurationError, match=r"no secret.*CANFAR_REGISTRY_SECRET"):
        config.registry_login(config.load())

    with config.edit() as draft:
        draft.set("registry.secret", "s3cret")
    assert config.registry_login(config.load()).secret == "s3cret"


@pytest.mark.parametrize(
    ("name", "value"),
    [("regstry.username", "a"), ("registry.user", "a"), ("registry.username", 5), ("active", "x"),
     ("servers.1x.url", "a"), ("registry..username", "a"), ("authentication.cadc.mode", "magic")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_not_kept(name, value):
    with pytest.raises(InvalidInput), config.edit() as draft:
        draft.set(name, value)
    assert not config.path().exists()


def test_secrets_show_as_stars():
    write(SAMPLES[2].read_text())
    with config.edit() as draft:
        draft.set("registry", {"username": "ada", "secret": "harbor-secret"})

    shown = f"{config.document()} {config.load()!r} {Configuration(token='t-o-k-e-n')!r}"

    for secret in ("harbor-secret", "access-token", "refresh-token", "client-secret", "t-o-k-e-n"):
        assert secret not in shown
    login = config.load().authentication["srcnet"]
    for shown in (config.load().registry, config.registry_login(config.load()), login.token):
        assert "'***'" in repr(shown)
    assert repr(OIDCToken()).startswith("OIDCToken(access=None, refresh=None")
    assert config.setting("registry.secret") == "***"
    assert config.setting("registry.secret", reveal_secrets=True) == "harbor-secret"
    assert config.document()["authentication"]["srcnet"]["expiry"]["access"] == 1795382167.0


class Vault:
    """A keyring in memory, behind the real package."""

    def __init__(self):
        import keyring
        from keyring.backend import KeyringBackend

        kept = self.kept = {}

        class Backend(KeyringBackend):
            priority = 1

            def get_password(self, service, username):
                return kept.get((service, username))

            def set_password(self, service, username, password):
                kept[service, username] = password

            def delete_password(self, service, username):
                del kept[service, username]

        self.before = keyring.get_keyring()
        keyring.set_keyring(Backend())


@pytest.fixture
def vault():
    keyring = pytest.importorskip("keyring")
    made = Vault()
    yield made
    keyring.set_keyring(made.before)


def test_secrets_can_be_in_the_keyring(vault, monkeypatch):
    login = OIDCLogin(idp="srcnet", token=OIDCToken(access="access-token", refresh="refresh-token"))
    monkeypatch.setenv("CANFAR_KEYRING", "1")
    with config.edit() as draft:
        draft.put_login("srcnet", login)
        draft.set("registry", {"username": "ada"})
        draft.set("registry.secret", "harbor-secret")

    text = config.path().read_text()
    assert not any(each in text for each in ("access-token", "refresh-token", "harbor-secret"))
    assert config.load().authentication["srcnet"].token == login.token
    assert config.registry_login(config.load()).secret == "harbor-secret"

    monkeypatch.delenv("CANFAR_KEYRING")  # what is there stays there
    renewed = OIDCLogin(idp="srcnet", token=OIDCToken(access="new-token", refresh="refresh-token"))
    with config.edit() as draft:
        draft.put_login("srcnet", renewed)
    assert "new-token" not in config.path().read_text()
    assert config.load().authentication["srcnet"].token.access == "new-token"

    with config.edit() as draft:
        draft.remove_login("srcnet")
    assert ("canfar", "srcnet.token.access") not in vault.kept


def test_secrets_are_in_the_file_unless_asked_otherwise(vault):
    with config.edit() as draft:
        draft.set("registry.secret", "harbor-secret")

    assert vault.kept == {}
    assert "harbor-secret" in config.path().read_text()


def test_the_editor_of_canfar_1_5():
    cfg = Configuration()
    cfg.editor.set("registry", {"username": "ada", "secret": "s3cret"})
    cfg.editor.save()

    assert Configuration().editor.get("registry.username") == "ada"
