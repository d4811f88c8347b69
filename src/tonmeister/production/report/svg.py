"""Small pieces of SVG shared by the pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 1100
LEFT = 64
RIGHT = 12

PALETTE = (
    "#c2553a", "#2f7f8f", "#d09a2d", "#5b6abf", "#4f8f4a", "#a2578f",
    "#7a6a53", "#3f8fcf", "#b0443f", "#6d9a9f", "#8b7ad0", "#9a9a3a",
)  # fmt: skip
"""Colours of parts, in order; legible on light and dark ground."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def time_scale(seconds: float) -> Scale:
    """The horizontal scale that all pictures over time share."""
    return Scale(0.0, seconds, LEFT, WIDTH - RIGHT)


def text(x: float, y: float, content: str, *, css: str = "label", anchor: str = "start") -> str:
    """A text element, escaped."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">'
        f"{escape(content)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, css: str = "grid") -> str:
    """A line element."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>'


def polyline(points: Iterable[tuple[float, float]], css: str) -> str:
    """A polyline element."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" class="{css}"/>'


def levels(scale: Scale, values: Sequence[float], unit: str) -> str:
    """Horizontal grid lines with their values at the left."""
    return "".join(
        line(LEFT, scale(v), WIDTH - RIGHT, scale(v))
        + text(LEFT - 6, scale(v) + 4, f"{v:g}{unit}", anchor="end")
        for v in values
    )


def clock(seconds: float) -> str:
    """``3:05``."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def time_axis(scale: Scale, y: float) -> str:
    """Times along the bottom, every 10, 15, 30 or 60 s."""
    step = next((s for s in (5, 10, 15, 30, 60, 120, 300) if scale.high / s <= 14), 600)
    marks = []
    at = 0
    while at <= scale.high:
        marks.append(text(scale(at), y, clock(at), anchor="middle"))
        at += step
    return "".join(marks)


def picture(height: float, body: str, *, title: str) -> str:
    """An SVG of full width with an accessible title."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}" '
        f'preserveAspectRatio="xMidYMid meet"><title>{escape(title)}</title>{body}</svg>'
    )
