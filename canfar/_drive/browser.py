"""Open a page for the person at the machine."""

from __future__ import annotations

import webbrowser


def open_tab(url: str) -> bool:
    """Open a browser tab and return whether a browser took it."""
    return webbrowser.open_new_tab(url)
