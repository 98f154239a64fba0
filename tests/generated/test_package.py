"""The package as such: light, complete, the same in both ways of calling."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
import skaha_client
from every_operation import OPERATIONS, name
from skaha_client import api, models
from skaha_client.models import CreateSessionBody, PublicSession, Session
from skaha_client.types import UNSET, Model


def loaded_by(program: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(shown.stdout.split())


def test_an_operation_imports_no_model_and_nothing_heavy():
    loaded = loaded_by("from skaha_client.api.sessions import list_sessions, create_session")
    heavy = {"httpx", "attr", "attrs", "dateutil", "pydantic", "skaha_client.client"}
    assert loaded.isdisjoint(heavy)
    assert not any(module.startswith("skaha_client.models.") for module in loaded)


def test_a_client_imports_httpx_and_nothing_else_that_is_heavy():
    loaded = loaded_by("from skaha_client import Client")
    assert "httpx" in loaded
    assert loaded.isdisjoint({"attr", "attrs", "dateutil", "pydantic"})


def test_models_are_imported_one_by_one():
    loaded = loaded_by("from skaha_client.models import Session")
    below = {module for module in loaded if module.startswith("skaha_client.models.")}
    assert below == {"skaha_client.models.session"}
    assert "httpx" not in loaded


def test_every_module_can_be_imported():
    found = pkgutil.walk_packages(skaha_client.__path__, "skaha_client.")
    assert len([importlib.import_module(each.name) for each in found]) > 30


def test_there_is_an_operation_module_for_each_operation():
    found = {
        each.name
        for each in pkgutil.walk_packages(api.__path__, "skaha_client.api.")
        if not each.ispkg
    }
    assert found == {operation.__name__ for operation in OPERATIONS}


@pytest.mark.parametrize("package", [skaha_client, models])
def test_lazy_names_are_there(package):
    for each in package.__all__:
        assert getattr(package, each) is not None
    assert set(package.__all__) <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'Sesion'"):
        package.Sesion  # noqa: B018 - asking for it is the point


def test_it_says_that_it_is_typed():
    assert (Path(skaha_client.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_both_ways_of_calling_are_alike(operation):
    for suffix in "", "_detailed":
        sync = getattr(operation, f"sync{suffix}")
        later = getattr(operation, f"asyncio{suffix}")
        assert inspect.signature(sync) == inspect.signature(later)
        assert inspect.getdoc(sync) == inspect.getdoc(later)
        assert inspect.iscoroutinefunction(later)
        assert not inspect.iscoroutinefunction(sync)


def test_unset_is_one_and_false():
    assert copy.deepcopy([UNSET])[0] is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_models_are_compared_by_what_they_hold():
    session = Session.from_dict({"id": "a", "status": "Running", "extra": [1]})
    assert session == Session(id="a", status="Running", additional_properties={"extra": [1]})
    assert session != Session(id="a", status="Running")
    assert PublicSession.from_dict({"userid": "a", "type": "b", "status": "c"}) != session
    assert session != session.to_dict()
    assert pickle.loads(pickle.dumps(session)) == session
    assert copy.deepcopy(session) == session


def test_a_misspelt_argument_is_an_error():
    with pytest.raises(TypeError, match="nmae"):
        CreateSessionBody(nmae="a", image="i")


def test_no_repr_shows_what_may_be_secret():
    body = CreateSessionBody(name="a", image="i", cmd="hunter2", args="hunter2", env=["P=hunter2"])
    session = Session.from_dict(
        {
            "id": "a",
            "status": "Running",
            "connectURL": "https://h/session/desktop/a/?password=hunter2",
            "newPassword": "hunter2",
        }
    )
    assert repr(body) == (
        "CreateSessionBody(name='a', image='i', cmd=<hidden>, args=<hidden>, env=<hidden>)"
    )
    assert repr(session) == (
        "Session(id='a', status='Running', connect_url=<hidden>, newPassword=<hidden>)"
    )
    assert issubclass(Session, Model)
