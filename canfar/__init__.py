"""The Python client of the CANFAR Science Platform.

Most scripts need one line: ``from canfar.sessions import Session``.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "2.0.0.dev0"
