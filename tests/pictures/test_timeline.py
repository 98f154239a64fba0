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


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1.3, ["0", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1.0 s", "1.2 s"]),
        (2.6, ["0", "0.5 s", "1.0 s", "1.5 s", "2.0 s", "2.5 s"]),
        (30, ["0", "5 s", "10 s", "15 s", "20 s", "25 s", "30 s"]),
        (600, ["0", "2 min", "4 min", "6 min", "8 min", "10 min"]),
        (10800, ["0", "30 min", "1 h", "1 h 30 min", "2 h", "2 h 30 min", "3 h"]),
        (3 * 86400, ["0", "12 h", "1 d", "1 d 12 h", "2 d", "2 d 12 h", "3 d"]),
        (80 * 86400, ["0", "14 d", "28 d", "42 d", "56 d", "70 d"]),
        (400 * 86400, ["0", "50 d", "100 d", "150 d", "200 d", "250 d", "300 d", "350 d", "400 d"]),
    ],
)
def test_the_axis_has_round_times_and_no_time_twice(seconds, expected):
    root = read([done(1, 0, 0, seconds)], 1)

    assert [
        text.text for text in root.iter(f"{SVG}text") if text.get("text-anchor") == "middle"
    ] == expected


@given(seconds=st.floats(0.1, 1e8))
@settings(max_examples=25)
def test_the_axis_has_few_times_and_all_of_them_within_the_picture(seconds):
    root = read([done(1, 0, 0, seconds)], 1)

    ticks = [text for text in root.iter(f"{SVG}text") if text.get("text-anchor") == "middle"]
    assert 2 <= len(ticks) <= 9
    assert len({text.text for text in ticks}) == len(ticks)
    for text in ticks:
        half = 3.5 * len(text.text)
        assert half <= float(text.get("x")) <= 900 - half


def test_the_legend_explains_what_was_before():
    root = read([done(1, 0, 20, 50, "Failed"), done(1, 60, 70, 80)], 1)

    legend = [text.text for text in root.iter(f"{SVG}text") if text.get("y") == "53"]
    assert legend == ["1 completed", "failed before", "waiting"]
