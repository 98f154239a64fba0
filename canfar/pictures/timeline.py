"""A batch on a time axis, as SVG: how long each replica waited and ran."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar.pictures.clean import escaped
from canfar.pictures.colours import LOOKS, WAITING, Look, css, look_of
from canfar.pictures.durations import DAY, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    _Across = Callable[[float], float]

__all__ = ["Bar", "timeline"]

WIDTH: Final = 900
TOP: Final = 74
BOTTOM: Final = 40
RIGHT: Final = 26
HIGHEST: Final = 720
"""Pixels that the rows of a large batch share."""

ROW: Final = 20
LABELLED: Final = 45
"""Rows up to which each has its name beside it."""

NUMBERED: Final = 16
"""Numbers beside the rows of a batch that is larger."""

TOLD: Final = 250
"""Rows up to which each bar has a tooltip; those of more are too thin to point at."""

STEPS: Final = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600),
    *(7200, 10800, 21600, 43200, 86400, 172800, 604800, 1209600),
)
MOST_TICKS: Final = 8
HALF_LETTER: Final = 3.5
"""Half the pixels that a letter takes, about: the reader's font is not known."""

STUB: Final = 4.0
"""Pixels for a bar whose end nobody saw."""

LIGHT: Final = "--back:#fff;--ink:#1f2933;--soft:#52606d;--line:#e4e7eb"
DARK: Final = "--back:#171c22;--ink:#e6eaef;--soft:#a6b1bd;--line:#2c343d"
STYLE: Final = (
    ".canfar-timeline{background:var(--back);font:12px system-ui,sans-serif}"
    ".canfar-timeline text{fill:var(--ink)}.canfar-timeline .soft{fill:var(--soft)}"
    ".canfar-timeline .head{font-size:15px;font-weight:600}"
    ".canfar-timeline .grid{stroke:var(--line)}"
    ".canfar-timeline .back{fill:var(--back)}"
)


@frozen(kw_only=True)
class Bar:
    """One session of a replica; times are in seconds of one clock.

    Attributes:
        number: The replica's number.
        state: Its state, in the server's words.
        submitted: When it was asked for, None where that is not known.
        started: When it started, None as long as it waits.
        ended: When it ended, None as long as it has not, or where nobody saw it.
        over: Whether it has ended.
        reason: Why it failed.
    """

    number: int
    state: str
    submitted: float | None = None
    started: float | None = None
    ended: float | None = None
    over: bool = False
    reason: str = ""


@frozen
class _Piece:
    """A coloured piece of a row: from where to where, in pixels."""

    look: Look
    row: int
    begin: float
    end: float
    told: str


def timeline(bars: Sequence[Bar], *, count: int, title: str, now: float) -> str:
    """Return a picture of every replica's waiting and running, as SVG.

    Args:
        bars: The sessions, of one replica in the order in which it tried.
        count: How many replicas there are; those without a session have an empty row.
        title: The batch's name.
        now: The time up to which what runs is drawn, by the clock of the bars.

    Returns:
        The SVG, which needs nothing else: it has its styles within, for light and dark.

    Example:
        >>> bar = Bar(number=1, state="Completed", submitted=0, started=2, ended=9, over=True)
        >>> timeline([bar], count=1, title="fit", now=9).startswith("<svg")
        True
    """
    rows = max([count, *(bar.number for bar in bars)], default=1) or 1
    height = min(ROW * rows, HIGHEST)
    pitch = height / rows
    left = 58 if rows > LABELLED else 46
    begin, end = _span(bars, now)
    scale = (WIDTH - left - RIGHT) / (end - begin)

    def across(moment: float) -> float:
        return left + (min(max(moment, begin), end) - begin) * scale

    pieces = [piece for bar in bars for piece in _pieces(bar, across, now)]
    latest = {bar.number: bar for bar in bars}
    total = TOP + height + BOTTOM
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="canfar-timeline" role="img"',
        f' viewBox="0 0 {WIDTH} {_n(total)}" width="{WIDTH}" height="{_n(total)}"',
        ' style="max-width:100%;height:auto">',
        f"<title>{escaped(title)}: {rows} replicas</title>",
        f"<style>{css('canfar-timeline', LIGHT, DARK, 'fill')}{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{_n(total)}"/>',
        *_heading(rows, title, end - begin),
        *_legend(latest, rows, {piece.look for piece in pieces}),
        *_grid(begin, end, across, height),
        *_names(rows, pitch, left),
        *_rows(pieces, pitch, told=rows <= TOLD),
        *_marks(latest, rows, pitch),
        "</svg>",
    ]
    return "\n".join(parts)


def _span(bars: Sequence[Bar], now: float) -> tuple[float, float]:
    known = [
        moment
        for bar in bars
        for moment in (bar.submitted, bar.started, bar.ended)
        if moment is not None
    ]
    if any(not bar.over for bar in bars):
        known.append(now)
    begin = min(known, default=0.0)
    end = max(known, default=1.0)
    return begin, max(end, begin + 0.1)


def _pieces(bar: Bar, across: _Across, now: float) -> Iterable[_Piece]:
    look = look_of(bar.state)
    told = _told(bar, look)
    row = bar.number - 1
    end = bar.ended if bar.over else now
    if bar.submitted is not None:
        waited = bar.started if bar.started is not None else end
        if waited is not None and waited > bar.submitted:
            yield _Piece(WAITING, row, across(bar.submitted), across(waited), told)
    if bar.started is not None:
        begin = across(bar.started)
        yield _Piece(look, row, begin, begin + STUB if end is None else across(end), told)
    elif bar.over and bar.submitted is not None:
        # It ended without ever having run.
        at = across(bar.submitted if end is None else end)
        yield _Piece(look, row, at - STUB, at, told)


