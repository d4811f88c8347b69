"""Derive timing and velocity statistics of real drummers from the Groove MIDI Dataset.

    python benchmarks/groove_statistics.py ../shared/data/groove src/tonmeister/data/grooves

Writes one small TOML file per group of styles: where in the bar each drum is early or late, how far
it strays, how the deviations hang together from beat to beat, how loud each place is played, and
for swing the share of the beat before the off-beat eighth against tempo. Only these figures are
kept; the recordings stay where they are.

Source: Groove MIDI Dataset (CC BY 4.0), Google Magenta; J. Gillick, A. Roberts, J. Engel, D. Eck,
D. Bamman: "Learning to Groove with Inverse Sequence Transformations", ICML 2019. Beats (not fills)
in 4/4 of at least eight seconds.
"""

from __future__ import annotations

import csv
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from tonmeister.formats.midi import read

DRUMS = {
    "kick": (35, 36),
    "snare": (37, 38, 40),
    "hat": (22, 26, 42, 46),
    "ride": (51, 53, 59),
    "pedal": (44,),
    "tom": (43, 45, 47, 48, 50, 58),
}
"""General MIDI keys and those that the recorded kit (Roland TD-11) adds."""

CLASS_OF = {key: name for name, keys in DRUMS.items() for key in keys}
GHOST_BELOW = 40
"""A snare stroke below this velocity is a ghost note: its histogram has its valley there."""

MIN_FILES = 4
MIN_STROKES = 4

HEADER = """\
# How real drummers place and weigh their strokes: {title}.
# Derived by benchmarks/groove_statistics.py from the Groove MIDI Dataset (CC BY 4.0, Google
# Magenta; Gillick, Roberts, Engel, Eck, Bamman: "Learning to Groove with Inverse Sequence
# Transformations", ICML 2019): {files} recordings, {drummers} drummers, {strokes} strokes,
# beats in 4/4.
#
# places_ms: mean deviation at the 16 sixteenths of the bar from the player's own time, in
#   milliseconds, late is positive. spread_ms: standard deviation around it once the slow drift is
#   taken out.
# places_velocity: mean velocity at the place over the drum's mean. velocity, velocity_spread: mean
#   and residual standard deviation, MIDI 1..127.
# drift: the wander of the beat's mean: standard deviation in ms, correlation from beat to beat.
# tendency_ms: mean deviation from the click. swing: share of the beat before the off-beat eighth.

"""


@dataclass(frozen=True)
class Stroke:
    """A drum stroke: beat number, sixteenth of the bar 0..15, deviation in ms, velocity."""

    drum: str
    beat: int
    place: int
    ms: float
    velocity: int


@dataclass(frozen=True)
class Recording:
    """One drummer's recording; `swing` is the off-beat share against the drummer's own beat."""

    drummer: str
    style: str
    bpm: float
    swing: float
    strokes: tuple[Stroke, ...]

    @property
    def mean_ms(self) -> float:
        """The drummer's mean deviation from the click."""
        return statistics.fmean(s.ms for s in self.strokes)


