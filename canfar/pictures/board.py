"""How far a batch is, as HTML for a notebook and as text for everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar.pictures.clean import clean, escaped
from canfar.pictures.colours import LOOKS, OTHER, Look, css, look_of
from canfar.pictures.durations import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Snapshot", "board_html", "board_text"]

SLOWEST: Final = 5
REASONS: Final = 6
NUMBERS: Final = 8
BAR: Final = 30

LIGHT: Final = "--ink:#1f2933;--soft:#52606d;--line:#e4e7eb;--back:#fff"
DARK: Final = "--ink:#e6eaef;--soft:#a6b1bd;--line:#2c343d;--back:#171c22"
STYLE: Final = (
    ".canfar-board{box-sizing:border-box;max-width:640px;padding:12px 16px;margin:4px 0;"
    "border:1px solid var(--line);border-radius:6px;background:var(--back);color:var(--ink);"
    "font:13px/1.5 system-ui,sans-serif}"
    ".canfar-board .line{display:flex;justify-content:space-between;gap:16px}"
    ".canfar-board .line span:last-child{flex-shrink:0}"
    ".canfar-board b{font-weight:600}"
    ".canfar-board .soft{color:var(--soft)}"
    ".canfar-board .bar{display:flex;height:10px;margin:8px 0;border-radius:5px;overflow:hidden;"
    "background:var(--line)}"
    ".canfar-board .counts{display:flex;flex-wrap:wrap;gap:2px 16px}"
    ".canfar-board .dot{display:inline-block;width:9px;height:9px;border-radius:2px;"
    "margin-right:6px}"
    ".canfar-board .more{margin-top:8px;padding-top:8px;border-top:1px solid var(--line)}"
    ".canfar-board .why{display:grid;grid-template-columns:minmax(0,30%) 1fr;gap:4px 16px}"
    ".canfar-board .why span{overflow-wrap:anywhere}"
)


@frozen(kw_only=True)
class Snapshot:
    """A batch at one moment.

    Attributes:
        name: Its name.
        counts: How many replicas are in which state.
        elapsed: Seconds since it was submitted, None where that is not known.
        slowest: The replicas that run the longest, with how many seconds they have.
        failures: Why replicas failed, with the numbers of those that did.
        finished: Whether nothing waits or runs any more.
    """

    name: str
    counts: Mapping[str, int]
    elapsed: float | None = None
    slowest: Sequence[tuple[int, float]] = ()
    failures: Sequence[tuple[str, Sequence[int]]] = ()
    finished: bool = False

    @property
    def total(self) -> int:
        """How many replicas there are."""
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        """How many replicas have completed."""
        return dict(self.looks).get(LOOKS[0], 0)

    @property
    def looks(self) -> list[tuple[Look, int]]:
        """How many replicas look how, in the order in which that is shown."""
        counted = dict.fromkeys(LOOKS, 0)
        for state, count in self.counts.items():
            counted[look_of(state)] += count
        return [(look, count) for look, count in counted.items() if count]

    @property
    def headline(self) -> str:
        """How far it is."""
        return f"{self.done:,} of {self.total:,} completed"


def board_html(snapshot: Snapshot) -> str:
    """Return how far a batch is, for a notebook; it needs nothing else, and follows the theme.

    Args:
        snapshot: The batch.

    Example:
        >>> snapshot = Snapshot(name="fit", counts={"Completed": 2, "Failed": 1})
        >>> "2 of 3 completed" in board_html(snapshot)
        True
    """
    parts = [
        f"<style>{css('canfar-board', LIGHT, DARK, 'background')}{STYLE}</style>",
        f'<div class="line"><span><b>{escaped(snapshot.name)}</b>',
        f' <span class="soft">{snapshot.headline}</span></span>',
        f'<span class="soft">{_elapsed(snapshot)}</span></div>',
        '<div class="bar">',
        *(
            f'<span class="{look.mark}" style="width:{count / snapshot.total:.4%}"></span>'
            for look, count in snapshot.looks
        ),
        '</div><div class="counts">',
        *(
            f'<span><span class="dot {look.mark}"></span>{escaped(text)}</span>'
            for look, text in _counts(snapshot)
        ),
        "</div>",
    ]
    if snapshot.slowest:
        parts.append(f'<div class="more soft">Running longest: {_slowest(snapshot)}</div>')
    if snapshot.failures:
        rows = "".join(
            f"<span>{escaped(which)}</span><span class='soft'>{escaped(why)}</span>"
            for which, why in _reasons(snapshot)
        )
        parts.append(f'<div class="more why">{rows}</div>')
    return f'<div class="canfar-board">{"".join(parts)}</div>'


def board_text(snapshot: Snapshot) -> str:
    """Return how far a batch is, as a few lines of text.

    Args:
        snapshot: The batch.

    Example:
        >>> print(board_text(Snapshot(name="fit", counts={"Completed": 2, "Failed": 1})))
        fit: 2 of 3 completed
        [####################xxxxxxxxxx] 2 completed, 1 failed
    """
    elapsed = _elapsed(snapshot)
    lines = [
        f"{snapshot.name}: {snapshot.headline}" + (f", {elapsed}" if elapsed else ""),
        f"[{_bar(snapshot)}] " + ", ".join(text for _, text in _counts(snapshot)),
    ]
    if snapshot.slowest:
        lines.append(f"running longest: {_slowest(snapshot)}")
    lines += [f"{which}: {clean(why)}" for which, why in _reasons(snapshot)]
    return "\n".join(lines)


def _elapsed(snapshot: Snapshot) -> str:
    if snapshot.elapsed is None:
        return "ended" if snapshot.finished else ""
    return ("ended after " if snapshot.finished else "") + duration(snapshot.elapsed)


def _counts(snapshot: Snapshot) -> Iterable[tuple[Look, str]]:
    for look, count in snapshot.looks:
        if look is not OTHER:
            yield look, f"{count:,} {look.word}"
    for state, count in snapshot.counts.items():
        if look_of(state) is OTHER:
            yield OTHER, f"{count:,} {state}"


def _bar(snapshot: Snapshot) -> str:
    # Full means that all have ended, as in the command's.
    signs = {"completed": "#", "failed": "x", "gone": "?", "not started": "-"}
    drawn, seen, bar = 0, 0, ""
    for look, count in snapshot.looks:
        seen += count
        width = round(BAR * seen / max(1, snapshot.total)) - drawn
        drawn += width
        bar += signs.get(look.word, ".") * width
    return bar


def _slowest(snapshot: Snapshot) -> str:
    return ", ".join(
        f"replica {number} ({duration(seconds)})" for number, seconds in snapshot.slowest[:SLOWEST]
    )


def _reasons(snapshot: Snapshot) -> Iterable[tuple[str, str]]:
    for why, numbers in snapshot.failures[:REASONS]:
        shown = ", ".join(str(number) for number in numbers[:NUMBERS])
        more = f" and {len(numbers) - NUMBERS:,} more" if len(numbers) > NUMBERS else ""
        yield f"replica{'' if len(numbers) == 1 else 's'} {shown}{more}", why
    rest = snapshot.failures[REASONS:]
    if rest:
        count = sum(len(numbers) for _, numbers in rest)
        yield f"{count:,} more", f"for {len(rest):,} other reasons"