def _told(bar: Bar, look: Look) -> str:
    parts = [f"replica {bar.number}: {look.word if look is not LOOKS[-1] else bar.state}"]
    if bar.submitted is not None and bar.started is not None:
        parts.append(f"waited {duration(max(0, bar.started - bar.submitted))}")
    if bar.started is not None and bar.ended is not None:
        parts.append(f"ran {duration(max(0, bar.ended - bar.started))}")
    elif bar.over and bar.started is not None:
        parts.append("nobody saw when it ended")
    if bar.reason:
        parts.append(bar.reason)
    return ", ".join(parts)


def _heading(rows: int, title: str, seconds: float) -> Iterable[str]:
    count = f"{rows:,} replica{'' if rows == 1 else 's'}, {duration(seconds)}"
    yield f'<text class="head" x="16" y="28">{escaped(title)}</text>'
    yield f'<text class="soft" x="{WIDTH - 16}" y="28" text-anchor="end">{count}</text>'


def _legend(latest: Mapping[int, Bar], rows: int, drawn: Container[Look]) -> Iterable[str]:
    counts = Counter(look_of(bar.state) for bar in latest.values())
    missing = rows - len(latest)
    if missing:
        counts[look_of("not started")] += missing
    x = 16.0
    for look in LOOKS:
        if counts[look] or look in drawn:
            text = f"{counts[look]:,} {look.word}" if counts[look] else _past(look)
            yield f'<rect class="{look.mark}" x="{_n(x)}" y="43" width="11" height="11" rx="2"/>'
            yield f'<text class="soft" x="{_n(x + 16)}" y="53">{text}</text>'
            x += 34 + 6.6 * len(text)


def _past(look: Look) -> str:
    """Return what a colour stands for that no replica has any more."""
    return look.word if look is WAITING else f"{look.word} before"


def _grid(begin: float, end: float, across: _Across, height: float) -> Iterable[str]:
    span, foot = end - begin, TOP + height
    days = ceil(span / MOST_TICKS / DAY)
    step = next((s for s in STEPS if span / s <= MOST_TICKS), days * DAY)
    for number in range(int(span / step + 1e-6) + 1):
        at, text = across(begin + number * step), _tick(number * step, step)
        x = min(at, WIDTH - 2 - HALF_LETTER * len(text))
        yield f'<line class="grid" x1="{_n(at)}" x2="{_n(at)}" y1="{TOP - 6}" y2="{_n(foot + 4)}"/>'
        yield (
            f'<text class="soft" x="{_n(x)}" y="{_n(foot + 19)}" text-anchor="middle">{text}</text>'
        )


def _tick(seconds: float, step: float) -> str:
    if not seconds:
        return "0"
    return f"{seconds:.1f} s" if step < 1 else duration(seconds)


def _names(rows: int, pitch: float, left: float) -> Iterable[str]:
    every = (
        1 if rows <= LABELLED else next(n for n in (10, 20, 50, 100, 10**9) if rows / n <= NUMBERED)
    )
    for number in range(1, rows + 1):
        if every == 1 or number % every == 0 or number == 1:
            y = TOP + (number - 0.5) * pitch + 4
            yield (
                f'<text class="soft" x="{_n(left - 10)}" y="{_n(y)}" text-anchor="end">'
                f"{number}</text>"
            )


def _rows(pieces: Iterable[_Piece], pitch: float, *, told: bool) -> Iterable[str]:
    gap = min(4.0, pitch * 0.2) if pitch > 2 else 0.0  # noqa: PLR2004 - pixels
    tall = pitch - gap
    paths: dict[str, list[str]] = {}
    for piece in pieces:
        y = TOP + piece.row * pitch + gap / 2
        wide = max(piece.end - piece.begin, 0.8)
        x = min(piece.begin, WIDTH - RIGHT - wide)
        if told:
            yield (
                f'<rect class="{piece.look.mark}" x="{_n(x)}" y="{_n(y)}" '
                f'width="{_n(wide)}" height="{_n(tall)}" rx="{_n(min(2.5, tall / 4))}">'
                f"<title>{escaped(piece.told)}</title></rect>"
            )
        else:
            # Thin rows are drawn as one shape a colour, so that the file stays small.
            shape = f"M{_n(x)} {_n(y)}h{_n(wide)}v{_n(tall)}h{_n(-wide)}z"
            paths.setdefault(piece.look.mark, []).append(shape)
    for mark, shapes in paths.items():
        yield f'<path class="{mark}" d="{"".join(shapes)}"/>'


def _marks(latest: Mapping[int, Bar], rows: int, pitch: float) -> Iterable[str]:
    """What failed is marked beside its row too, where even a thin row is seen."""
    for number in range(1, rows + 1):
        bar = latest.get(number) or Bar(number=number, state="not started")
        look = look_of(bar.state)
        if look.word in {"failed", "gone", "not started"}:
            tall = max(2.5, min(pitch, 8.0))
            y = TOP + (bar.number - 0.5) * pitch - tall / 2
            yield (
                f'<rect class="{look.mark}" x="{WIDTH - RIGHT + 8}" y="{_n(y)}" width="10" '
                f'height="{_n(tall)}"><title>{escaped(_told(bar, look))}</title></rect>'
            )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
