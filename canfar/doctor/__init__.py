"""Find out what is wrong: configuration, credential, server, clock, versions."""

from __future__ import annotations

from canfar.doctor.examination import adiagnose, diagnose
from canfar.doctor.report import Finding, Report

__all__ = ["Finding", "Report", "adiagnose", "diagnose"]
