"""The example in every public docstring runs, awaiting where it does, and prints what it shows."""

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

import pytest

from canfar import batches, context, images, overview, sessions
from canfar.cli import main
from canfar.local.joining import default_state

MODULES = [sessions, batches, images, context, overview]
# All that the API reference shows, and what is below it.
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
SHOWN = {
    name
    for page in REFERENCE.glob("*.md")
    for name in re.findall(r"^::: ([\w.]+)$", page.read_text("utf-8"), re.MULTILINE)
}
OTHERS = SHOWN - {module.__name__ for module in MODULES} | {
    "canfar._core.filters",
    "canfar._core.replicas",
    "canfar.local.faulty",
    "canfar.settings",
}


def examples():
    for name in [module.__name__ for module in MODULES] + sorted(OTHERS):
        module = importlib.import_module(name)
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            if test.examples and test.name.startswith(name):
                yield pytest.param(test, id=test.name)


@pytest.fixture(autouse=True)
def _browser(monkeypatch):
    monkeypatch.setenv("BROWSER", "true")


@pytest.fixture
def _scene(request, monkeypatch, tmp_path, canfar_platform):
    """What the example asks of the world besides a platform."""
    name = request.node.callspec.params["test"].name
    monkeypatch.setenv("HOME", str(tmp_path))
    if name in {"canfar.authentication.login", "canfar.server.discover"}:
        request.getfixturevalue("credential_service")
        monkeypatch.setattr(getpass, "getpass", lambda: "s3cret é")
    yield
    if default_state().exists():  # `server.use("local")` started one
        main(["local", "stop"])


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


def test_every_public_method_has_one():
    for module in MODULES:
        for name in module.__all__:
            for method, member in inspect.getmembers(getattr(module, name), inspect.isfunction):
                if not method.startswith("_") and member.__module__ == module.__name__:
                    assert ">>> " in member.__doc__, f"{name}.{method}"