def load(folder: Path) -> Iterator[Recording]:
    """The usable recordings of the data set."""
    with (folder / "info.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        path = folder / row["midi_filename"]
        if row["beat_type"] != "beat" or row["time_signature"] != "4-4" or not path.exists():
            continue
        recording = load_recording(path, row["drummer"], row["style"])
        if float(row["duration"]) >= 8 and recording is not None:
            yield recording


def load_recording(path: Path, drummer: str, style: str) -> Recording | None:
    """One file, its strokes measured against a grid that swings as the drummer does."""
    file = read(path)
    bpm = float(file.tempo.changes[0].quarters_per_minute)
    notes = [
        (float(n.onset), CLASS_OF[n.key], round(n.weight * 127))
        for part in file.parts
        for n in part.notes
        if n.key in CLASS_OF
    ]
    share = _swing_share(notes)
    if share is None or len(notes) < 40:
        return None
    on_beat, swing = share
    strokes = tuple(_stroke(note, swing, on_beat, bpm) for note in notes)
    return Recording(drummer, style, bpm, swing, strokes)


def _swing_share(notes: Sequence[tuple[float, str, int]]) -> tuple[float, float] | None:
    """(where the drummer's beat stands, where the off-beat eighth stands after it), in beats."""
    on = [(at + 0.5) % 1 - 0.5 for at, _, _ in notes if abs((at + 0.5) % 1 - 0.5) < 0.11]
    if len(on) < 16:
        return None
    on_beat = statistics.median(on)
    off = [
        (at - on_beat) % 1
        for at, drum, _ in notes
        if drum in {"hat", "ride", "snare"} and 0.42 < (at - on_beat) % 1 < 0.79
    ]
    eighths = [share for share in off if share < 0.72] or [0.5]
    return on_beat, statistics.median(eighths) if len(eighths) >= 8 else 0.5


def _stroke(note: tuple[float, str, int], swing: float, on_beat: float, bpm: float) -> Stroke:
    at, drum, velocity = note
    grid = (0.0, swing / 2, swing, (1 + swing) / 2, 1.0)
    beat = int(at - on_beat + 0.125) if at - on_beat > -0.125 else 0
    within = at - on_beat - beat
    sixteenth = min(range(5), key=lambda i: abs(within - grid[i]))
    deviation = (within - grid[sixteenth] + on_beat) * 60_000 / bpm
    beat += sixteenth // 4
    return Stroke(drum, beat, beat % 4 * 4 + sixteenth % 4, deviation, velocity)


def in_time(recording: Recording) -> tuple[Stroke, ...]:
    """The strokes that are surely meant for their place: within 55 ms of the drummer's mean."""
    mean = statistics.median(s.ms for s in recording.strokes)
    return tuple(s for s in recording.strokes if abs(s.ms - mean) <= 55)


def drift(recordings: Iterable[Recording]) -> dict[str, float]:
    """Standard deviation (ms) and lag-1 correlation of the beats' mean deviations."""
    spreads: list[float] = []
    correlations: list[float] = []
    for recording in recordings:
        series = _beat_means(recording)
        pairs = [(series[b], series[b + 1]) for b in series if b + 1 in series]
        if len(pairs) >= 24:
            x, y = zip(*pairs, strict=True)
            spreads.append(statistics.stdev(series.values()))
            correlations.append(statistics.correlation(x, y))
    return {
        "spread_ms": round(statistics.median(spreads), 2),
        "correlation": round(statistics.median(correlations), 3),
    }


def _beat_means(recording: Recording) -> dict[int, float]:
    beats: defaultdict[int, list[float]] = defaultdict(list)
    bias = _biases(recording)
    for stroke in in_time(recording):
        beats[stroke.beat].append(stroke.ms - bias[stroke.drum, stroke.place])
    return {beat: statistics.fmean(values) for beat, values in sorted(beats.items())}


def _biases(recording: Recording) -> dict[tuple[str, int], float]:
    places: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    for stroke in in_time(recording):
        places[stroke.drum, stroke.place].append(stroke.ms)
    return {place: statistics.fmean(values) for place, values in places.items()}


def drum_table(recordings: Sequence[Recording], drum: str) -> dict[str, object] | None:
    """Offsets, spreads and velocities of one drum, a mean over recordings of their means."""
    ms: defaultdict[int, list[float]] = defaultdict(list)
    loud: defaultdict[int, list[float]] = defaultdict(list)
    rests: list[float] = []
    velocity: list[tuple[float, float]] = []
    ghosts: list[int] = []
    for recording in recordings:
        strokes = [s for s in in_time(recording) if s.drum == drum]
        if len(strokes) < 2 * MIN_STROKES:
            continue
        _collect(recording, strokes, ms, loud)
        rests += _residuals(recording, strokes)
        plain = [s.velocity for s in strokes if drum != "snare" or s.velocity >= GHOST_BELOW]
        ghosts += [s.velocity for s in strokes if drum == "snare" and s.velocity < GHOST_BELOW]
        if len(plain) > 2:
            velocity.append((statistics.fmean(plain), _velocity_spread(strokes)))
    if len(velocity) < MIN_FILES:
        return None
    table: dict[str, object] = {
        "places_ms": [round(_mean(ms[place]), 1) for place in range(16)],
        "spread_ms": round(1.4826 * statistics.median(abs(r) for r in rests), 2),
        "places_velocity": [round(_mean(loud[place], 1.0), 3) for place in range(16)],
        "velocity": round(statistics.fmean(v for v, _ in velocity), 1),
        "velocity_spread": round(statistics.median(s for _, s in velocity), 1),
    }
    if ghosts:
        table["ghost_velocity"] = round(statistics.fmean(ghosts), 1)
    return table


def _collect(
    recording: Recording,
    strokes: Sequence[Stroke],
    ms: dict[int, list[float]],
    loud: dict[int, list[float]],
) -> None:
    plain = [s for s in strokes if s.drum != "snare" or s.velocity >= GHOST_BELOW] or strokes
    level = statistics.fmean(s.velocity for s in plain)
    for place in range(16):
        here = [s for s in plain if s.place == place]
        if len(here) >= MIN_STROKES:
            ms[place].append(statistics.fmean(s.ms for s in here) - recording.mean_ms)
            loud[place].append(statistics.fmean(s.velocity for s in here) / level)


def _residuals(recording: Recording, strokes: Sequence[Stroke]) -> list[float]:
    bias = _biases(recording)
    beats = _beat_means(recording)
    smooth = {
        b: statistics.fmean([beats[n] for n in (b - 1, b, b + 1) if n in beats]) for b in beats
    }
    return [s.ms - bias[s.drum, s.place] - smooth[s.beat] for s in strokes]


def _velocity_spread(strokes: Sequence[Stroke]) -> float:
    places: defaultdict[int, list[int]] = defaultdict(list)
    for stroke in strokes:
        if stroke.drum != "snare" or stroke.velocity >= GHOST_BELOW:
            places[stroke.place].append(stroke.velocity)
    rests = [v - statistics.fmean(here) for here in places.values() if len(here) > 1 for v in here]
    return statistics.pstdev(rests) if len(rests) > 2 else 0.0


def _mean(values: Sequence[float], default: float = 0.0) -> float:
    """The mean where at least `MIN_FILES` recordings have the place."""
    return statistics.fmean(values) if len(values) >= MIN_FILES else default


def swing_line(recordings: Sequence[Recording]) -> dict[str, float]:
    """A straight line through share against tempo: share at 120 and slope per bpm (Theil-Sen)."""
    points = [(r.bpm, r.swing) for r in recordings]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a in points for b in points if b[0] > a[0] + 15]
    slope = statistics.median(slopes)
    at_120 = statistics.median(share - slope * (bpm - 120) for bpm, share in points)
    return {"share_at_120": round(at_120, 3), "slope_per_bpm": round(slope, 6)}


