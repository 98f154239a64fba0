"""What each state looks like: colours that colour-blind people can tell apart, for light and dark.

They are those of Okabe and Ito, lightened for dark backgrounds.
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from canfar.models.status import status_word

__all__ = ["LOOKS", "Look", "css", "look_of"]


@frozen
class Look:
    """How a state is shown.

    Attributes:
        word: The state in words.
        mark: Its CSS class.
        light: Its colour on a light background.
        dark: Its colour on a dark background.
    """

    word: str
    mark: str
    light: str
    dark: str


COMPLETED: Final = Look("completed", "c", "#009e73", "#2fbf94")
RUNNING: Final = Look("running", "r", "#0072b2", "#56b4e9")
WAITING: Final = Look("waiting", "w", "#d3d9e0", "#434c57")
FAILED: Final = Look("failed", "f", "#d55e00", "#ff8a4c")
GONE: Final = Look("gone", "g", "#b0578d", "#de8fbf")
NOT_STARTED: Final = Look("not started", "n", "#8a6d00", "#e0b400")
OTHER: Final = Look("other", "o", "#6b7280", "#9aa4b2")

LOOKS: Final = (COMPLETED, FAILED, GONE, NOT_STARTED, RUNNING, WAITING, OTHER)
"""All looks, in the order in which they are shown."""

BY_STATE: Final = {
    "completed": COMPLETED,
    "succeeded": COMPLETED,
    "running": RUNNING,
    "pending": WAITING,
    "failed": FAILED,
    "error": FAILED,
    "gone": GONE,
    "not started": NOT_STARTED,
}


def look_of(state: str) -> Look:
    """Return how a state is shown; servers may have states that nobody knows here.

    Args:
        state: "not started", or a status in the server's words.

    Example:
        >>> look_of("Succeeded").word
        'completed'
    """
    return BY_STATE.get(status_word(state), OTHER)


def css(scope: str, light: str, dark: str, rule: str) -> str:
    """Return style sheets in which the colours follow the reader's theme.

    Args:
        scope: The class that everything is inside of.
        light: Declarations for light themes.
        dark: The same for dark ones.
        rule: What a look does with its colour: "fill" or "background".

    Example:
        >>> "prefers-color-scheme" in css("canfar-board", "color:#111", "color:#eee", "fill")
        True
    """

    def themed(prefix: str, declarations: str, *, in_dark: bool) -> str:
        marks = "".join(
            f"{prefix}.{scope} .{look.mark}{{{rule}:{look.dark if in_dark else look.light}}}"
            for look in LOOKS
        )
        return f"{prefix}.{scope}{{{declarations}}}{marks}"

    # JupyterLab says which theme it has; elsewhere the system does.
    return (
        themed("", light, in_dark=False)
        + "@media (prefers-color-scheme:dark){"
        + themed("", dark, in_dark=True)
        + "}"
        + themed("[data-jp-theme-light=true] ", light, in_dark=False)
        + themed("[data-jp-theme-light=false] ", dark, in_dark=True)
    )
