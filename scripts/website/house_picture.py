"""Draws the house from the imports themselves, for docs/architecture.md: who uses whom.

A box is a module or a folder of canfar. What is used stands below what uses it, and an arrow is
left out where a longer way says the same. Arrows of dashes are imports inside functions that would
lead back up: they are made at a call, so that nothing is loaded in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from html import escape
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import grimp
from attrs import field, frozen

PACKAGES = ("canfar", "skaha_client")
# The same for one service each.
SERVICES = ("sessions", "images", "context", "overview")
SERVICE = "sessions images\ncontext overview"
# What stands in a row for an arrow that passes through it.
BEND = "->"
LETTER, HIGH, GAP, RISE, MARGIN = 8.5, 40, 26, 68, 20
STYLE = """
figure:has(.house) { width: 100% }
.house { width: min(100%, 45rem) }
.house rect { fill: #f6f8fb; stroke: #42526e; rx: 6px }
.house rect.folder { fill: #dfe9f8 }
.house rect.made { fill: #f5e9d0 }
.house text { font: 14px ui-monospace, monospace; fill: #172b4d; text-anchor: middle }
.house path { fill: none; stroke: #7a8699; stroke-width: 1.2 }
.house path.back { stroke-dasharray: 5 4; stroke: #b35900 }
[data-md-color-scheme="slate"] .house rect { fill: #262c37; stroke: #9fb0c9 }
[data-md-color-scheme="slate"] .house rect.folder { fill: #2b3c57 }
[data-md-color-scheme="slate"] .house rect.made { fill: #4a3d22 }
[data-md-color-scheme="slate"] .house text { fill: #e6edf7 }
[data-md-color-scheme="slate"] .house path { stroke: #8793a7 }
[data-md-color-scheme="slate"] .house path.back { stroke: #ffab52 }
"""

Edges = dict[str, set[str]]


@frozen
class House:
    """Which rooms use which.

    Attributes:
        edges: The rooms that each room uses, when it is loaded or at a call; without circles.
        back: The pairs that only calls join and that lead back up.
        circles: The pairs that are in a circle when they are loaded: there should be none.
        folders: The rooms that are folders.
    """

    edges: Edges
    back: list[tuple[str, str]]
    circles: list[tuple[str, str]]
    folders: set[str] = field(factory=set)


def room(module: str) -> str:
    """The box that a module is in."""
    package, *below = module.split(".")
    if package != "canfar" or not below:
        return package
    return SERVICE if below[0] in SERVICES else below[0]


def look(*packages: str) -> House:
    """Find out who uses whom.

    Args:
        packages: The packages to look at.
    """
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=True, cache_dir=None)
    loaded: Edges = defaultdict(set)
    called: dict[tuple[str, str], int] = defaultdict(int)
    for module in sorted(graph.modules):
        lines = source(module)
        for used in sorted(graph.find_modules_directly_imported_by(module)):
            pair = room(module), room(used)
            # The package itself has the version, and loads what stands below it when asked.
            if pair[0] == pair[1] or packages[0] in pair:
                continue
            for either in pair:  # both are there, whatever they use
                loaded.setdefault(either, set())
            for one in graph.get_import_details(importer=module, imported=used):
                if lines[one["line_number"] - 1].startswith((" ", "\t")):
                    called[pair] += 1
                else:
                    loaded[pair[0]].add(pair[1])
    circles = [(a, b) for a in loaded for b in reached(a, loaded) if a in reached(b, loaded)]
    back: list[tuple[str, str]] = []
    # What is used most often is most likely to be below.
    for pair in sorted(called, key=lambda pair: (-called[pair], pair)):
        user, used = pair
        if user in reached(used, loaded):
            back.append(pair)
        else:
            loaded[user].add(used)
    folders = {room(module) for module in graph.modules if module.count(".") > 1}
    return House(dict(loaded), back, circles, folders)


def source(module: str) -> list[str]:
    """The lines of a module."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{module} has no file")
    return Path(spec.origin).read_text("utf-8").splitlines()


def reached(name: str, edges: Edges) -> set[str]:
    """All that a room uses, and what that uses."""
    seen: set[str] = set()
    todo = list(edges[name])
    while todo:
        if (one := todo.pop()) not in seen:
            seen.add(one)
            todo += edges[one]
    return seen


def short(edges: Edges) -> Edges:
    """The arrows without those that a longer way stands for."""
    return {
        name: {one for one in used if not any(one in reached(o, edges) for o in used - {one})}
        for name, used in edges.items()
    }


def depths(edges: Edges) -> dict[str, int]:
    """How far each room is from what uses nothing."""

    @cache
    def depth(name: str) -> int:
        return 1 + max((depth(used) for used in edges[name]), default=-1)

    return {name: depth(name) for name in sorted(edges)}


@frozen
class Plan:
    """Where everything is put: in each row rooms, and bends of arrows that pass through it.

    Attributes:
        rows: The rows, from the top.
        ways: What each arrow passes, by its ends, from above to below.
    """

    rows: list[list[str]]
    ways: dict[tuple[str, str], list[str]]


def plan(house: House) -> Plan:
    """Put rooms, and what joins them, into rows, so that arrows cross seldom."""
    arrows = short(house.edges)
    depth = depths(house.edges)
    by_depth: dict[int, list[str]] = defaultdict(list)
    for name, level in depth.items():
        by_depth[level].append(name)
    ways: dict[tuple[str, str], list[str]] = {}
    pairs = [(user, used) for user in sorted(arrows) for used in sorted(arrows[user])]
    for user, used in [*pairs, *house.back]:
        top, end = (user, used) if depth[user] > depth[used] else (used, user)
        between = range(depth[top] - 1, depth[end], -1)
        bends = [f"{BEND}{user} {used} {level}" for level in between]
        for level, bend in zip(between, bends, strict=True):
            by_depth[level].append(bend)
        ways[user, used] = [top, *bends, end]
    ordered = [by_depth[level] for level in sorted(by_depth, reverse=True)]
    joined: Edges = defaultdict(set)
    for way in ways.values():
        for one, other in pairwise(way):
            joined[one].add(other)
            joined[other].add(one)
    place: dict[str, float] = {}
    for row in ordered:
        place.update(places(row))
    for _ in range(30):
        for row in ordered:
            row.sort(key=lambda n: sum(place[m] for m in joined[n]) / max(1, len(joined[n])))
            place.update(places(row))
    return Plan(ordered, ways)


def places(row: list[str]) -> dict[str, float]:
    """Where in a row each of its parts is, from 0 to 1."""
    return {name: (index + 1) / (len(row) + 1) for index, name in enumerate(row)}


def house_picture() -> str:
    """Return the picture, as SVG.

    Raises:
        SystemExit: Rooms are loaded in a circle, so that none of them is above another.
    """
    house = look(*PACKAGES)
    if house.circles:
        raise SystemExit(f"loaded in a circle: {house.circles}")
    planned = plan(house)
    wide = {name: width_of(name) for row in planned.rows for name in row}
    total = max(sum(wide[n] for n in row) + GAP * (len(row) - 1) for row in planned.rows)
    at: dict[str, tuple[float, float]] = {}
    boxes: list[str] = []
    for level, row in enumerate(planned.rows):
        gap = (total - sum(wide[name] for name in row)) / (len(row) + 1)
        left = MARGIN + gap
        for name in row:
            at[name] = left + wide[name] / 2, MARGIN + level * RISE
            if not name.startswith(BEND):
                made, folder = name == PACKAGES[1], name in house.folders
                kind = "made" if made else "folder" if folder else "file"
                boxes += box(name, kind, at[name], wide[name])
            left += wide[name] + gap
    lines = [
        arrow([at[name] for name in way], up=pair in house.back)
        for pair, way in planned.ways.items()
    ]
    size = f"{total + 2 * MARGIN:.0f} {2 * MARGIN + (len(planned.rows) - 1) * RISE + HIGH:.0f}"
    return "\n".join(
        [
            f'<svg class="house" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">',
            "<title>Which part of canfar uses which</title>",
            f"<style>{STYLE.strip()}</style>",
            *lines,
            *boxes,
            "</svg>",
        ]
    )


def width_of(name: str) -> float:
    """How much room a room, or a bend, takes in its row."""
    if name.startswith(BEND):
        return 0
    return MARGIN + LETTER * max(map(len, name.split("\n")))


def box(name: str, kind: str, centre: tuple[float, float], wide: float) -> list[str]:
    """A room, its name in the middle."""
    x, y = centre
    left = x - wide / 2
    lines = name.split("\n")
    first = y + HIGH / 2 + 5 - 8 * (len(lines) - 1)
    return [
        f'<rect class="{kind}" x="{left:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{HIGH}"/>',
        *(
            f'<text x="{x:.0f}" y="{first + 16 * index:.0f}">{escape(line)}</text>'
            for index, line in enumerate(lines)
        ),
    ]


def arrow(way: list[tuple[float, float]], *, up: bool) -> str:
    """A line from the foot of one box to the head of another, with a tip at either."""
    x, y = way[0]
    path = f"M{x:.0f} {y + HIGH}"
    for (x1, y1), (x2, y2) in pairwise(way):
        start, end = y1 + HIGH, y2
        bend = (end - start) * 0.6
        path += (
            f" C{x1:.0f} {start + bend:.0f} {x2:.0f} {end - bend:.0f} {x2:.0f} {end:.0f}"
            f" V{end + HIGH if (x2, y2) != way[-1] else end:.0f}"
        )
    if up:
        path += f" M{x - 4:.0f} {y + HIGH + 7} L{x:.0f} {y + HIGH} L{x + 4:.0f} {y + HIGH + 7}"
        return f'<path class="back" d="{path}"/>'
    return f'<path d="{path} m-4 -7 l4 7 l4 -7"/>'