def groups(recordings: Sequence[Recording]) -> dict[str, tuple[str, list[Recording]]]:
    """The groups of styles: name, title and recordings."""
    songs = ("rock", "pop", "soul", "gospel", "country", "blues", "hiphop", "dance")
    straight = [r for r in recordings if r.style.split("/")[0] in songs and r.swing < 0.55]
    swung = [
        r for r in recordings
        if r.swing >= 0.56 and ("jazz" in r.style or "shuffle" in r.style or "swing" in r.style)
    ]  # fmt: skip
    fast_jazz = [r for r in recordings if r.style == "jazz/fast"]
    return {
        "swing": ("jazz and shuffles that swing", swung + fast_jazz),
        "ballad": ("slow straight songs, up to 96", [r for r in straight if r.bpm <= 96.5]),
        "pop": ("straight songs above 96", [r for r in straight if r.bpm > 96.5]),
    }


def main(source: str, target: str) -> None:
    """Read the data set, write the tables."""
    recordings = list(load(Path(source)))
    for name, (title, chosen) in groups(recordings).items():
        tables: dict[str, object] = {
            "tendency_ms": round(statistics.median(r.mean_ms for r in chosen), 1),
            "drift": drift(chosen),
        }
        if name == "swing":
            tables["swing"] = swing_line(chosen)
        drums = {drum: drum_table(chosen, drum) for drum in DRUMS}
        tables["drums"] = {drum: table for drum, table in drums.items() if table}
        strokes = sum(len(r.strokes) for r in chosen)
        head = HEADER.format(
            title=title,
            files=len(chosen),
            drummers=len({r.drummer for r in chosen}),
            strokes=strokes,
        )
        Path(target).mkdir(parents=True, exist_ok=True)
        (Path(target) / f"{name}.toml").write_text(head + _toml(tables), encoding="utf-8")
        print(f"{name}: {len(chosen)} recordings, {strokes} strokes, {tables['drift']}")


def _toml(tables: dict[str, object]) -> str:
    text = tomli_w.dumps(tables)
    return text.replace("[\n    ", "[").replace(",\n    ", ", ").replace(",\n]", "]")


if __name__ == "__main__":
    main(*sys.argv[1:])
