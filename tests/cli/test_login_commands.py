"""Logging in and looking after it from the command line, against real TLS servers."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from canfar import config
from canfar.auth import x509

PASSWORD = "s3cret é"


def log_in(run):
    done = run("login", "cadc", "--username", "ada", "--password-stdin", given=f"{PASSWORD}\n")
    assert done.code == 0, done
    return done


def test_logging_in_without_a_terminal(run, credential_service):
    done = log_in(run)

    assert done.out.startswith("Logged in with cadc, until ")
    assert "Server: canfar" in done.err
    assert PASSWORD not in f"{done.out}{done.err}{config.path().read_text()}"
    who = run("whoami", "-o", "json")
    assert (who.code, json.loads(who.out)["kind"]) == (0, "certificate")
    assert json.loads(who.out)["user"]
    examined = run("doctor")
    assert examined.code == 0, examined


def test_logging_in_at_a_terminal(at_terminal, credential_service):
    done = at_terminal(
        "auth", "login", "cadc", answers=[("User name", "ada"), ("Password", PASSWORD)]
    )

    assert done.code == 0, done
    assert "Logged in with cadc" in done.out
    assert PASSWORD not in done.out
    assert x509.valid(Path.home() / ".ssl" / "cadcproxy.pem")


def test_choosing_a_provider_at_a_terminal(at_terminal, credential_service):
    done = at_terminal(
        "login", answers=[("Identity provider", "1"), ("User name", "ada"), ("Password", PASSWORD)]
    )

    assert done.code == 0, done


def test_saying_no_is_not_having_done_it(at_terminal):
    done = at_terminal("auth", "purge", answers=[("all servers? [y/N]", "n")])
    assert done.code == 1
    assert "Nothing was done." in done.out


def test_interrupting_a_login(at_terminal, credential_service):
    done = at_terminal("login", "cadc", interrupt_at="User name")

    assert done.code == 130
    assert not config.path().exists()


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        (("login",), "its key"),
        (("login", "cadc"), "--username"),
        (("login", "cadc", "--username", "ada"), "--password-stdin"),
        (("auth", "purge"), "--force"),
    ],
)
def test_what_would_have_to_be_asked_names_the_option(canfar, credential_service, words, flag):
    done = canfar(*words)

    assert (done.code, done.out) == (2, "")
    assert flag in done.err


@pytest.mark.parametrize(
    ("words", "given", "code", "said"),
    [
        (("login", "cadc", "--username", "ada", "--password-stdin"), "", 2, "password is empty"),
        (("login", "cadc", "--username", "ada", "--password-stdin"), "no\n", 1, "combination"),
        (("login", "cadc", "--password-stdin"), "x\n", 2, "needs --username"),
        (("login", "cadc", "--token-stdin"), "two\nlines\n", 4, "the token holds"),
        (("login", "cadc", "--token-stdin"), "", 2, "the token is empty"),
        (("login", "cadc", "--token-stdin", "--password-stdin"), "", 2, "not both"),
        (("login", "cadc", "--days", "0"), "", 2, "0 is not in the range"),
        (("login", "nasa"), "", 2, "there are cadc"),
        (("login", "cadc", "--netrc"), "", 4, "no netrc file"),
        (("auth", "use", "srcnet"), "", 4, "no login of 'srcnet' is kept"),
        (("server", "use", "nowhere"), "", 3, "nowhere"),
        (("config", "set", "regstry.username", "a"), "", 2, "there is no setting"),
        (("config", "get", "registry.username"), "", 2, "is not set"),
        (("logn",), "", 2, "Did you mean login"),
        (("auth", "shw"), "", 2, "Did you mean show"),
        (("whoami",), "", 4, "canfar login"),
        (("login", "cadc", "--token-stdin"), b"\xff\xfe", 2, "is no text"),
        (("login", "cadc", "--token-file", __file__), "", 4, "the token holds"),
        (("login", "cadc", "--token-file", sys.executable), "", 2, "is no text"),
        (("login", "cadc", "--username", "ada", "--password-stdin"), b"\xff\n", 2, "is no text"),
        (("config", "set", "registry.secret", "--stdin"), b"\xff", 2, "is no text"),
    ],
)  # fmt: skip
def test_bad_input(canfar, credential_service, words, given, code, said):
    done = canfar(*words, given=given)

    assert (done.code, done.out) == (code, ""), done
    assert said in done.err
    assert not config.path().exists()


def test_who_is_nobody(canfar):
    done = canfar("whoami", "-o", "json", CANFAR_URL="https://127.0.0.1:9/skaha")

    assert (done.code, json.loads(done.out)["kind"]) == (4, "anonymous")
    assert "canfar login" in canfar("whoami").err


def test_errors_for_programs(canfar, credential_service):
    done = canfar("auth", "show", "-o", "json")

    assert done.code == 4
    assert json.loads(done.err) == {
        "code": "authentication.required",
        "message": "nobody is logged in",
        "hint": "`canfar login` logs in.",
        "about": None,
        "server_text": "",
    }


def test_the_logins_that_are_kept(canfar, credential_service):
    log_in(canfar)
    canfar("login", "cadc")

    assert canfar("auth", "show").code == 0
    listed = json.loads(canfar("auth", "list", "--json").out)
    assert [(each["idp"], each["mode"], each["active"], each["server"]) for each in listed] == [
        ("cadc", "x509", True, "canfar")
    ]
    assert YAML(typ="safe").load(canfar("auth", "ls", "--yaml").out) == listed
    assert canfar("auth", "ls").out.splitlines()[0].split("\t") == [
        "ACTIVE", "IDP", "MODE", "VALID", "SERVER",
    ]  # fmt: skip
    assert canfar("auth", "switch", "cadc").code == 0
    assert canfar("auth", "-o", "json").out == canfar("auth", "show", "-o", "json").out
    assert canfar("auth", "rm", "cadc").code == 2
    assert canfar("auth", "rm", "cadc", "--force").code == 0
    assert json.loads(canfar("auth", "ls", "-o", "json").out) == []
    log_in(canfar)
    assert canfar("auth", "purge", "-y").code == 0
    assert config.load().servers == {}


def test_a_login_that_expired(canfar, credential_service, authority):
    log_in(canfar)
    file = Path.home() / ".ssl" / "cadcproxy.pem"
    file.write_bytes(authority.proxy(begins=timedelta(days=-5), ends=timedelta(days=-1)))

    assert "expired" in canfar("auth", "show").out
    examined = canfar("doctor", "-o", "json")
    assert examined.code == 1
    wrong = [each for each in json.loads(examined.out)["findings"] if each["verdict"] == "wrong"]
    assert "credential" in [each["name"] for each in wrong]


def test_a_login_whose_certificate_is_gone_is_none(canfar, credential_service):
    log_in(canfar)
    (Path.home() / ".ssl" / "cadcproxy.pem").unlink()

    for words in (("ps",), ("whoami",)):
        done = canfar(*words)
        assert (done.code, done.out) == (4, ""), done
        assert "no certificate" in done.err
        assert "`canfar login cadc` gets one." in done.err
    assert canfar("doctor").code == 1
    assert canfar("auth", "show").code == 0


def test_nothing_to_forget(canfar):
    done = canfar("auth", "purge")

    assert (done.code, done.out) == (2, "")
    assert "0 logins" not in done.err


def test_servers(canfar, credential_service, skaha):
    log_in(canfar)

    listed = json.loads(canfar("server", "ls", "-o", "json").out)
    assert [(each["name"], each["active"]) for each in listed] == [
        ("canfar", True),
        ("local", False),
    ]
    assert canfar("server", "use", "canfar").out == f"Server: canfar ({skaha.base})\n"
    assert "HTTP 404" in canfar("server", "use", f"{credential_service.base}/none").err


def test_a_login_is_kept_though_its_server_is_dead(run, credential_service):
    words = ("login", "cadc", "--username", "ada", "--password-stdin")
    done = run(*words, "--server", "http://127.0.0.1:9/skaha", given=f"{PASSWORD}\n")

    assert (done.code, done.out) == (5, "")
    assert "you are logged in, but the server is not chosen" in done.err
    assert json.loads(run("auth", "ls", "-o", "json").out)[0]["idp"] == "cadc"


def test_servers_that_are_dead_are_named(canfar, credential_service, skaha):
    listed = "ivo://gone.example.org/skaha = http://127.0.0.1:9/skaha/capabilities\n"
    listed += f"ivo://cadc.nrc.ca/skaha = {skaha.base}/capabilities\n"
    credential_service.replies["/reg/resource-caps"] = (200, {}, listed.encode())

    done = canfar("server", "ls", "--discover", "-o", "json")

    assert done.code == 0, done
    assert json.loads(done.out)[-1]["name"] == "local"
    assert "http://127.0.0.1:9/skaha" in done.err
    assert "cannot reach" in done.err


def test_the_configuration(canfar, credential_service, tmp_path):
    assert canfar("config", "path").out == f"{config.path()}\n"
    assert canfar("config", "show").out == ""
    assert canfar("config", "set", "registry.username", "ada").code == 0
    assert canfar("config", "set", "registry.secret", "--stdin", given="123456\n").code == 0
    assert canfar("config", "get", "registry.username").out == "ada\n"
    assert canfar("config", "get", "registry.secret").out == "***\n"
    assert canfar("config", "get", "registry.secret", "--reveal").out == "123456\n"
    shown = canfar("config", "show", "-o", "json").out
    assert json.loads(shown)["registry"] == {"username": "ada", "secret": "***"}
    assert YAML(typ="safe").load(canfar("config", "ls").out) == json.loads(shown)
    assert canfar("config", "set", "console.width", "88").code == 0
    assert config.load().console == {"width": 88}
    assert canfar("config", "set", "console.width", "null").code == 0
    assert config.load().console == {}
    assert "version" in canfar("config", "show").out


SAMPLES = sorted((Path(__file__).parents[1] / "config" / "samples").glob("*.yaml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_files_of_older_releases_can_be_shown(canfar, sample):
    config.path().write_bytes(sample.read_bytes())

    as_json = canfar("config", "show", "-o", "json")
    for words in (("config", "show"), ("config", "show", "-o", "yaml")):
        done = canfar(*words)
        assert done.code == 0, done
        assert YAML(typ="safe").load(done.out) == json.loads(as_json.out)
    shown = f"{done.out}{as_json.out}"
    assert "-token" not in shown
    assert config.path().read_bytes() == sample.read_bytes()


def test_a_broken_file(canfar):
    config.path().write_text("version: 2\nactive: [")

    done = canfar("config", "show")

    assert (done.code, done.out) == (1, "")
    assert f"{config.path()}, line" in done.err


# From what loads least to what loads most; each is asked what the ones before it loaded too.
LOADED = {
    (): {"httpx", "ruamel", "cryptography", "oauthlib", "defusedxml", "canfar.sessions"},
    ("--help",): {"httpx", "ruamel", "cryptography", "canfar.local", "canfar.cli.login"},
    ("version",): {"httpx", "ruamel", "cryptography", "canfar.local"},
    ("login", "--help"): {"httpx", "ruamel", "cryptography", "oauthlib"},
    ("config", "path"): {"httpx", "cryptography", "oauthlib", "defusedxml"},
    ("auth", "ls"): {"oauthlib", "defusedxml", "segno", "canfar.local"},
}
LOADING = """
import json, sys
from canfar.cli import main
for words, absent in json.loads(sys.argv[1]):
    main(words)
    print(words, sorted(set(absent) & set(sys.modules)), file=sys.stderr)
"""


def test_nothing_is_loaded_that_a_command_does_not_need():
    cases = json.dumps([(words, sorted(names)) for words, names in LOADED.items()])

    done = subprocess.run(
        [sys.executable, "-c", LOADING, cases], capture_output=True, text=True, check=True
    )

    loaded = [line for line in done.stderr.splitlines() if line.startswith("[")]
    assert loaded == [f"{list(words)} []" for words in LOADED]
