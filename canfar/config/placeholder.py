"""A login that is none, for canfar 1.5: it reads no file that names no active login.

Like the one that canfar 1.5 itself writes before anybody has logged in, it is of cadc, with a
certificate that is not there and has no expiry.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from canfar.config.nodes import as_mapping

__all__ = ["KEY", "is_placeholder", "placeholder"]

KEY: Final = "cadc"


def placeholder() -> dict[str, Any]:
    """Return what stands in the file for no login."""
    path = Path.home() / ".canfar" / "no-certificate.pem"
    return {"idp": KEY, "mode": "x509", "path": str(path), "expiry": 0.0}


def is_placeholder(login: Any) -> bool:
    """Whether a login in the file stands for none."""
    kept = as_mapping(login)
    if kept is None or kept.get("mode") != "x509" or kept.get("expiry"):
        return False
    path = kept.get("path")
    return isinstance(path, str) and not Path(path).expanduser().exists()
