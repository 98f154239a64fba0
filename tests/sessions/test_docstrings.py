"""What docstrings say is complete, and their examples run, awaiting where they do."""

import ast
import asyncio
import contextlib
import doctest
import getpass
import importlib
import inspect
import io
import re
from pathlib import Path

import attrs
import pytest

from canfar import config
from canfar.cli import main
from canfar.local.joining import default_state
from canfar.models.login import OIDCLogin, OIDCToken, X509Login

ROOT = Path(__file__).parents[2]
# All that the API reference shows.
SHOWN = {
    name
    for page in (ROOT / "docs" / "reference").glob("*.md")
    for name in re.findall(r"^::: ([\w.]+)$", page.read_text("utf-8"), re.MULTILINE)
}


# --- examples ------------------------------------------------------------------------

EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "canfar").rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)
CLIENTS = re.compile(r"(Client|Session|Images|Context|Overview)\(|server\.a?use\(|diagnose\(")
SERVICE = re.compile(r"a?login\(|a?discover\(")
KEPT = re.compile(r"authentication\.(use|show|list|remove|purge)\(")


def examples():
    for name in EXAMPLES:
        module = importlib.import_module(name)
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            if test.examples and test.name.startswith(name):
                yield pytest.param(test, id=test.name)


@pytest.fixture(autouse=True)
def _browser(monkeypatch):
    monkeypatch.setenv("BROWSER", "true")


@pytest.fixture
def _scene(request, monkeypatch, tmp_path):
    """What the example asks of the world."""
    test = request.node.callspec.params["test"]
    source = "".join(example.source for example in test.examples)
    monkeypatch.setenv("HOME", str(tmp_path))
    if CLIENTS.search(source):
        request.getfixturevalue("canfar_platform")
    if SERVICE.search(source):
        request.getfixturevalue("credential_service")
        monkeypatch.setattr(getpass, "getpass", lambda: "s3cret é")
    if KEPT.search(source) and test.name != "canfar.authentication":
        keep_logins(tmp_path)
    yield
    if default_state().exists():  # `server.use("local")` started one
        main(["local", "stop"])


def keep_logins(folder):
    """Be logged in with a certificate, and before that with a token."""
    path, token = folder / "cadcproxy.pem", OIDCToken(access="s3cret", token_type="Bearer")
    with config.edit() as draft:
        draft.put_login("cadc", X509Login(idp="cadc", path=path, expiry=1.0))
        draft.put_login("srcnet", OIDCLogin(idp="srcnet", token=token))
        draft.activate(authentication="cadc", server=None)


@pytest.mark.usefixtures("_scene")
@pytest.mark.parametrize("test", list(examples()))
def test_the_example_prints_what_it_shows(test):
    """Like doctest, but each line may await, and what doctest is told to skip is run as well."""

    async def run():
        namespace = dict(test.globs, __name__="__main__")
        for example in test.examples:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                code = compile(example.source, test.name, "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                result = eval(code, namespace)  # noqa: S307 - our own examples
                if inspect.iscoroutine(result):
                    await result
            assert doctest.OutputChecker().check_output(
                example.want, printed.getvalue(), doctest.ELLIPSIS
            ), f"{example.source}shows {example.want!r} and prints {printed.getvalue()!r}"

    asyncio.run(run())


# --- what they say -------------------------------------------------------------------


def promised(name):
    """What a module promises: {name: module, class, function, method or property}."""
    module = importlib.import_module(name)
    found = {name: module}
    for each in getattr(module, "__all__", None) or named_in(module):
        member = getattr(module, each)
        if inspect.isclass(member):
            found[f"{name}.{each}"] = member
            found |= {f"{name}.{each}.{key}": own for key, own in members(member).items()}
        elif inspect.isfunction(member):
            found[f"{name}.{each}"] = member
    return found


def named_in(module):
    return [
        name
        for name, member in vars(module).items()
        if name[0] != "_" and getattr(member, "__module__", "") == module.__name__
    ]


def members(kind):
    """What a class lets people use, be it a classmethod, a property, or from a class above it."""
    found = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("canfar"):
            found |= vars(base)
    usual = (property, classmethod, staticmethod)
    return {
        name: member
        for name, member in found.items()
        if name[0] != "_" and (inspect.isfunction(member) or isinstance(member, usual))
    }


def section(docstring, *headings):
    """What stands below one of these headings."""
    below = re.search(rf"^(?:{'|'.join(headings)}):\n((?:    .*\n|\n)*)", docstring, re.MULTILINE)
    return inspect.cleandoc(f"\n{below[1]}") if below else ""


def entries(text):
    """The entries of a section by name; "a, b: ..." is an entry for both."""
    parts = re.split(r"^([\w, ]+): ", f"{text}\n", flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {name: said for names, said in pairs for name in names.split(", ")}


def parameters(thing):
    """The names of what a function or a class takes."""
    if attrs.has(thing):
        return [each.name for each in attrs.fields(thing) if each.init]
    if inspect.isclass(thing):
        if "__init__" not in vars(thing):
            return []
        thing = thing.__init__
    taken = inspect.signature(thing).parameters
    return [name for name in taken if name not in {"self", "cls"}]


UNITS = {
    "days": "ays",
    "deadline": "econds",
    "memory": "GiB",
    "ram": "GB",
    "retry_after": "econds",
    "seconds": "econds",
    "timeout": "econds",
}


def missing(thing):
    """What the house's rule for docstrings asks for, and this one does not have."""
    routine = getattr(thing, "__func__", thing)
    docstring = f"{inspect.cleandoc(routine.__doc__ or '')}\n"
    if not docstring.strip():
        yield "docstring"
    if inspect.ismodule(thing) or isinstance(thing, property):
        return
    said = entries(section(docstring, "Args", "Attributes"))
    for name in parameters(routine):
        if name not in said:
            yield name
        elif UNITS.get(name, "") not in said[name]:
            yield f"unit of {name}"
    error = inspect.isclass(thing) and issubclass(thing, Exception)
    # What makes an error is a page of its own, docs/errors.md.
    if ">>> " not in section(docstring, "Example") and not error:
        yield "example"
    if not inspect.isclass(thing):
        returned = inspect.signature(routine).return_annotation
        if returned not in {None, "None"} and not section(docstring, "Returns", "Yields"):
            yield "what it returns"


@pytest.mark.parametrize("module", ["canfar", *sorted(SHOWN)])
def test_a_docstring_says_what_one_has_to_know(module):
    found = {name: list(missing(thing)) for name, thing in promised(module).items()}

    assert {name: lacks for name, lacks in found.items() if lacks} == {}


def test_the_walk_sees_all_kinds_of_members():
    """What is looked for in other ways is easily passed over."""
    seen = promised("canfar.batches") | promised("canfar.local") | promised("canfar.retry")

    assert seen.keys() >= {
        "canfar.batches",
        "canfar.batches.Batch.from_json",
        "canfar.batches.Batch.keep",
        "canfar.batches.Batch.name",
        "canfar.local.LocalPlatform.cut",
        "canfar.local.transport",
        "canfar.retry.RetryPolicy.pause",
    }
