"""The address of a login as a picture of text, to be scanned by a telephone."""

from __future__ import annotations

from io import StringIO

import segno

__all__ = ["qr"]


def qr(text: str) -> str:
    """Return a QR code of half blocks.

    Args:
        text: What it says.
    """
    out = StringIO()
    segno.make_qr(text, error="L").terminal(out, border=1, compact=True)
    return out.getvalue()
