"""The order of the house: what uses what, without circles."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEBSITE = str(ROOT / "scripts" / "website")


@pytest.fixture
def drawing(monkeypatch):
    pytest.importorskip("grimp", reason="the dependency group `docs` isn't installed")
    monkeypatch.syspath_prepend(WEBSITE)
    import house_picture

    yield house_picture
    sys.modules.pop("house_picture")


def package(folder, **modules):
    name = folder.name
    (folder / "__init__.py").touch()
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text.replace("HOUSE", name))


def test_nothing_is_loaded_in_a_circle(drawing):
    house = drawing.look(*drawing.PACKAGES)

    assert house.circles == []
    assert {"_core", "skaha_client"} <= drawing.reached("cli", house.edges)


def test_the_plans_know_neither_http_nor_who_carries_them_out(drawing):
    below = drawing.reached("_core", drawing.look(*drawing.PACKAGES).edges)

    assert below <= {"_secrets", "errors", "models", "pictures", "skaha_client"}


def test_whoever_sends_is_told_who_one_is(drawing):
    ways_back = {user for user, _ in drawing.look(*drawing.PACKAGES).back}

    # Configuration reads its file when it is asked; a chosen server is asked what it offers.
    assert ways_back == {"models", "server"}


def test_the_generated_package_and_the_local_platform_use_nothing_of_the_client(drawing):
    edges = drawing.look(*drawing.PACKAGES).edges

    assert edges["skaha_client"] == set()
    assert edges["local"] <= {"errors"}


def test_who_is_loaded_in_a_circle_is_found(drawing, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(drawing, "room", lambda module: module.rpartition(".")[2])
    (tmp_path / "circular_house").mkdir()
    package(tmp_path / "circular_house", a="import HOUSE.b", b="import HOUSE.c", c="import HOUSE.a")
    house = drawing.look("circular_house")

    assert {user for user, _ in house.circles} == {"a", "b", "c"}


def test_an_import_at_a_call_may_lead_back(drawing, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(drawing, "room", lambda module: module.rpartition(".")[2])
    (tmp_path / "lazy_house").mkdir()
    package(tmp_path / "lazy_house", a="import HOUSE.b", b="def f():\n    import HOUSE.a\n")
    house = drawing.look("lazy_house")

    assert (house.circles, house.back) == ([], [("b", "a")])
    assert house.edges == {"a": {"b"}, "b": set()}


def test_the_picture_has_every_room_once(drawing):
    picture = drawing.house_picture()
    house = drawing.look(*drawing.PACKAGES)

    assert picture.count("<rect") == len(house.edges)
    assert picture.count('class="back"') == len(house.back)
