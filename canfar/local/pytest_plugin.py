"""A pytest fixture for anyone's tests: a Skaha of your own, started for one test.

Installing ``canfar[local]`` is all it takes: pytest finds the fixture by itself. Nothing but pytest
is imported until a test asks for it.

Example:
    A test of a script that starts sessions::

        from canfar.sessions import Session


        def test_my_script_finishes(canfar_platform):
            with Session() as session:
                ids = session.create("demo", cmd="echo", args="hello",
                                     image="images.canfar.net/skaha/astroml:latest")
                assert set(session.wait(ids)) == set(ids)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from canfar.local import LocalPlatform

__all__ = ["canfar_platform"]


@pytest.fixture
def canfar_platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPlatform]:
    """A running local platform that ``Session()`` finds without arguments.

    ``CANFAR_URL`` and ``CANFAR_TOKEN`` name it for as long as the test runs, in this process and in
    the programs it starts. Afterwards everything that the test started on it is ended and removed.
    The value is the :class:`canfar.local.LocalPlatform`: its ``url``, ``token``, ``home`` and
    ``advance(hours=...)`` are there for tests that need them.
    """
    from canfar.local import LocalPlatform  # noqa: PLC0415 - keeps every pytest run light

    with LocalPlatform() as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        yield platform
