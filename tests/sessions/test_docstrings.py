"""The example in every public docstring runs, awaiting where it does, and prints what it shows."""

import ast
import asyncio
import contextlib
import doctest
import importlib
import inspect
import io

import pytest

from canfar import batches, context, images, overview, sessions

MODULES = [sessions, batches, images, context, overview]
OTHERS = [
    "canfar.errors",
    "canfar.models.batch",
    "canfar.models.config",
    "canfar.models.registry",
    "canfar.models.session",
    "canfar.helpers.distributed",
    "canfar._core.filters",
    "canfar._core.replicas",
    "canfar.settings",
]


def examples():
    for name in [module.__name__ for module in MODULES] + OTHERS:
        module = importlib.import_module(name)
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            if test.examples and test.name.startswith(name):
                yield pytest.param(test, id=test.name)


@pytest.fixture(autouse=True)
def _browser(monkeypatch):
    monkeypatch.setenv("BROWSER", "true")


@pytest.mark.parametrize("test", list(examples()))
def test_the_example_prints_what_it_shows(canfar_platform, test):
    """Like doctest, but each line may await."""

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
