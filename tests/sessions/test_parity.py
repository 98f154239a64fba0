"""Session and AsyncSession are the same, but for waiting."""

import inspect
import re

import pytest

from canfar import authentication, server
from canfar.batches import AsyncBatch, Batch
from canfar.context import AsyncContext, Context
from canfar.images import AsyncImages, Images
from canfar.overview import AsyncOverview, Overview
from canfar.sessions import AsyncSession, Session

PAIRS = [
    (Session, AsyncSession),
    (Images, AsyncImages),
    (Context, AsyncContext),
    (Overview, AsyncOverview),
    (Batch, AsyncBatch),
]
NOT_AWAITED = {"preview", "watch", "follow", "keep", "timeline", "to_json"}
"""What is iterated over, and what asks nobody."""
TWINS = [
    (authentication.login, authentication.alogin),
    (server.discover, server.adiscover),
    (server.list, server.alist),
    (server.use, server.ause),
]
HOUSEKEEPING = {"close", "aclose"}


def methods(cls):
    return {
        name: member
        for name, member in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_") and name not in HOUSEKEEPING
    }


CASES = [
    pytest.param(plain, awaited, name, id=f"{plain.__name__}.{name}")
    for plain, awaited in PAIRS
    for name in sorted(methods(plain) | methods(awaited))
]


def signature(function):
    """Its parameters, and what it returns but for the colour."""
    found = inspect.signature(function)
    returned = str(found.return_annotation).replace("Async", "")
    return found.replace(return_annotation=returned)


@pytest.mark.parametrize(("plain", "awaited", "name"), CASES)
def test_the_same_name_and_parameters(plain, awaited, name):
    one, other = methods(plain)[name], methods(awaited)[name]

    assert signature(one) == signature(other)


@pytest.mark.parametrize(("plain", "awaited", "name"), CASES)
def test_one_is_awaited_and_the_other_is_not(plain, awaited, name):
    assert not inspect.iscoroutinefunction(methods(plain)[name])
    assert inspect.iscoroutinefunction(methods(awaited)[name]) is (name not in NOT_AWAITED)


def words(docstring):
    """The docstring without what awaiting puts into its example."""
    text = re.sub(r"\bawait \b|\basync \b|\bAsync(?=[A-Z])|[()]", "", docstring)
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("plain", "awaited", "name"), CASES)
def test_the_same_words(plain, awaited, name):
    one, other = methods(plain)[name].__doc__, methods(awaited)[name].__doc__

    assert words(one) == words(other)
    assert "Returns:" in one
    assert "Raises:" in one or name in NOT_AWAITED
    assert "Example:" in one
    for parameter in list(inspect.signature(methods(plain)[name]).parameters)[1:]:
        assert f" {parameter}: " in one


@pytest.mark.parametrize(("plain", "awaited"), TWINS)
def test_functions_are_the_same_too(plain, awaited):
    assert signature(plain) == signature(awaited)
    assert inspect.iscoroutinefunction(awaited)

    beginning, name = "For asyncio: ", f".{awaited.__name__}"
    said = words(awaited.__doc__).replace(name, f".{plain.__name__}")
    assert said.startswith(beginning)
    assert said.removeprefix(beginning).lower() == words(plain.__doc__).lower()


@pytest.mark.parametrize(("plain", "awaited"), PAIRS)
def test_the_same_constructor(plain, awaited):
    one, other = inspect.signature(plain), inspect.signature(awaited)

    assert str(one) == str(other).replace("Async", "")


def test_positional_parameters_are_those_of_canfar_1():
    def positional(method):
        return [
            name
            for name, parameter in inspect.signature(method).parameters.items()
            if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        ][1:]

    assert {name: positional(method) for name, method in methods(Session).items()} == {
        "apps": ["desktop"],
        "batch": ["name", "image"],
        "run": ["name", "image"],
        "preview": ["request"],
        "submit": ["name", "image"],
        "attach": ["desktop", "image"],
        "connect": ["ids"],
        "detach": ["desktop", "app"],
        "follow": ["ids"],
        "watch": ["kind"],
        "download_logs": ["ids", "folder"],
        "create": [
            "name",
            "image",
            "cores",
            "ram",
            "kind",
            "gpu",
            "cmd",
            "args",
            "env",
            "replicas",
        ],
        "destroy": ["ids"],
        "destroy_with": ["prefix"],
        "events": ["ids", "verbose"],
        "fetch": ["kind", "status"],
        "info": ["ids"],
        "logs": ["ids", "verbose"],
        "renew": ["ids"],
        "stats": [],
        "wait": ["ids"],
    }
