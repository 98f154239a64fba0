"""The Python client of the CANFAR Science Platform.

Most scripts need one line: ``from canfar.sessions import Session``.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    if name == "__version__":
        # Reading the installed version costs more than importing this package does.
        from importlib.metadata import version  # noqa: PLC0415

        return version("canfar")
    raise AttributeError(f"module 'canfar' has no attribute {name!r}")
