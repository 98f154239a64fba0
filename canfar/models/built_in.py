"""The server that needs no discovery."""

from __future__ import annotations

from typing import Final

__all__ = ["LOCAL"]

LOCAL: Final = "local"
"""The name of the platform on this machine, as a server and as its identity provider."""
