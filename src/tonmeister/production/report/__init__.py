"""The report: one self-contained HTML page with pictures. Pure functions, text out."""

from __future__ import annotations

from tonmeister.production.report.facts import Curve, Report, RollNote
from tonmeister.production.report.page import render

__all__ = ["Curve", "Report", "RollNote", "render"]
