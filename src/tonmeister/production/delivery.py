"""Delivery: everything that leaves the house, written into one folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tonmeister.build import write_atomic
from tonmeister.errors import ProductionError
from tonmeister.model import codec
from tonmeister.model.performance import Performance
from tonmeister.model.score import KeySignature, Song, TimeSignature
from tonmeister.production.events import Event
from tonmeister.production.finishing import file_name
from tonmeister.production.pipeline import Work, tracks
from tonmeister.production.recipes import sounding
from tonmeister.production.recipes.papers import given
from tonmeister.units.time import Beats

if TYPE_CHECKING:
    from tonmeister.signal.buffer import AudioBuffer

Payload = bytes | bytearray | memoryview


def deliver(work: Work, out: Path) -> tuple[Path, ...]:
    """Write master, stems, MIDI, lead sheet and report; the files in the order written.

    File names follow the Recording Academy's recommendation: title, what it is, rate and bits.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProductionError(f"cannot be made: {error.strerror}", where=str(out)) from error
    name = file_name(work.vision.title)
    files: list[Path] = []
    jobs = list(_jobs(work, name))
    for count, (path, make) in enumerate(jobs, 1):
        _tell(work, path, "start", count - 1, len(jobs))
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        for suffix, payload in make(files):
            place = target.with_name(target.name + suffix)
            write_atomic(place, payload)
            files.append(place)
        _tell(work, path, "done", count, len(jobs))
    return tuple(files)


def _tell(work: Work, part: str, state: str, done: int, total: int) -> None:
    work.bench.tell(Event("deliver", part, state, done, total, 0.0, 0.0))


Maker = Callable[[list[Path]], Iterator[tuple[str, Payload]]]


def _jobs(work: Work, name: str) -> Iterator[tuple[str, Maker]]:
    master = partial(_master, work)
    yield f"{name}_Master_48k24.wav", lambda _: iter([("", work.bench.read(work.record["wav"]))])
    yield f"{name}_Master_48k24.flac", lambda _: iter([("", _encoded(work, master(), "flac"))])
    yield f"{name}_Master.mp3", lambda _: iter([("", _encoded(work, master(), "mp3"))])
    yield f"stems/{name}_Stem", lambda _: _stems(work)
    yield f"{name}.mid", lambda _: iter([("", performed_midi(work))])
    yield f"{name}_Score.mid", lambda _: iter([("", written_midi(work))])
    yield f"{name}_LeadSheet.musicxml", lambda _: iter([("", lead_sheet(work))])
    yield f"{name}_Report.html", lambda files: iter([("", _report(work, files))])


def _master(work: Work) -> AudioBuffer:
    from tonmeister.formats import audio

    return audio.read(work.bench.store.blob(work.record["wav"]).path)


def tags(work: Work) -> dict[str, str]:
    """What the compressed files say about themselves."""
    song = work.load_song()
    known = {
        "title": work.vision.title,
        "artist": work.vision.artist,
        "composer": song.composer,
        "genre": work.vision.style,
        "comment": f"{work.vision.key}, {work.vision.tempo:g} bpm. Produced with Tonmeister.",
    }
    return {key: value for key, value in known.items() if value}


def _encoded(work: Work, master: AudioBuffer, kind: str) -> Payload:
    from tonmeister.formats import audio

    if kind == "flac":
        return audio.write_flac(master, tags(work), dither=False)  # it has been dithered already
    return audio.write_mp3(master, tags(work))


def _stems(work: Work) -> Iterator[tuple[str, Payload]]:
    for index, (name, stem) in enumerate(stems(work), 1):
        from tonmeister.formats import audio

        # A stem may exceed full scale although their sum does not: then it is written as float.
        # No dither: the dithers of many stems would add up in their sum.
        bits = 24 if float(abs(stem.samples).max()) <= 1.0 else 32
        label = "48k24" if bits == 24 else "48k32f"
        wav = audio.write_wav(stem, bits=bits, dither=False)
        yield f"_{index:02d}_{file_name(name)}_{label}.wav", wav


def stems(work: Work) -> Iterator[tuple[str, AudioBuffer]]:
    """The mastered stems, which at unity sum to the master."""
    import numpy as np

    from tonmeister import engineer

    sheet = work.draft.sheet
    params = {"tracks": tracks(work), "rate_hz": sounding.RATE_HZ}
    inputs = {f"dry {name}": work.bench.store.blob(digest) for name, digest in work.dry.items()}
    gain = np.frombuffer(work.bench.read(work.record["gain"]), np.float32)
    dry = sounding.dry_tracks(inputs, params)
    return engineer.stems(
        dry,
        given(sheet.mix),
        given(sheet.room),
        given(sheet.master),
        gain,
        workers=work.workers,
    )


def _performances(work: Work) -> dict[str, Performance]:
    return {
        name: codec.load(Performance, work.bench.read(digest))
        for name, digest in work.performances.items()
    }


def metres(song: Song) -> tuple[tuple[Beats, TimeSignature], ...]:
    """The metre changes on the song's timeline."""
    return _changes(song, lambda measure: measure.time)


def keys(song: Song) -> tuple[tuple[Beats, KeySignature], ...]:
    """The key changes on the song's timeline."""
    return _changes(song, lambda measure: measure.key)


def _changes(song: Song, of: Callable[[Any], Any]) -> tuple[tuple[Beats, Any], ...]:
    found: list[tuple[Beats, Any]] = []
    for start, measure in zip(song.starts, song.measures, strict=False):
        if not found or found[-1][1] != of(measure):
            found.append((start, of(measure)))
    return tuple(found)


def performed_midi(work: Work) -> bytes:
    """The record's MIDI as played, bar lines true."""
    from tonmeister.formats import midi
    from tonmeister.instruments import midi_program

    song = work.load_song()
    programs = {name: midi_program(work.players[name].instrument) for name in work.performances}
    return midi.write(
        song.tempo,
        metres(song),
        keys(song),
        tuple(_performances(work).values()),
        programs,
        title=work.vision.title,
        sections=tuple((section.start, section.id) for section in song.sections),
    )


def written_midi(work: Work) -> bytes:
    """The written parts exactly on the grid, for notation programs and sequencers."""
    from tonmeister.formats import midi
    from tonmeister.instruments import midi_program

    song = work.load_song()
    programs = {name: midi_program(work.players[name].instrument) for name in work.parts}
    return midi.write_score(
        work.load_parts(),
        song.tempo,
        metres(song),
        keys(song),
        programs,
        title=work.vision.title,
        sections=tuple((section.start, section.id) for section in song.sections),
    )


def lead_sheet(work: Work) -> bytes:
    """Tune, chords and words as MusicXML."""
    from tonmeister.formats import musicxml

    return musicxml.write(work.load_song())


def _report(work: Work, files: list[Path]) -> bytes:
    from tonmeister.production.analysis import report_of
    from tonmeister.production.report import render

    facts: Mapping[str, Any] = json.loads(work.bench.read(work.record["facts"]))
    page = report_of(work, facts, _performances(work), _master(work), [f.name for f in files])
    return render(page).encode()
