"""Secrets in a repr."""

from __future__ import annotations

__all__ = ["stars"]


def stars(secret: object) -> str:
    """Return what a repr shows for a secret: whether there is one, and nothing else."""
    return repr(None if secret is None else "***")
