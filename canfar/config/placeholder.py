"""A login that is none, for canfar 1.5: it reads no file that names no active login.

Like the one that canfar 1.5 itself writes before anybody has logged in, it is of cadc, with a
certificate that is not there and has no expiry.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

__all__ = ["KEY", "is_placeholder", "placeholder"]

KEY: Final = "cadc"


def placeholder() -> dict[str, Any]:
    """Return what stands in the file for no login."""
    path = Path.home() / ".canfar" / "no-certificate.pem"
    return {"idp": KEY, "mode": "x509", "path": str(path), "expiry": 0.0}


def is_placeholder(login: Any) -> bool:
    """Whether a login in the file stands for none."""
    if not isinstance(login, Mapping) or login.get("mode") != "x509" or login.get("expiry"):
        return False
    path = login.get("path")
    return isinstance(path, str) and not Path(path).expanduser().exists()
