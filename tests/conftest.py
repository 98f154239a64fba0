"""What every test can ask for: a platform of its own, and a session in either colour."""

from __future__ import annotations

import asyncio
import inspect
import os

import pytest
from gate import gate  # noqa: F401 - a fixture for all
from hurry import hurry  # noqa: F401 - a fixture for all
from hypothesis import HealthCheck, settings
from real_tls import (  # noqa: F401 - fixtures for all
    authority,
    credential_service,
    serve,
    shared_authority,
    skaha,
    strangers,
)
from spec_validation import _replies_are_as_the_spec_says, watched_replies  # noqa: F401 - for all

from canfar.context import AsyncContext, Context
from canfar.images import AsyncImages, Images
from canfar.overview import AsyncOverview, Overview
from canfar.sessions import AsyncSession, Session

# No test asserts a time. What hypothesis knows for itself where CI is set holds everywhere.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # Those that take long have a limit of their own. Begun first, none of them is what a worker
    # is still at when the others have nothing left to do.
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


class Awaited:
    """An asyncio client whose methods a test calls as if they were plain ones."""

    def __init__(self, client, runner):
        self._client = client
        self._runner = runner

    def __getattr__(self, name):
        member = getattr(self._client, name)
        if not inspect.iscoroutinefunction(member):
            return member
        return lambda *args, **kwargs: self._runner.run(member(*args, **kwargs))


@pytest.fixture(params=["sync", "asyncio"])
def colour(request):
    """Make clients of one colour after the other: ``colour(Session, AsyncSession, **options)``."""
    made = []
    if request.param == "sync":

        def plain(kind, _, **options):
            made.append(kind(**options))
            return made[-1]

        yield plain
        for client in made:
            client.close()
        return
    with asyncio.Runner() as runner:

        def awaited(_, kind, **options):
            made.append(Awaited(kind(**options), runner))
            return made[-1]

        yield awaited
        for client in made:
            client.aclose()


@pytest.fixture
def make_session(colour):
    """Make a session of the colour under test, with options."""
    return lambda **options: colour(Session, AsyncSession, **options)


@pytest.fixture
def session(canfar_platform, make_session):
    """A session on a platform of the test's own, in one colour after the other."""
    return make_session(url=canfar_platform.url, token=canfar_platform.token)


@pytest.fixture
def images(canfar_platform, colour):
    return colour(Images, AsyncImages)


@pytest.fixture
def context(canfar_platform, colour):
    return colour(Context, AsyncContext)


@pytest.fixture
def overview(canfar_platform, colour):
    return colour(Overview, AsyncOverview)


@pytest.fixture(scope="session")
def _empty_home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch, tmp_path_factory, _empty_home):
    for name in os.environ:
        if name.startswith("CANFAR_") and name != "CANFAR_RECORD":
            monkeypatch.delenv(name)
    for name in (
        "REPLICA_ID",
        "REPLICA_COUNT",
        "skaha_hostname",
        "skaha_sessionid",
        "NETRC",
        "PYTEST_ADDOPTS",
    ):
        monkeypatch.delenv(name, raising=False)
    # A login that the developer keeps is not to be used, and least of all to be changed.
    monkeypatch.setenv("HOME", str(_empty_home))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    configuration = tmp_path_factory.mktemp("configuration", numbered=True)
    monkeypatch.setenv("CANFAR_CONFIG", str(configuration / "config.yaml"))
