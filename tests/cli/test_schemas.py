"""What `-o json` prints is what its schema says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema_rs
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts" / "website"))

from command_help import commands, prints_data
from command_schemas import ERROR, SCHEMAS, schema_of
from ruamel.yaml import YAML

from canfar import authentication, config
from canfar.sessions import Session

IMAGE = "skaha/astroml"
LINES = [
    # what the schema is of, the words
    ("create", ["create", "headless", IMAGE, "-r", "2", "--", "true"]),
    ("create", ["create", "headless", IMAGE, "--dry-run", "-e", "A=b", "--", "true"]),
    ("ps", ["ps", "-a"]),
    ("ps", ["ps", "nobody"]),
    ("info", ["info", "note", "job"]),
    ("top", ["top"]),
    ("wait", ["wait", "job"]),
    ("logs", ["logs", "job"]),
    ("logs", ["logs", "job", "--output-dir", "."]),
    ("events", ["events", "note", "job"]),
    ("open", ["open", "note", "--no-browser"]),
    ("renew", ["renew", "note"]),
    ("app ls", ["app", "ls"]),
    ("app attach", ["app", "attach", "desk", IMAGE]),
    ("app rm", ["app", "rm", "desk", "*", "--yes"]),
    ("image ls", ["image", "ls"]),
    ("repository ls", ["repository", "ls"]),
    ("context", ["context"]),
    ("stats", ["stats"]),
    ("whoami", ["whoami"]),
    ("doctor", ["doctor"]),
    ("config path", ["config", "path"]),
    ("config show", ["config", "show"]),
    ("config set", ["config", "set", "console.width", "120"]),
    ("config get", ["config", "get", "console.width"]),
    ("server list", ["server", "list"]),
    ("local status", ["local", "status", "--state", "/nowhere"]),
    ("version", ["version"]),
    ("prune", ["prune", "prune-me", "--dry-run"]),
    ("prune", ["prune", "prune-me", "--yes"]),
    ("delete", ["delete", "delete-me", "--yes"]),
]
LOGINS = [
    ("auth", ["auth"]),
    ("auth show", ["auth", "show"]),
    ("auth list", ["auth", "list"]),
    ("auth use", ["auth", "use", "cadc"]),
    ("server use", ["server", "use", "canfar"]),
    ("auth remove", ["auth", "remove", "cadc", "--force"]),
    ("login", ["login", "cadc"]),
    ("auth login", ["auth", "login", "cadc"]),
    ("auth purge", ["auth", "purge", "--force"]),
]
CODES = {"local status": {3}, "doctor": {0, 1}}
ELSEWHERE = {"local start"}  # it starts a process: tests/local/test_local_command.py


def agrees(name, done):
    data = json.loads(done.out)
    validator = jsonschema_rs.validator_for(schema_of(name))
    assert [error.message for error in validator.iter_errors(data)] == []
    return data


@pytest.fixture(scope="module", autouse=True)
def sessions(shared_platform):
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        ids = session.create("note", IMAGE, kind="notebook")
        ids += session.create("desk", IMAGE, kind="desktop")
        session.wait([*ids, *session.create("job", IMAGE, command=["true"])])


@pytest.fixture
def for_programs(canfar, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(name, words):
        place = words.index("--") if "--" in words else len(words)
        done = canfar(*words[:place], "-o", "json", *words[place:])
        assert done.code in CODES.get(name, {0}), done
        return agrees(name, done)

    return run


@pytest.mark.parametrize(
    ("name", "words"), LINES, ids=lambda each: "" if isinstance(each, str) else " ".join(each)
)
def test_it_prints_what_the_schema_says(platform, for_programs, name, words):
    with Session() as session:
        if words[1:] and words[1].endswith("-me"):
            # Prune takes only what has ended.
            session.wait(session.create(words[1], IMAGE, command=["true"]))
        if words[0] == "app":
            session.attach(session.fetch(kind="desktop")[0], IMAGE)
    if name == "config get":
        with config.edit() as draft:
            draft.set("console.width", 88)
    assert for_programs(name, words) != [] or "nobody" in words


def test_a_list_of_none_is_a_list(platform, for_programs):
    assert for_programs("prune", ["prune", "nobody-", "--yes"]) == []
    assert for_programs("prune", ["prune", "nobody-", "--dry-run"]) == []
    assert for_programs("ps", ["ps", "nobody-*"]) == []


def test_logins(for_programs, credential_service):
    for name, words in LOGINS:
        if (words[-1] == "cadc" and "login" in words) or name == "auth":
            authentication.login("cadc", username="ada", password="s3cret é")
        for_programs(name, words)


def test_every_command_that_prints_data_has_one():
    have = {" ".join(words) for words, command in commands() if prints_data(command)}
    assert have == set(SCHEMAS)
    assert have == {name for name, _ in [*LINES, *LOGINS]} | ELSEWHERE


def test_an_error(canfar, platform):
    validator = jsonschema_rs.validator_for(ERROR)
    for words in (["info", "nobody"], ["ps", "--kind", "no"]):
        done = canfar(*words, "-o", "json")
        assert (done.out, [*validator.iter_errors(json.loads(done.err))]) == ("", [])


def test_the_other_forms_say_the_same(canfar, platform):
    for words in (["ps", "-a"], ["image", "ls"], ["context"], ["version"]):
        data = json.loads(canfar(*words, "-o", "json").out)
        assert YAML(typ="safe").load(canfar(*words, "-o", "yaml").out) == data
        lines = [json.loads(line) for line in canfar(*words, "-o", "jsonl").out.splitlines()]
        assert lines == (data if isinstance(data, list) else [data])
        names = canfar(*words, "-o", "name").out.splitlines()
        assert names
        assert not any("{" in name or "\t" in name for name in names)


def test_a_schema_can_be_wrong():
    """What is closed stays closed: a field that comes or goes is told."""
    validator = jsonschema_rs.validator_for(schema_of("version"))
    assert validator.is_valid({"name": "canfar", "version": "2"})
    assert not validator.is_valid({"name": "canfar"})
    assert not validator.is_valid({"name": "canfar", "version": "2", "more": 1})
