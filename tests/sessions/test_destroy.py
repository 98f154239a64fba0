"""destroy, destroy_with and renew."""

import re

import pytest

from canfar.errors import InvalidInput, RequestRefused

IMAGE = "images.canfar.net/skaha/astroml:latest"


def test_destroyed_sessions_are_gone(session):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300", replicas=3)

    assert session.destroy(ids) == dict.fromkeys(ids, True)
    assert session.fetch() == []


def test_a_desktop_app_is_not_taken_for_its_desktop(session):
    app = {"id": "abcdefgh", "appid": "xyz", "type": "desktop-app"}

    with pytest.raises(InvalidInput, match="desktop app of session 'abcdefgh'"):
        session.destroy([app])


@pytest.fixture
def named(session):
    done = session.create("test-a", IMAGE, cmd="true")
    done += session.create("test-b", IMAGE, cmd="true")
    done += session.create("other-test-c", IMAGE, cmd="true")
    session.wait(done)
    session.create("test-running", IMAGE, cmd="sleep", args="300")
    return session


def names(session):
    return {record.name for record in session.fetch()}


def test_a_prefix_is_literal_and_only_what_completed_goes(named):
    gone = named.destroy_with("test-")

    assert list(gone.values()) == [True, True]
    assert names(named) == {"other-test-c", "test-running"}


@pytest.mark.parametrize("status", ["Succeeded", "Completed"])
def test_both_words_for_success(named, status):
    assert len(named.destroy_with(prefix="test-", kind="headless", status=status)) == 2


def test_a_prefix_is_matched_in_lower_case(named):
    assert len(named.destroy_with("TEST-")) == 2


def test_any_status(named):
    assert len(named.destroy_with("test-", status=None)) == 3


def test_another_kind(named):
    assert named.destroy_with("test-", kind="notebook") == {}
    assert len(named.destroy_with("test-", kind=None)) == 2


def test_a_dry_run_destroys_nothing(named):
    would = named.destroy_with("test-", dry_run=True)

    assert {record.name for record in would} == {"test-a", "test-b"}
    assert len(names(named)) == 4


def test_a_regular_expression_has_to_be_said(named):
    with pytest.raises(InvalidInput, match="regex=True"):
        named.destroy_with("test.*")
    assert len(named.destroy_with("test.*", regex=True)) == 2


def test_a_compiled_pattern_is_a_regular_expression(named):
    assert len(named.destroy_with(re.compile("test-[a]"))) == 1


def test_a_pattern_matches_at_the_beginning_only(named):
    named.destroy_with("test-.", regex=True)

    assert "other-test-c" in names(named)


@pytest.mark.parametrize(("prefix", "regex"), [("", False), ("", True), (None, False), ("(", True)])
def test_prefixes_that_mean_nothing(session, prefix, regex):
    with pytest.raises(InvalidInput):
        session.destroy_with(prefix, regex=regex)


def test_renewing_gives_more_time(session):
    ids = session.create("nb", IMAGE, kind="notebook")
    session.wait(ids)
    before = session.info(ids)[0].expiry_time

    assert session.renew(ids) == {ids[0]: True}
    assert session.info(ids)[0].expiry_time >= before


def test_renewing_what_does_not_run_says_why(session):
    ids = session.create("done", IMAGE, cmd="true")
    session.wait(ids)

    renewed = session.renew(ids)

    assert renewed == {ids[0]: False}
    assert isinstance(renewed.errors[ids[0]], RequestRefused)
    assert "No active job" in str(renewed.errors[ids[0]])
