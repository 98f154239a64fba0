"""Bad input: a clear error that names the value and the rule, and nothing is sent."""

import pytest

from canfar.errors import CanfarError, InvalidInput

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def nowhere(make_session):
    """A session whose server is not there: whatever is sent fails as Unreachable."""
    return make_session(url="http://127.0.0.1:9", token="t")


GOOD = {"name": "fit", "image": IMAGE}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"name": "my_fit"}, r"'my_fit'.*letters, digits and '-'.*'my-fit'"),
        ({"name": ""}, "name must be"),
        ({"name": "-fit"}, "beginning and ending"),
        ({"name": "fit-"}, "beginning and ending"),
        ({"name": "f" * 64}, "at most 63"),
        ({"name": "f" * 61, "replicas": 100}, "needs 65"),
        ({"name": 3}, "not 3"),
        ({"image": 3}, "not 3"),
        ({"image": " "}, "image must be"),
        ({"image": "astroml"}, "'images.canfar.net/skaha/astroml'"),
        ({"image": "images.canfar.net//x"}, "registry/project/name:tag"),
        ({"image": "images.canfar.net/a b/x"}, "registry/project/name:tag"),
        ({"cores": 0}, "cores=0 is too little"),
        ({"cores": -1}, "cores=-1"),
        ({"cores": "two"}, "'two'"),
        ({"cores": True}, "True"),
        ({"cores": float("nan")}, "nan"),
        ({"ram": 0}, "ram=0 is too little"),
        ({"gpu": 0}, "gpu must be a whole number of at least 1, not 0"),
        ({"gpu": 1.5}, "not 1.5"),
        ({"replicas": 0}, "replicas must be a whole number of at least 1, not 0"),
        ({"replicas": "3"}, "not '3'"),
        ({"kind": "notebok"}, "'notebok'.*did you mean 'notebook'"),
        ({"kind": "desktop-app"}, "'desktop-app' is none of"),
        ({"kind": None}, "None"),
        ({"kind": "notebook", "cmd": "ls"}, "cmd is for headless sessions only"),
        ({"kind": "notebook", "args": ["ls"]}, "args is for headless"),
        ({"kind": "carta", "env": {"A": "b"}}, "env is for headless"),
        ({"cmd": " "}, "cmd must be the name of a program"),
        ({"args": 3}, "args must be a string or a list of strings, not 3"),
        ({"args": ["a", 3]}, "write '3' instead"),
        ({"env": "A=b"}, "env must be a mapping"),
        ({"env": ["A=b"]}, "env must be a mapping"),
        ({"env": {"A B": "c"}}, "'A B' is no name"),
        ({"env": {"_": "c"}}, "a shell sets it"),
        ({"env": {"1A": "c"}}, "'1A' is no name"),
        ({"env": {"A": None}}, "value of A in env must be a string or a number, not NoneType"),
        ({"env": {"A": True}}, "not bool"),
        ({"env": {"A": ""}}, "would change A on the way.*cmd="),
        ({"env": {"A": "b=c"}}, "would change A on the way.*cmd="),
        ({"args": ["a b"]}, "would change 'a b' on the way.*cmd="),
        ({"cmd": "a\0b"}, "cmd holds a NUL"),
        ({"cmd": "a", "args": ["\ud800"]}, "argument 1 is no text"),
        ({"cmd": "a", "args": ["b" * 200_000]}, "argument 1 has 200,000 bytes.*131,071"),
        ({"cmd": "a", "args": ["b" * 99_999] * 12}, "1,199,989 bytes, and may have 1,000,000"),
        ({"cmd": "a", "args": ["$" * 99_000]}, "bytes to deliver, and may take 131,071"),
        ({"cmd": "a=b", "env": {"A": ""}}, "'a=b' holds a '='"),
        ({"command": []}, "command must be a list"),
        ({"command": "python a.py"}, "command must be a list"),
        ({"command": ["a"], "cmd": "b"}, "leave out cmd and args"),
        ({"delivery": "fast"}, "delivery 'fast' is none of exact, plain"),
        ({"only": [2]}, "only holds 2, and the replicas are numbered 1 to 1"),
        ({"only": "1"}, "only must be the numbers of replicas"),
        ({"only": [True]}, "only holds True"),
        ({"env": {"REPLICA_ID": "1"}}, "create sets it"),
        ({"errors": "explode"}, "errors 'explode' is none of ignore, raise"),
    ],
)
def test_create(nowhere, bad, said):
    with pytest.raises(InvalidInput, match=said):
        nowhere.create(**{**GOOD, **bad})


def test_an_error_about_an_environment_keeps_the_value_secret(nowhere):
    with pytest.raises(InvalidInput) as caught:
        nowhere.create(**GOOD, env={"TOKEN": "hush=hush\0"}, cmd="a")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "method", ["info", "logs", "events", "destroy", "renew", "wait", "connect"]
)
@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("a/b", "'a/b' is not a session id"),
        ("../session/other", "is not a session id"),
        ("x?view=logs", "is not a session id"),
        ("", "'' is not a session id"),
        (["good0001", "a/b"], "'a/b'"),
        ([3], "not 3"),
        (3, "not 3"),
        (None, "not None"),
        ([{"status": "Running"}], "has no id"),
        ("a" * 64, "up to 63"),
    ],
)
def test_ids(nowhere, method, ids, said):
    with pytest.raises(InvalidInput, match=said):
        getattr(nowhere, method)(ids)


@pytest.mark.parametrize(
    ("method", "empty"),
    [
        ("info", []),
        ("logs", {}),
        ("events", []),
        ("destroy", {}),
        ("renew", {}),
        ("wait", []),
        ("connect", {}),
    ],
)
def test_no_ids_give_an_empty_result(nowhere, method, empty):
    assert getattr(nowhere, method)([]) == empty


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"kind": "notebok"}, "did you mean 'notebook'"),
        ({"kind": 3}, "kind 3"),
        ({"status": "Runing"}, "did you mean 'running'"),
        ({"status": ["Running", "Dead"]}, "'Dead'"),
        ({"view": "stats"}, "view 'stats' is none of all, interactive"),
    ],
)
def test_filters(nowhere, filters, said):
    with pytest.raises(InvalidInput, match=said):
        nowhere.fetch(**filters)


def test_a_misspelt_keyword_is_a_type_error(nowhere, make_session):
    with pytest.raises(TypeError):
        make_session(tokn="x")
    with pytest.raises(TypeError):
        nowhere.create(**GOOD, core=2)


def test_what_is_good_reaches_for_the_server(nowhere):
    with pytest.raises(CanfarError) as caught:
        nowhere.create(**GOOD)
    assert not isinstance(caught.value, InvalidInput)


@pytest.mark.parametrize("kind", ["desktop", "firefly"])
def test_resources_that_are_ignored_are_warned_about(nowhere, kind):
    with pytest.warns(UserWarning, match="same resources"), pytest.raises(CanfarError):
        nowhere.create(**GOOD, kind=kind, cores=2)
