"""Where the configuration file is."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["missing", "path"]


def path() -> Path:
    """Return the configuration file: the one in ``CANFAR_CONFIG``, else ``~/.canfar/config.yaml``.

    Looked up at each call, so that a program can set the variable for itself.

    Example:
        >>> import os
        >>> os.environ["CANFAR_CONFIG"] = "/etc/canfar.yaml"
        >>> print(path())
        /etc/canfar.yaml
    """
    named = os.environ.get("CANFAR_CONFIG", "").strip()
    if named:
        return Path(named).expanduser()
    return Path.home() / ".canfar" / "config.yaml"


def missing() -> str:
    """Say, to go on with, that the file in ``CANFAR_CONFIG`` is not there; nothing if it is."""
    if not os.environ.get("CANFAR_CONFIG", "").strip() or path().exists():
        return ""
    return f"; CANFAR_CONFIG names {path()}, which is not there"
