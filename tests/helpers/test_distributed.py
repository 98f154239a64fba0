"""chunk, stripe and balanced: every item goes to exactly one replica."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canfar.helpers.distributed import balanced, chunk, stripe

WAYS = [balanced, chunk, stripe]
items = st.lists(st.integers(), max_size=300)
totals = st.integers(1, 40)


@pytest.mark.parametrize("share", WAYS)
@given(items=items, total=totals)
def test_nothing_is_lost_and_nothing_is_done_twice(share, items, total):
    shares = [list(share(items, replica, total)) for replica in range(1, total + 1)]

    assert sorted(each for one in shares for each in one) == sorted(items)


@given(items=items, total=totals)
def test_neighbours_stay_together_and_in_order(items, total):
    for share in (balanced, chunk):
        assert [x for r in range(1, total + 1) for x in share(items, r, total)] == items


@given(items=items, total=totals)
def test_balanced_gives_no_one_more_than_one_item_extra(items, total):
    sizes = [len(list(balanced(items, replica, total))) for replica in range(1, total + 1)]

    assert max(sizes) - min(sizes) <= 1


def test_chunk_gives_the_remainder_to_the_last_as_canfar_1_does():
    sizes = [len(list(chunk(range(199), replica, 100))) for replica in range(1, 101)]

    assert sizes == [1] * 99 + [100]


def test_chunk_gives_one_each_when_items_are_few():
    assert [list(chunk("abc", replica, 5)) for replica in range(1, 6)] == [
        ["a"],
        ["b"],
        ["c"],
        [],
        [],
    ]


@pytest.mark.parametrize("share", WAYS)
def test_the_environment_says_which_replica_this_is(share, monkeypatch):
    monkeypatch.setenv("REPLICA_ID", "2")
    monkeypatch.setenv("REPLICA_COUNT", "3")

    assert list(share("abc")) == ["b"]


@pytest.mark.parametrize("share", WAYS)
def test_outside_a_replica_everything_is_ones_own(share):
    assert list(share("abc")) == ["a", "b", "c"]


@pytest.mark.parametrize("share", [balanced, chunk])
@pytest.mark.parametrize(("replica", "total"), [(0, 3), (4, 3), (1, 0), (-1, 3)])
def test_a_replica_that_cannot_be(share, replica, total):
    with pytest.raises(ValueError, match="replica must be between"):
        share("abc", replica, total)


@pytest.mark.parametrize("replica", [0, 4, -1])
def test_stripe_gives_nothing_to_a_replica_that_cannot_be(replica):
    assert list(stripe("abc", replica, 3)) == []


def test_stripe_needs_a_total():
    with pytest.raises(ValueError, match="total must be at least 1"):
        stripe("abc", 1, 0)


def test_stripe_takes_an_endless_iterable():
    def endless():
        n = 0
        while True:
            yield n
            n += 1

    share = stripe(endless(), 2, 3)
    assert [next(share), next(share)] == [1, 4]


@pytest.mark.parametrize("share", WAYS)
def test_a_replica_that_does_not_know_how_many_there_are(share, monkeypatch):
    monkeypatch.setenv("REPLICA_ID", "2")

    with pytest.raises(ValueError, match=r"REPLICA_ID is 2 and REPLICA_COUNT is not set.*total="):
        share("abc")
    assert list(share("abc", total=3)) == ["b"]
    assert list(share("abc", 1)) == ["a", "b", "c"]


@pytest.mark.parametrize("share", WAYS)
@pytest.mark.parametrize("name", ["REPLICA_ID", "REPLICA_COUNT"])
@pytest.mark.parametrize("value", ["x", "", "1.5"])
def test_variables_that_are_no_numbers(share, name, value, monkeypatch):
    monkeypatch.setenv("REPLICA_ID", "1")
    monkeypatch.setenv("REPLICA_COUNT", "3")
    monkeypatch.setenv(name, value)

    with pytest.raises(ValueError, match=f"{name} must be a whole number, not {value!r}"):
        share("abc")


@pytest.mark.parametrize("share", [balanced, chunk])
def test_variables_that_do_not_go_together(share, monkeypatch):
    monkeypatch.setenv("REPLICA_ID", "4")
    monkeypatch.setenv("REPLICA_COUNT", "3")

    with pytest.raises(
        ValueError, match="REPLICA_ID must be between 1 and REPLICA_COUNT, which is 3, not 4"
    ):
        share("abc")
    with pytest.raises(ValueError, match="REPLICA_ID must be between 1 and the total of 2, not 4"):
        share("abc", total=2)
    with pytest.raises(ValueError, match="replica must be between 1 and REPLICA_COUNT, which is 3"):
        share("abc", 5)
