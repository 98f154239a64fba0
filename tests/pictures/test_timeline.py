"""The timeline: every replica is in it, where it belongs, and it is a sound file."""

from __future__ import annotations

import math
import re

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from canfar.pictures.timeline import Bar, timeline

SVG = "{http://www.w3.org/2000/svg}"


def read(bars, count, now=100.0, title="fit"):
    return ElementTree.fromstring(timeline(bars, count=count, title=title, now=now))


def rects(root, mark):
    return [
        {key: float(each.get(key)) for key in ("x", "y", "width", "height")}
        for each in root.iter(f"{SVG}rect")
        if each.get("class") == mark and each.get("rx") != "2" and float(each.get("x")) < 874
    ]


def done(number, submitted, started, ended, state="Completed"):
    return Bar(
        number=number, state=state, submitted=submitted, started=started, ended=ended, over=True
    )


def test_waiting_and_running_are_to_scale():
    root = read([done(1, 0, 20, 100), done(2, 50, 60, 80)], 2)

    (waited1, waited2), (ran1, ran2) = rects(root, "w"), rects(root, "c")
    pixels = (ran1["x"] + ran1["width"] - waited1["x"]) / 100
    assert math.isclose(waited1["width"], 20 * pixels, abs_tol=0.1)
    assert math.isclose(ran1["width"], 80 * pixels, abs_tol=0.1)
    assert math.isclose(ran2["x"], waited1["x"] + 60 * pixels, abs_tol=0.1)
    assert math.isclose(waited2["x"], waited1["x"] + 50 * pixels, abs_tol=0.1)
    assert ran2["y"] > ran1["y"] + ran1["height"]


def test_what_runs_is_drawn_up_to_now():
    root = read([Bar(number=1, state="Running", submitted=0, started=0)], 1, now=50)

    (running,) = rects(root, "r")
    assert running["x"] + running["width"] == pytest.approx(874)


def test_the_legend_counts_by_the_last_attempt():
    bars = [done(1, 0, 1, 2, "Failed"), done(1, 3, 4, 9), done(2, 0, 1, 2, "Error")]

    text = " ".join(each.text or "" for each in read(bars, 4).iter(f"{SVG}text"))

    assert "1 completed" in text
    assert "1 failed" in text
    assert "2 not started" in text
    assert "4 replicas" in text


def test_each_bar_of_a_small_batch_says_what_it_is():
    bar = Bar(
        number=7, state="Failed", submitted=0, started=5, ended=80, over=True, reason="no <more>"
    )

    titles = [each.text for each in read([bar], 7).iter(f"{SVG}title")]

    assert "replica 7: failed, waited 5 s, ran 1 min 15 s, no <more>" in titles


def test_a_hostile_name_is_only_text():
    svg = timeline([], count=1, title="</title><script>alert(1)</script>", now=0)

    assert "<script" not in svg
    ElementTree.fromstring(svg)


@pytest.mark.parametrize("count", [1000, 3000])
def test_a_thousand_are_all_there_in_a_small_file(count):
    bars = [done(n, n / 10, n / 10 + 5, n / 10 + 60) for n in range(1, count + 1)]
    bars[41] = done(42, 4, 9, 20, "Failed")

    svg = timeline(bars, count=count, title="many", now=500)

    (ran,) = re.findall(r'<path class="c" d="([^"]*)"', svg)
    assert ran.count("M") == count - 1
    (failed,) = re.findall(r'<path class="f" d="([^"]*)"', svg)
    assert failed.count("M") == 1
    # It is marked in the margin too, where it can be seen.
    root = ElementTree.fromstring(svg)
    marks = [each for each in root.iter(f"{SVG}rect") if each.get("x") == "882"]
    assert [float(mark.get("height")) >= 2.5 for mark in marks] == [True]
    assert float(root.get("height")) < 900
    assert len(svg) < 100 * count + 10_000


def test_it_shows_no_end_that_nobody_saw():
    root = read([Bar(number=1, state="Gone", submitted=0, started=10, over=True)], 1)

    (gone,) = rects(root, "g")
    assert gone["width"] == 4


moments = st.none() | st.floats(-1e9, 1e9)


@settings(max_examples=60)
@given(
    bars=st.lists(
        st.builds(
            Bar,
            number=st.integers(1, 300),
            state=st.sampled_from(["Running", "Failed", "Pending", "Gone", "Odd", "Completed"]),
            submitted=moments,
            started=moments,
            ended=moments,
            over=st.booleans(),
            reason=st.text(max_size=5),
        ),
        max_size=12,
    ),
    count=st.integers(0, 300),
    title=st.text(max_size=5),
    now=st.floats(-1e9, 1e9),
)
def test_whatever_is_known_it_is_a_sound_picture(bars, count, title, now):
    root = read(bars, count, now, title)

    _, _, width, height = map(float, root.get("viewBox").split())
    for each in root.iter(f"{SVG}rect"):
        x, y = float(each.get("x", 0)), float(each.get("y", 0))
        assert 0 <= x <= width
        assert 0 <= y <= height
        assert x + float(each.get("width")) <= width + 0.01
