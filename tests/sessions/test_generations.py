"""The same scenario with each generation of servers, in both colours."""

import pytest

from canfar.errors import BadReply, CanfarError, NotLoggedIn
from canfar.local import LocalPlatform
from canfar.sessions import connection_url

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture(params=["1.4", "1.0", "0.29"])
def older(request, make_session):
    with LocalPlatform(generation=request.param) as platform:
        root = platform.url.rpartition("/")[0]
        yield (
            platform,
            lambda **options: make_session(**{"url": root, "token": platform.token, **options}),
        )


def test_a_batch_goes_through(older):
    _, make = older
    session = make()
    ids = session.create("fit", IMAGE, command=["printenv", "REPLICA_ID"], replicas=3)

    became = session.wait(ids, timeout=60)

    assert {record.status for record in became} <= {"Completed", "Succeeded", "Gone"}
    assert [record.name for record in session.info(ids)] == ["fit-1", "fit-2", "fit-3"]
    assert list(session.logs(ids).values()) == ["1\n", "2\n", "3\n"]
    assert session.fetch(status="Succeeded").ids
    assert len(session.fetch(kind="headless", status="Completed")) == 3
    assert session.destroy(ids) == dict.fromkeys(ids, True)
    assert session.destroy("nosuch00") == {"nosuch00": False}


def test_records_read_alike(older):
    _, make = older
    session = make()
    ids = session.create("nb", IMAGE, kind="notebook", cores=2, ram=4)
    session.wait(ids, timeout=60)

    (record,) = session.info(ids)

    assert (record.kind, record.status, record.requested_cores) == ("notebook", "Running", 2)
    assert record.requested_ram == pytest.approx(4, abs=0.3)
    assert record.start_time is not None
    assert record.expiry_time > record.start_time
    assert record.connect_url.startswith("http")
    assert record.app_id is None
    assert record.is_fixed in {True, None}
    assert session.renew(ids) == {ids[0]: True}


def test_failures_read_alike(older):
    _, make = older
    session = make()
    bad = session.create("bad", IMAGE, cmd="false")

    assert session.wait(bad, timeout=60)[0].status.startswith("Failed")
    assert session.fetch(status="Error").ids == list(bad)
    assert session.info("nosuch00").errors
    with pytest.raises(NotLoggedIn):
        make(token=None).fetch()
    with pytest.raises(CanfarError, match="must come from one of"):
        session.create("bad", "docker.io/x/y:1", cmd="true")


def test_the_base_that_answers_is_found_and_kept(older):
    platform, make = older
    session = make()

    session.fetch()
    session.logs(["a", "b", "c"])

    assert session.url == platform.url


def test_an_address_that_is_no_server_is_named_as_given(canfar_platform, make_session):
    root = canfar_platform.url.rpartition("/skaha")[0]
    session = make_session(url=f"{root}/elsewhere", token="token")

    for _ in range(2):
        with pytest.raises(CanfarError, match="answered with a page") as caught:
            session.fetch()
        assert not isinstance(caught.value, BadReply)
    assert session.url == f"{root}/elsewhere/v1"


def test_the_generated_client_and_the_identity_name_the_base_that_answers(older):
    platform, make = older
    session = make()

    session.fetch()

    assert platform.url in repr(session.api)
    assert session.identity.server == platform.url


def test_what_has_no_page_has_no_address(older):
    _, make = older
    session = make()
    ids = session.create("job", IMAGE, cmd="sleep", args="300")
    ids += session.create("nb", IMAGE, kind="notebook")
    session.wait(ids, until="running", timeout=60)

    job, notebook = session.info(ids)

    assert connection_url(job) is None
    assert connection_url(notebook) == notebook.connect_url
