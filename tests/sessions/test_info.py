"""info, logs, events: one outcome per id, whatever way the ids are given."""

import json

import pytest

from canfar.errors import NotFound, SessionRequestError

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def ids(session):
    ids = session.create("fit", IMAGE, cmd="echo", args="hello", replicas=3)
    session.wait(ids)
    return ids


WAYS = {
    "an id": lambda session, ids: ids[0],
    "a list": lambda session, ids: list(ids),
    "a tuple": lambda session, ids: tuple(ids),
    "a set": lambda session, ids: set(ids),
    "a generator": lambda session, ids: (each for each in ids),
    "what create returned": lambda session, ids: ids,
    "what fetch returned": lambda session, ids: session.fetch(),
    "what info returned": lambda session, ids: session.info(ids),
    "one record": lambda session, ids: session.info(ids)[1],
    "what logs returned": lambda session, ids: session.logs(ids),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_give_ids(session, ids, way):
    given = WAYS[way](session, ids)
    expected = 1 if way in {"an id", "one record"} else 3

    assert len(session.info(WAYS[way](session, ids))) == expected
    assert len(session.logs(WAYS[way](session, ids))) == expected
    assert len(session.events(given)) == expected


def test_info_keeps_the_order_of_the_ids(session, ids):
    backwards = list(reversed(ids))

    assert [record.id for record in session.info(backwards)] == backwards


def test_an_unknown_id_is_missing_and_named(session, ids, caplog):
    found = session.info([ids[0], "nosuch00", ids[1]])

    assert found.ids == [ids[0], ids[1]]
    assert list(found.errors) == ["nosuch00"]
    assert isinstance(found.errors["nosuch00"], NotFound)
    assert [outcome.ok for outcome in found.outcomes] == [True, False, True]
    (warning,) = [r for r in caplog.records if r.name == "canfar.sessions.failures"]
    assert "nosuch00" in warning.getMessage()


def test_an_unknown_id_raises_when_asked_to(session, ids):
    with pytest.raises(SessionRequestError, match="nosuch00") as caught:
        session.info([ids[0], "nosuch00"], errors="raise")

    assert caught.value.results.ids == [ids[0]]


def test_raise_for_errors(session, ids):
    assert session.info(ids).raise_for_errors().ids == list(ids)
    with pytest.raises(SessionRequestError):
        session.info("nosuch00").raise_for_errors()


def test_logs_are_a_plain_dict(session, ids):
    logs = session.logs(ids)

    assert logs == dict.fromkeys(ids, "hello\n")
    assert json.loads(json.dumps(logs)) == dict(logs)


def test_events_name_what_the_platform_did(session, ids):
    events = session.events(ids)

    assert [list(each) for each in events] == [[each] for each in ids]
    assert all(text.startswith("TYPE") for each in events for text in each.values())


def test_events_of_an_unknown_session_are_an_error(session):
    events = session.events("nosuch00")

    assert events == []
    assert isinstance(events.errors["nosuch00"], NotFound)


def test_verbose_prints_and_still_returns(session, ids, capsys):
    logs = session.logs(ids, verbose=True)
    events = session.events(ids[0], verbose=True)

    printed = capsys.readouterr().out
    assert logs[ids[2]] == "hello\n"
    assert all(f"==> {each} <==\nhello\n" in printed for each in ids)
    assert events[0][ids[0]].splitlines()[0] in printed


def test_nothing_is_printed_otherwise(session, ids, capsys):
    session.logs(ids)
    session.events(ids)
    session.info(ids)

    assert capsys.readouterr() == ("", "")


def test_many_ids_cost_one_request(session, ids, canfar_platform, monkeypatch):
    urls = []
    from canfar._core import info

    original = info.request
    monkeypatch.setattr(info, "request", lambda each: urls.append(each) or original(each))

    session.info(ids)

    assert urls == []
