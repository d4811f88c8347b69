"""From a lead sheet or nothing to the written parts: composer and arranger at work."""

from __future__ import annotations

from typing import Any

from tonmeister import arranger, composer, musicians
from tonmeister.build import Inputs, Outputs, Params
from tonmeister.formats import musicxml
from tonmeister.instruments import lookup
from tonmeister.model import codec
from tonmeister.model.instrument import Instrument
from tonmeister.model.reason import Proposal
from tonmeister.model.score import LeadSheet, Measure, Song
from tonmeister.production.recipes.papers import dump_proposal, given, load_sheet
from tonmeister.theory.form import unfold


def read(inputs: Inputs, _params: Params) -> Outputs:
    """Lead sheet file -> as written, and unfolded."""
    sheet = musicxml.read(inputs["file"].path)
    played = LeadSheet(sheet.title, unfold(sheet), sheet.composer, sheet.lyricist, sheet.tempo)
    return {"lead_sheet": codec.dump(sheet), "unfolded": codec.dump(played)}


def _written(inputs: Inputs) -> tuple[Measure, ...] | None:
    if "unfolded" not in inputs:
        return None
    return codec.load(LeadSheet, inputs["unfolded"].read()).measures


def _proposal(root: str, proposal: Proposal[Any]) -> Outputs:
    return {"proposal": dump_proposal({root: proposal})}


def form(inputs: Inputs, params: Params) -> Outputs:
    """Song sheet -> proposed form."""
    song = given(load_sheet(inputs["sheet"].read()).song)
    style = composer.read_style(params["style"])
    return _proposal("form", composer.propose_form(song, style, written=_written(inputs)))


def harmony(inputs: Inputs, params: Params) -> Outputs:
    """Song sheet and form -> proposed chords."""
    sheet = load_sheet(inputs["sheet"].read())
    style = composer.read_style(params["style"])
    proposal = composer.propose_harmony(
        given(sheet.song), given(sheet.form), style, written=_written(inputs)
    )
    return _proposal("harmony", proposal)


def tune(inputs: Inputs, params: Params) -> Outputs:
    """Song sheet, form and chords -> proposed tune."""
    sheet = load_sheet(inputs["sheet"].read())
    style = composer.read_style(params["style"])
    low, high = params["compass"]
    proposal = composer.propose_tune(
        given(sheet.song),
        given(sheet.form),
        given(sheet.harmony),
        style,
        written=_written(inputs),
        compass=(low, high),
    )
    return _proposal("tune", proposal)


def song(inputs: Inputs, params: Params) -> Outputs:
    """All of the composer's decided sheets -> the song."""
    sheet = load_sheet(inputs["sheet"].read())
    lead_sheet = (
        codec.load(LeadSheet, inputs["lead_sheet"].read()) if "lead_sheet" in inputs else None
    )
    made = composer.write_song(
        given(sheet.song),
        given(sheet.form),
        given(sheet.harmony),
        given(sheet.tune),
        composer.read_style(params["style"]),
        lead_sheet=lead_sheet,
        written=_written(inputs),
    )
    return {"song": codec.dump(made)}


def _instruments(params: Params) -> dict[str, Instrument]:
    return {part: lookup(name) for part, name in params["instruments"].items()}


def arrangement(inputs: Inputs, params: Params) -> Outputs:
    """Song -> proposed textures, by section and part."""
    sheet = load_sheet(inputs["sheet"].read())
    proposal = arranger.propose_arrangement(
        given(sheet.song),
        codec.load(Song, inputs["song"].read()),
        arranger.read_style(params["style"]),
        _instruments(params),
    )
    return _proposal("arrangement", proposal)


def arrange(inputs: Inputs, params: Params) -> Outputs:
    """Song and decided textures -> a written part per player."""
    sheet = load_sheet(inputs["sheet"].read())
    parts = arranger.arrange(
        codec.load(Song, inputs["song"].read()),
        given(sheet.arrangement),
        arranger.read_style(params["style"]),
        _instruments(params),
        seed=params["seed"],
    )
    return {part.name: codec.dump(part) for part in parts}


def performance(inputs: Inputs, params: Params) -> Outputs:
    """Song -> proposed dynamics and swing, by section."""
    sheet = load_sheet(inputs["sheet"].read())
    proposal = musicians.propose_performance(
        given(sheet.song),
        codec.load(Song, inputs["song"].read()),
        musicians.read_style(params["style"]),
    )
    return _proposal("performance", proposal)
