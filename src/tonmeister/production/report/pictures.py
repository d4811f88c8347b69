"""The pictures: form, piano roll, waveform, loudness, spectrum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from tonmeister.production.report.facts import Curve, Report, RollNote
from tonmeister.production.report.svg import (
    LEFT,
    PALETTE,
    RIGHT,
    WIDTH,
    Scale,
    levels,
    line,
    picture,
    polyline,
    text,
    time_axis,
    time_scale,
)

_KINDS = {
    "intro": "#8c8577", "verse": "#2f7f8f", "prechorus": "#5b6abf", "chorus": "#c2553a",
    "bridge": "#a2578f", "solo": "#d09a2d", "interlude": "#7a9a6a", "ending": "#6f6a64",
}  # fmt: skip


def _section_lines(report: Report, scale: Scale, top: float, bottom: float) -> str:
    return "".join(line(scale(s), top, scale(s), bottom, "section") for s in report.section_starts)


def form(report: Report) -> str:
    """Sections as blocks whose height is their energy, with bars and chords of the first bars."""
    height, base, tallest = 150.0, 118.0, 92.0
    scale = time_scale(report.section_starts[-1])
    body = []
    letters: dict[str, str] = {}
    for section, start, end in zip(
        report.sections, report.section_starts, report.section_starts[1:], strict=False
    ):
        colour = _KINDS.get(section.kind) or letters.setdefault(
            section.kind, PALETTE[len(letters) % len(PALETTE)]
        )
        rise = tallest * (0.25 + 0.75 * section.energy)
        x, width = scale(start), max(1.0, scale(end) - scale(start) - 2)
        body.append(
            f'<rect x="{x:.1f}" y="{base - rise:.1f}" width="{width:.1f}" height="{rise:.1f}" '
            f'rx="3" fill="{colour}" opacity="0.85"/>'
        )
        label = section.id if width > 42 else section.id[:1]
        body.append(text(x + 6, base - 22, label, css="onblock"))
        if width > 42:
            body.append(
                text(
                    x + 6, base - 8, f"{section.bars} bars {section.dynamics}", css="onblock small"
                )
            )
    body.append(time_axis(scale, height - 12))
    return picture(height, "".join(body), title="Form: sections, bars, energy and dynamics")


def piano_roll(report: Report) -> str:
    """All notes: pitch against time, a colour per part, stronger notes darker; drums below."""
    pitched = {n: notes for n, notes in report.parts.items() if n not in {"drums", "percussion"}}
    drums = {n: notes for n, notes in report.parts.items() if n in {"drums", "percussion"}}
    keys = [note.key for notes in pitched.values() for note in notes] or [48, 72]
    low, high = min(keys) - 1, max(keys) + 1
    top, unit = 12.0, 7.0
    bottom = top + (high - low) * unit
    drum_top = bottom + 14
    height = drum_top + (70 if drums else 0) + 26
    scale = time_scale(report.section_starts[-1])
    rows = Scale(low, high, bottom, top)
    body = [line(scale(b), top, scale(b), height - 26, "bar") for b in report.bar_starts]
    body += [
        line(LEFT, rows(k), WIDTH - RIGHT, rows(k))
        + text(LEFT - 6, rows(k) + 4, f"C{k // 12 - 1}", anchor="end")
        for k in range(low, high + 1)
        if k % 12 == 0
    ]
    body.append(_section_lines(report, scale, top, height - 26))
    for index, name in enumerate(report.parts):
        colour = PALETTE[index % len(PALETTE)]
        if name in drums:
            body.append(_drum_marks(drums[name], scale, drum_top, colour))
        else:
            body.append(_note_marks(pitched[name], scale, rows, colour))
    if drums:
        body.append(text(LEFT - 6, drum_top + 34, "drums", anchor="end"))
    body.append(time_axis(scale, height - 8))
    return picture(height, "".join(body), title="Piano roll of all parts") + _legend(report)


def _note_marks(notes: Sequence[RollNote], scale: Scale, rows: Scale, colour: str) -> str:
    soft: list[str] = []
    strong: list[str] = []
    for note in notes:
        width = max(1.2, scale(note.start + note.length) - scale(note.start))
        (strong if note.velocity >= 80 else soft).append(
            f"M{scale(note.start):.1f} {rows(note.key):.1f}h{width:.1f}"
        )
    return "".join(
        f'<path d="{"".join(paths)}" stroke="{colour}" stroke-width="5" opacity="{opacity}"/>'
        for paths, opacity in ((soft, 0.55), (strong, 0.95))
        if paths
    )


def _drum_marks(notes: Sequence[RollNote], scale: Scale, top: float, colour: str) -> str:
    used = sorted({note.key for note in notes})
    rows = {key: top + 64 - 60 * i / max(1, len(used) - 1) for i, key in enumerate(used)}
    path = "".join(
        f"M{scale(n.start):.1f} {rows[n.key] - 2.5:.1f}v{2 + 4 * n.velocity / 127:.1f}"
        for n in notes
    )
    return f'<path d="{path}" stroke="{colour}" stroke-width="1.4"/>' if path else ""


def _legend(report: Report) -> str:
    items = "".join(
        f'<span><i style="background:{PALETTE[i % len(PALETTE)]}"></i>{escape(name)}</span>'
        for i, name in enumerate(report.parts)
    )
    return f'<p class="legend">{items}</p>'


def waveform(report: Report) -> str:
    """Left and right, lowest to highest sample per slice."""
    scale = time_scale(report.section_starts[-1])
    height, each = 178.0, 72.0
    body = []
    for channel, slices in enumerate(report.wave):
        middle = 8 + each / 2 + channel * (each + 6)
        rows = Scale(-1.0, 1.0, middle + each / 2, middle - each / 2)
        step = (WIDTH - LEFT - RIGHT) / max(1, len(slices))
        path = "".join(
            f"M{LEFT + i * step:.1f} {rows(hi):.1f}V{max(rows(lo), rows(hi) + 0.5):.1f}"
            for i, (lo, hi) in enumerate(slices)
        )
        body.append(line(LEFT, middle, WIDTH - RIGHT, middle))
        body.append(f'<path d="{path}" class="wave" stroke-width="{max(0.8, step):.2f}"/>')
        body.append(
            text(
                LEFT - 6, middle + 4, "LR"[channel] if len(report.wave) == 2 else "M", anchor="end"
            )
        )
    body.append(_section_lines(report, scale, 4, height - 22))
    body.append(time_axis(scale, height - 6))
    return picture(height, "".join(body), title="Waveform of the master")


def loudness(report: Report) -> str:
    """Momentary and short-term loudness over time, integrated and target as lines."""
    height, top, bottom = 220.0, 12.0, 188.0
    scale = time_scale(report.section_starts[-1])
    ceiling = max(-6.0, *(v + 1 for _, v in report.momentary.points))
    rows = Scale(-42.0, math.ceil(ceiling), bottom, top)
    body = [levels(rows, [-40, -30, -20, -10], " LUFS"), _section_lines(report, scale, top, bottom)]
    for curve, css in ((report.momentary, "momentary"), (report.short_term, "shortterm")):
        body.append(polyline(_curve_points(curve, scale, rows), css))
    y = rows(report.integrated_lufs)
    body.append(line(LEFT, y, WIDTH - RIGHT, y, "integrated"))
    figures = f"integrated {report.integrated_lufs:.1f}, target {report.target_lufs:.1f} LUFS"
    body.append(text(LEFT + 8, bottom - 6, figures))
    body.append(time_axis(scale, height - 10))
    return picture(height, "".join(body), title="Loudness over time")


def _curve_points(curve: Curve, scale: Scale, rows: Scale) -> list[tuple[float, float]]:
    thin = max(1, len(curve.points) // 1500)
    return [
        (scale(min(scale.high, at)), rows(max(rows.low, value)))
        for at, value in curve.points[::thin]
    ]


def spectrum(report: Report) -> str:
    """Octave bands of the master against the style's target, both relative to 1 kHz."""
    height, top, bottom = 240.0, 14.0, 200.0
    columns = Scale(math.log10(22.0), math.log10(22000.0), LEFT, WIDTH - RIGHT)
    rows = Scale(-30.0, 15.0, bottom, top)
    body = [levels(rows, [-30, -20, -10, 0, 10], " dB")]
    for hz, db in report.bands:
        x = columns(math.log10(hz))
        y = rows(max(-30.0, min(15.0, db)))
        body.append(
            f'<rect x="{x - 30:.1f}" y="{y:.1f}" width="60" height="{bottom - y:.1f}" '
            'class="band"/>'
        )
        body.append(
            text(x, height - 18, f"{hz / 1000:g}k" if hz >= 1000 else f"{hz:g}", anchor="middle")
        )
        body.append(text(x, y - 5, f"{db:+.1f}", anchor="middle"))
    points = [(columns(math.log10(hz)), rows(max(-30.0, db))) for hz, db in report.target_bands]
    body.append(polyline(points, "target"))
    return picture(height, "".join(body), title="Spectrum of the master against the style's target")
