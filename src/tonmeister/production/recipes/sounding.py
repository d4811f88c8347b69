"""From written parts to the master: musicians, instruments and engineer at work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Thread
from typing import Any

from tonmeister.build import Blob, Inputs, Outputs, Params
from tonmeister.model import codec
from tonmeister.model.performance import Performance
from tonmeister.model.reason import Proposal
from tonmeister.model.score import Part, PartRole, Song
from tonmeister.model.sheets import PlayerPlan
from tonmeister.production.recipes.papers import canonical, dump_proposal, given, load_sheet

RATE_HZ = 48_000


def perform(inputs: Inputs, params: Params) -> Outputs:
    """A written part -> as played."""
    from tonmeister import musicians
    from tonmeister.instruments import lookup

    sheet = load_sheet(inputs["sheet"].read()).performance or {}
    player = PlayerPlan.model_validate(params["player"])
    played = musicians.perform(
        codec.load(Part, inputs["part"].read()),
        codec.load(Song, inputs["song"].read()),
        player,
        sheet,
        musicians.read_style(params["style"]),
        lookup(player.instrument),
        seed=params["seed"],
    )
    return {"performance": codec.dump(played)}


def render_with(source: Any) -> Any:
    """The render step for a sound source: a performance -> dry audio and its measurements."""

    def render(inputs: Inputs, params: Params) -> Outputs:
        from tonmeister import engineer, instruments

        played = codec.load(Performance, inputs["performance"].read())
        audio = instruments.render(
            played, source=source, rate_hz=params["rate_hz"], frames=params["frames"]
        )
        measure = engineer.measure_track(audio)
        return {"audio": audio.samples.data.cast("B"), "measure": codec.dump(measure)}

    return render


def plan_mix(inputs: Inputs, params: Params) -> Outputs:
    """Measurements of the dry tracks -> proposed strips, room and master."""
    from tonmeister import engineer

    song = given(load_sheet(inputs["sheet"].read()).song)
    style = engineer.read_style(params["style"])
    tracks = [
        engineer.TrackInfo(name, PartRole(role), family) for name, role, family in params["tracks"]
    ]
    measures = {
        info.name: codec.load(engineer.TrackMeasure, inputs[f"measure {info.name}"].read())
        for info in tracks
    }
    proposals: dict[str, Proposal[Any]] = {
        "mix": engineer.propose_mix(tracks, measures, style),
        "room": engineer.propose_room(song, style),
    }
    sheet = proposals["mix"].sheet
    proposals["master"] = engineer.propose_master(
        song,
        style,
        target=params["target"],
        bands_db=engineer.expected_bands_db(sheet, measures),
    )
    return {"proposal": dump_proposal(proposals)}


def dry_tracks(inputs: Inputs, params: Params) -> list[Any]:
    """The engineer's view of the dry tracks: each loads its audio only when asked."""
    from tonmeister import engineer

    def loader(name: str) -> Any:
        return lambda: audio_of(inputs[f"dry {name}"], params["rate_hz"])

    return [
        engineer.Track(name=name, role=PartRole(role), family=family, load=loader(name))
        for name, role, family in params["tracks"]
    ]


def audio_of(blob: Blob, rate_hz: int) -> Any:
    """Stored raw samples as an `AudioBuffer` (stereo, planar float32), mapped, not copied."""
    import numpy as np

    from tonmeister.signal.buffer import AudioBuffer

    samples = np.memmap(blob.path, np.float32, mode="r").reshape(2, -1)
    return AudioBuffer(samples.view(np.ndarray), rate_hz)


@cache
def warm_kernels() -> None:
    """Begin to load the mix's compiled kernels beside the rendering, once in a process."""
    from tonmeister import signal

    Thread(target=signal.warm_up).start()


def mix_with(workers: int) -> Any:
    """The mix step on so many threads (the result does not depend on their number)."""

    def mix(inputs: Inputs, params: Params) -> Outputs:
        from tonmeister import engineer

        sheet = load_sheet(inputs["sheet"].read())
        tracks = dry_tracks(inputs, params)
        premaster = engineer.mix(tracks, given(sheet.mix), given(sheet.room), workers=workers)
        return {"audio": premaster.samples.data.cast("B")}

    return mix


def master(inputs: Inputs, params: Params) -> Outputs:
    """The premaster -> the 24-bit master, the gain curve shared with the stems, and its figures."""
    from tonmeister import engineer
    from tonmeister.formats import audio

    plan = given(load_sheet(inputs["sheet"].read()).master)
    premaster = audio_of(inputs["audio"], params["rate_hz"])
    done = engineer.master(premaster, plan)
    loudness = done.loudness
    style = engineer.read_style(params["style"])
    with ThreadPoolExecutor(1) as beside:
        wav = beside.submit(audio.write_wav, done.audio, bits=24)
        notes = engineer.listen(done, plan=plan, spectrum_db=style.master.spectrum_db)
    facts = {
        "loudness_lufs": round(loudness.integrated_lufs, 2),
        "range_lu": round(loudness.range_lu, 2),
        "true_peak_dbtp": round(loudness.true_peak_dbtp, 2),
        "length_s": round(done.audio.seconds, 3),
        "remarks": [_remark(note) for note in notes],
    }
    return {
        "wav": wav.result(),
        "gain": done.gain.data.cast("B"),
        "facts": canonical(facts),
    }


def _remark(note: Any) -> str:
    mend = f" (to mend it: tonmeister decide NAME {note.decision})" if note.decision else ""
    return f"{note.where}: {note.what}{mend}"
