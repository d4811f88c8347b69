"""The page around the pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tonmeister.production.report import pictures
from tonmeister.production.report.facts import Report

_CSS = """
:root { color-scheme: light dark; --ink: #26221c; --soft: #6d665b; --ground: #faf7f1;
  --card: #fffdf8; --rule: #e4ddd0; --accent: #c2553a; --cool: #2f7f8f; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece6da; --soft: #a49c8e; --ground: #191713;
  --card: #211e19; --rule: #39342b; --accent: #e07a5c; --cool: #58aebe; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.2rem 1.4rem 4rem; max-width: 1180px; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font: 600 2.3rem/1.1 Georgia, serif; margin: 0; }
h2 { font: 600 1.15rem/1.2 Georgia, serif; margin: 2.2rem 0 .5rem; }
.by { color: var(--soft); margin: .2rem 0 1.2rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .8rem 1.2rem;
  margin: 0; padding: 1rem 1.2rem; background: var(--card); border: 1px solid var(--rule);
  border-radius: 8px; }
dt { color: var(--soft); font-size: .78rem; } dd { margin: 0; font-weight: 600; }
figure { margin: 0; padding: .6rem; background: var(--card); border: 1px solid var(--rule);
  border-radius: 8px; overflow-x: auto; } svg { display: block; width: 100%; min-width: 720px; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
svg text.onblock { fill: #fff; font-size: 13px; font-weight: 600; }
svg text.small { font-size: 10.5px; font-weight: 400; opacity: .9; }
.grid { stroke: var(--rule); } .bar { stroke: var(--rule); stroke-width: .5; opacity: .7; }
.section { stroke: var(--soft); stroke-width: .8; stroke-dasharray: 3 3; opacity: .8; }
.wave { stroke: var(--cool); } .band { fill: var(--cool); opacity: .55; }
.momentary { fill: none; stroke: var(--cool); stroke-width: .8; opacity: .65; }
.shortterm { fill: none; stroke: var(--accent); stroke-width: 1.8; }
.integrated { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 6 4; }
.target { fill: none; stroke: var(--accent); stroke-width: 2.2; }
.legend { margin: .4rem 0 0; font-size: .82rem; color: var(--soft); }
.legend span { margin-right: 1.1rem; white-space: nowrap; }
.legend i { display: inline-block; width: .8em; height: .8em; border-radius: 2px;
  margin-right: .35em; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: .78rem; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-size: .86em; } .chart { columns: 3 260px; margin: 0; padding: 0; list-style: none; }
.chart li { break-inside: avoid; margin-bottom: .9rem; } .chart b { color: var(--accent); }
footer { margin-top: 2.5rem; color: var(--soft); font-size: .82rem; }
"""


def render(report: Report) -> str:
    """The whole page as HTML; nothing on it is loaded from elsewhere."""
    blocks = [
        _figure("Form", pictures.form(report)),
        _figure("Piano roll", pictures.piano_roll(report)),
        _figure("Waveform", pictures.waveform(report)),
        _figure("Loudness", pictures.loudness(report)),
        _figure("Spectrum against the style's target", pictures.spectrum(report)),
        _chart(report),
        _mix(report),
        _decisions(report),
        _reasons(report),
        _list("What listening back found", report.remarks),
        _list("Files", report.files),
    ]
    by = f'<p class="by">{escape(report.artist)}</p>' if report.artist else '<p class="by"></p>'
    facts = "".join(f"<div><dt>{escape(n)}</dt><dd>{escape(v)}</dd></div>" for n, v in report.facts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}: report</title><style>{_CSS}</style></head>"
        f"<body><h1>{escape(report.title)}</h1>{by}<dl>{facts}</dl>"
        + "".join(blocks)
        + "<footer>Produced with Tonmeister. Every value above can be overruled: "
        "<code>tonmeister decide</code>.</footer></body></html>\n"
    )


def _figure(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2><figure>{body}</figure>"


def _chart(report: Report) -> str:
    """The chord chart by section, four bars to a line."""
    ends = (*report.bar_starts[1:], float("inf"))
    bars = [
        " ".join(name for at, name in report.chords if start - 1e-6 <= at < end - 1e-6) or "%"
        for start, end in zip(report.bar_starts, ends, strict=True)
    ]
    items = []
    for section in report.sections:
        own = bars[section.first_bar : section.first_bar + section.bars]
        rows = (own[i : i + 4] for i in range(0, len(own), 4))
        text = "<br>".join("| " + " | ".join(escape(bar) for bar in row) + " |" for row in rows)
        items.append(f"<li><b>{escape(section.id)}</b><br>{text}</li>")
    return f'<h2>Chords</h2><ul class="chart">{"".join(items)}</ul>'


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join(
        "<tr>"
        + "".join(f'<td class="{"n" if i else ""}">{c}</td>' for i, c in enumerate(row))
        + "</tr>"
        for row in rows
    )
    if not body:
        return ""
    heads = "".join(f"<th>{escape(h)}</th>" for h in head)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f"<h2>{escape(title)}</h2>{table}"


def _mix(report: Report) -> str:
    rows = (
        (
            escape(name),
            f"{strip.level_db:+.1f} dB",
            _place(strip.pan),
            f"{strip.reverb_db:.1f} dB" if strip.reverb_db > -99 else "dry",
            f"{len(strip.eq)} bands" if strip.eq else "flat",
            f"{strip.compressor.ratio:.1f}:1 at {strip.compressor.threshold_db:.0f} dB"
            if strip.compressor
            else "none",
        )
        for name, strip in report.mix.items()
    )
    return _table("Mix", ("part", "fader", "pan", "reverb send", "EQ", "compressor"), rows)


def _place(pan: float) -> str:
    if abs(pan) < 0.005:
        return "centre"
    return f"{abs(pan) * 100:.0f} % {'left' if pan < 0 else 'right'}"


def _decisions(report: Report) -> str:
    rows = (
        (f"<code>{escape(d.path)}</code>", escape(str(d.value)), escape(d.by), escape(d.why))
        for d in report.decisions
    )
    return _table("Decisions", ("path", "value", "by", "why"), rows)


def _reasons(report: Report) -> str:
    rows = (
        (
            f"<code>{escape(path)}</code>",
            escape(reason.by),
            f'<span style="white-space:normal">{escape(reason.why)}</span>',
        )
        for path, reason in report.reasons.items()
    )
    table = _table("Why", ("what", "who", "why"), rows)
    return table.replace(
        "<h2>Why</h2>", "<details><summary><h2 style='display:inline'>Why</h2></summary>"
    ) + ("</details>" if table else "")


def _list(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    return f"<h2>{escape(title)}</h2><ul>{''.join(f'<li>{escape(i)}</li>' for i in items)}</ul>"
