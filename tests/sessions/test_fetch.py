"""fetch: which sessions come back for which filter."""

import pytest

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def some(session):
    done = session.create("done", IMAGE, cmd="true")
    failed = session.create("failed", IMAGE, cmd="false")
    running = session.create("running", IMAGE, cmd="sleep", args="300")
    notebook = session.create("nb", IMAGE, kind="notebook")
    session.wait(done + failed)
    session.wait(running + notebook, until="running")
    return session


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, {"done", "failed", "running", "nb"}),
        ({"kind": "notebook"}, {"nb"}),
        ({"kind": "Notebook"}, {"nb"}),
        ({"kind": ["notebook", "carta"]}, {"nb"}),
        ({"kind": "carta"}, set()),
        ({"status": "Running"}, {"running", "nb"}),
        ({"status": "Completed"}, {"done"}),
        ({"status": "Succeeded"}, {"done"}),
        ({"status": "Failed"}, {"failed"}),
        ({"status": "Error"}, {"failed"}),
        ({"status": ["Completed", "Failed"]}, {"done", "failed"}),
        ({"kind": "headless", "status": "running"}, {"running"}),
        ({"kind": "notebook", "status": "Running"}, {"nb"}),
        ({"view": "interactive"}, {"nb"}),
        ({"view": "interactive", "kind": "carta"}, set()),
    ],
)
def test_filters(some, filters, names):
    assert {record["name"] for record in some.fetch(**filters)} == names


def test_everybodys_sessions_have_no_ids(some):
    everybody = some.fetch(view="all")

    assert len(everybody) == 4
    assert {frozenset(record) for record in everybody} == {
        frozenset({"userid", "type", "status", "startTime"})
    }


def test_nothing_to_list(session):
    assert session.fetch() == []
    assert str(session.fetch()) == "[]"


def test_the_address_of_a_session_that_runs(some):
    from canfar.sessions import connection_url

    addresses = {record.name: connection_url(record) for record in some.fetch()}

    assert addresses.pop("nb").startswith("http://127.0.0.1")
    assert set(addresses.values()) == {None}
