"""create: what arrives in the session, what comes back."""

import pytest

from canfar.errors import (
    ImageNotAllowed,
    OptionNotOffered,
    QuotaReached,
    RegistryLoginNeeded,
    SessionRequestError,
)
from canfar.models.config import Configuration
from canfar.models.registry import ContainerRegistry
from canfar.models.session import CreateRequest

IMAGE = "images.canfar.net/skaha/astroml:latest"


def output(session, ids):
    session.wait(ids, timeout=60)
    return list(session.logs(ids).values())


def test_one_session_gives_a_list_of_one_id(session):
    ids = session.create("one", IMAGE, cmd="echo", args="hello")

    assert isinstance(ids, list)
    assert len(ids) == 1
    assert session.info(ids)[0]["name"] == "one"
    assert ids.ok
    assert output(session, ids) == ["hello\n"]


def test_replicas_are_numbered_in_name_and_environment(session):
    ids = session.create(
        name="fit", image=IMAGE, cmd="printenv", args=["REPLICA_ID", "REPLICA_COUNT"], replicas=3
    )

    assert [record.name for record in session.info(ids)] == ["fit-1", "fit-2", "fit-3"]
    assert output(session, ids) == ["1\n3\n", "2\n3\n", "3\n3\n"]
    assert [outcome.about for outcome in ids.outcomes] == [1, 2, 3]


def test_one_replica_has_its_variables_and_a_plain_name(session):
    ids = session.create("solo", IMAGE, cmd="printenv", args="REPLICA_ID REPLICA_COUNT")

    assert session.info(ids)[0].name == "solo"
    assert output(session, ids) == ["1\n1\n"]


@pytest.mark.parametrize("args", ["a b", ["a", "b"], ("a", "b")])
def test_arguments_are_a_string_or_a_list(session, args):
    assert output(session, session.create("say", IMAGE, cmd="echo", args=args)) == ["a b\n"]


def test_environment_values_arrive(session):
    ids = session.create(
        "env", IMAGE, cmd="printenv", args="SURVEY N", env={"SURVEY": "vlass", "N": 3}
    )

    assert output(session, ids) == ["vlass\n3\n"]


def test_fixed_resources_are_asked_for(session):
    ids = session.create("fixed", IMAGE, cores=2, ram=4, cmd="true")

    record = session.info(ids)[0]
    assert (record.is_fixed, record.requested_cores, record.requested_ram) == (True, 2, 4.29)


def test_a_request_holds_it_all(session):
    request = CreateRequest(name="held", image=IMAGE, cmd="echo", args=["held"], replicas=2)

    assert output(session, session.create(request)) == ["held\n", "held\n"]


def test_a_request_beside_options_is_an_error(session):
    with pytest.raises(TypeError, match="also cores"):
        session.create(CreateRequest(name="a", image=IMAGE), cores=2)


def test_an_image_is_needed(session):
    with pytest.raises(TypeError, match="needs an image"):
        session.create("a")


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("skaha/astroml", "images.canfar.net/skaha/astroml:latest"),
        ("skaha/astroml:latest", "images.canfar.net/skaha/astroml:latest"),
        ("images.canfar.net/skaha/astroml", "images.canfar.net/skaha/astroml:latest"),
    ],
)
def test_short_images_are_completed(session, short, full):
    ids = session.create("short", short, cmd="true")

    assert session.info(ids)[0].image == full


def test_the_servers_reason_is_the_message(session):
    with pytest.raises(ImageNotAllowed, match="must come from one of") as caught:
        session.create("bad", "docker.io/library/python:3", cmd="true")

    assert caught.value.status_code == 400
    assert caught.value.server_text.startswith("session image 'docker.io/library/python:3'")
    assert caught.value.about == 1


def test_an_unknown_image_says_what_to_do(session):
    with pytest.raises(RegistryLoginNeeded, match="ContainerRegistry"):
        session.create("bad", "images.canfar.net/mine/secret:1", cmd="true")


def test_a_private_image_goes_with_the_registry_login(canfar_platform, make_session):
    config = Configuration(registry=ContainerRegistry(username="ada", secret="s3cret"))
    session = make_session(url=canfar_platform.url, token=canfar_platform.token, config=config)

    assert session.create("ok", "images.canfar.net/mine/secret:1", cmd="true").ok


def test_an_option_that_is_not_offered(session):
    with pytest.raises(OptionNotOffered, match="resources"):
        session.create("big", IMAGE, cores=999, cmd="true")


def test_the_quota_names_itself(session):
    session.create("nb", IMAGE, kind="notebook", replicas=5)

    with pytest.raises(QuotaReached, match="maximum of 5"):
        session.create("nb", IMAGE, kind="notebook")


def test_what_started_comes_back_with_what_failed(session, caplog):
    ids = session.create("nb", IMAGE, kind="notebook", replicas=7)

    assert len(ids) == 5
    assert len(ids.outcomes) == 7
    assert all(isinstance(error, QuotaReached) for error in ids.errors.values())
    assert len(ids.errors) == 2
    (warning,) = [r for r in caplog.records if r.name == "canfar.sessions.failures"]
    assert "2 of 7 failed" in warning.getMessage()


def test_partial_failure_raises_when_asked_to(session):
    with pytest.raises(SessionRequestError, match="create met 2 failures") as caught:
        session.create("nb", IMAGE, kind="notebook", replicas=7, errors="raise")

    assert len(caught.value.results) == 5
    assert caught.value.operation == "create"
    assert set(caught.value.errors) <= set(range(1, 8))
