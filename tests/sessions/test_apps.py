"""The apps of a desktop."""

from __future__ import annotations

import pytest

from canfar.errors import InvalidInput, NotFound


@pytest.fixture
def desktop(session):
    ids = session.create("desk", "skaha/desktop:1.1.2", kind="desktop")
    session.wait(ids)
    return ids[0]


def test_an_app_comes_and_goes(session, desktop):
    app = session.attach(desktop, "skaha/terminal:1.1.2", cores=1, ram=2)

    (record,) = session.apps(desktop)
    assert (record.app_id, record.id, record.kind) == (app, desktop, "desktop-app")
    assert session.detach(desktop, record) is True
    assert session.apps(desktop) == []
    assert session.detach(desktop, app) is False


def test_each_desktop_has_its_own_apps(session, desktop):
    ids = session.create("desk2", "skaha/desktop:1.1.2", kind="desktop")
    session.wait(ids)
    mine, others = (session.attach(each, "skaha/terminal:1.1.2") for each in (desktop, *ids))

    assert [each.app_id for each in session.apps(desktop)] == [mine]
    assert session.detach(desktop, others) is False
    assert [each.app_id for each in session.apps(ids)] == [others]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nope!", "skaha/terminal"), "not a session id"),
        (("abcd1234", "terminal"), "names no project"),
    ],
)
def test_values_that_make_no_sense(session, words, said):
    with pytest.raises(InvalidInput, match=said):
        session.attach(*words)


@pytest.mark.parametrize("options", [{"cores": 0}, {"ram": "much"}])
def test_resources_that_make_no_sense(session, options):
    with pytest.raises(InvalidInput, match=next(iter(options))):
        session.attach("abcd1234", "skaha/terminal", **options)


def test_an_app_that_is_none(session):
    with pytest.raises(InvalidInput, match="no app's id"):
        session.detach("abcd1234", "../x")


def test_a_desktop_that_is_not_there(session):
    with pytest.raises(NotFound):
        session.attach("abcd1234", "skaha/terminal")
