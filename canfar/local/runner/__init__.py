"""Headless commands as real processes: started, watched, ended, cleaned up after.

:class:`~canfar.local.runner.conductor.Conductor` is the one that the rest of the platform talks to.
"""

from __future__ import annotations
