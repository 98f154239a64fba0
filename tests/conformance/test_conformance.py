"""Every case of every subject, against a server.

Against the local platform it runs with all other tests. Against another server:
``CANFAR_URL=https://HOST/skaha/v1 CANFAR_TOKEN=... python3 tasks.py test tests/conformance``; what
that server can't be asked is skipped and says why, and what was created on it is removed again.
"""

from __future__ import annotations

import re
from collections import Counter

import httpx
import pytest
from conformance_server import compare
from skaha_cases import SUBJECTS
from skaha_cases.vocabulary import ASSUMED, JSON, SOURCE, Reply, text

CASES = [
    pytest.param(case, id=f"{subject.title}: {case.name}")
    for subject in SUBJECTS
    for fact in subject.facts
    for case in fact.cases
]


@pytest.mark.parametrize("case", CASES)
def test_the_server_answers_as_skaha_does(case, server):
    server.hold_to(case)


def test_every_fact_says_where_it_is_from():
    for subject in SUBJECTS:
        for fact in subject.facts:
            assert fact.cases, fact.what
            assert fact.origin in {SOURCE, ASSUMED} or fact.origin.startswith("seen on "), fact.what
            assert re.fullmatch(r"\d(\.\d+)?(, \d(\.\d+)?)*", fact.section), fact.what
            assert fact.what.endswith("."), fact.what


def test_no_two_cases_or_facts_have_one_name():
    facts = Counter(fact.what for subject in SUBJECTS for fact in subject.facts)
    assert [what for what, number in facts.items() if number > 1] == []
    for subject in SUBJECTS:
        for fact in subject.facts:
            names = [case.name for case in fact.cases]
            assert len(set(names)) == len(names), fact.what


def test_the_suite_is_as_large_as_was_promised():
    assert len(CASES) >= 250


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (httpx.Response(201, text="a", headers={"Content-Type": "text/plain"}), text("a")),
        (httpx.Response(200, text="a"), text("a")),
        (httpx.Response(200, text="a\n", headers={"Content-Type": "text/plain"}), text("a")),
        (httpx.Response(200, text="b", headers={"Content-Type": "text/plain"}), text("a")),
        (httpx.Response(200, text="a", headers={"Content-Type": "text/plain"}), text("a", X="1")),
        (httpx.Response(200, content=b"{}"), Reply(200, JSON)),
        (httpx.Response(200, json=[{"id": "b"}]), Reply(200, JSON, holds=["a"])),
        (httpx.Response(200, json=[{"id": "b"}]), Reply(200, JSON, lacks=["b"])),
        (httpx.Response(200, json=[{"id": "b"}]), Reply(200, JSON, each=["name"])),
        (httpx.Response(200, json={"id": "b"}), Reply(200, JSON, without=["id"])),
        (httpx.Response(200, json={"id": "b"}), Reply(200, JSON, fields={"id": "c"})),
        (httpx.Response(200, json={"id": 1}), Reply(200, JSON, fields={"id": True})),
        (httpx.Response(200, json={"id": "b", "a": 1}), Reply(200, JSON, keys=("a", "id"))),
        (httpx.Response(200, json=[]), Reply(200, JSON, json=[1])),
    ],
)
def test_a_reply_that_is_not_what_was_wanted_is_told(reply, wanted):
    with pytest.raises(AssertionError):
        compare(reply, wanted, {})
