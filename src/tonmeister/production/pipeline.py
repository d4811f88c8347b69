"""The pipeline: the roles in their order, each one's proposal decided before the next begins."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tonmeister import manager, producer
from tonmeister.build import Digest, InlineExecutor, Recipe, ThreadExecutor
from tonmeister.instruments import Source, catalogue, find_source, lookup, source_identity
from tonmeister.model import codec
from tonmeister.model.instrument import Instrument
from tonmeister.model.performance import Performance
from tonmeister.model.reason import Decision
from tonmeister.model.score import LeadSheet, Part, Song
from tonmeister.model.sheets import PlayerPlan, SongSheet
from tonmeister.production import identity
from tonmeister.production.bench import Bench, Step
from tonmeister.production.draft import Draft
from tonmeister.production.recipes import sounding, writing
from tonmeister.production.recipes.papers import canonical, dump_sheet, given, load_proposal

TAIL_S = 2.5
"""The record goes on so long after the last bar, for releases and the room to die away."""


@dataclass
class Material:
    """What a production starts from."""

    brief: producer.Brief
    decisions: tuple[Decision, ...] = ()
    lead_sheet_file: bytes | None = None


@dataclass
class Work:
    """A run in progress: what has been made so far, by name."""

    bench: Bench
    material: Material
    draft: Draft
    workers: int
    source: Source = field(default_factory=find_source)
    song: Digest = ""
    parts: dict[str, Digest] = field(default_factory=dict)
    performances: dict[str, Digest] = field(default_factory=dict)
    dry: dict[str, Digest] = field(default_factory=dict)
    measures: dict[str, Digest] = field(default_factory=dict)
    premaster: Digest = ""
    record: Mapping[str, Digest] = field(default_factory=dict)
    lead_sheet: Mapping[str, Digest] = field(default_factory=dict)

    def paper(self, *roots: str) -> Digest:
        """The decided branches, stored, as an input of a step."""
        return self.bench.put(dump_sheet(self.draft.sheet, *roots))

    @property
    def vision(self) -> SongSheet:
        """The decided song sheet."""
        return given(self.draft.sheet.song)

    @property
    def players(self) -> dict[str, PlayerPlan]:
        """The decided cast."""
        return self.draft.sheet.players or {}

    def instrument(self, part: str) -> Instrument:
        """What a part is played on."""
        return lookup(self.players[part].instrument)

    def load_song(self) -> Song:
        """The composition."""
        return codec.load(Song, self.bench.read(self.song))

    def load_parts(self) -> tuple[Part, ...]:
        """The written parts in the band's order."""
        return tuple(codec.load(Part, self.bench.read(digest)) for digest in self.parts.values())


def envision(work: Work) -> None:
    """Read the lead sheet if there is one; the vision; the cast."""
    lead_sheet = None
    if work.material.lead_sheet_file is not None:
        file = work.bench.put(work.material.lead_sheet_file)
        recipe = Recipe("read a lead sheet", 1, writing.read)
        params = {"code": identity.code("formats/musicxml", "theory")}
        work.lead_sheet = work.bench.step("read", Step("", recipe, params, {"file": file}))
        lead_sheet = codec.load(LeadSheet, work.bench.read(work.lead_sheet["lead_sheet"]))
    vision = producer.envision(
        work.material.brief, lead_sheet=lead_sheet, decisions=work.material.decisions
    )
    work.draft.settle("song", vision.sheet, dict(vision.reasons))
    players = manager.cast(work.vision, work.vision.style, catalogue())
    work.draft.settle("players", players.sheet, dict(players.reasons))


def _brief_song(work: Work) -> Digest:
    """The song sheet that the composer plans by.

    A decision on the tempo keeps the form and the tune (the same bars, faster or slower) unless
    the length has been decided too; the tail belongs to the record's length.
    """
    vision = work.vision
    proposed = work.draft.proposed.song
    if proposed is not None and not work.draft.is_decided("song.length"):
        vision = vision.model_copy(update={"tempo": proposed.tempo})
    vision = vision.model_copy(update={"length": max(4.0, vision.length - TAIL_S)})
    composing = work.draft.sheet.model_copy(update={"song": vision})
    roots = [r for r in ("song", "form", "harmony", "tune") if getattr(composing, r) is not None]
    return work.bench.put(dump_sheet(composing, *roots))


def compose(work: Work) -> None:
    """Form, chords, tune; then the song."""
    style = work.vision.style
    unfolded = {k: v for k, v in work.lead_sheet.items() if k == "unfolded"}
    base = {
        "style": style,
        "code": identity.code("composer", "theory"),
        "data": identity.data(f"styles/{style}/composition.toml", "harmony"),
    }
    lead = work.vision.band[0]
    compass = manager.lead_compass(work.vision, work.instrument(lead))
    stages: tuple[tuple[str, Callable[..., Any], dict[str, Any]], ...] = (
        ("form", writing.form, {}),
        ("harmony", writing.harmony, {}),
        ("tune", writing.tune, {"compass": list(compass)}),
    )
    for root, run, extra in stages:
        inputs = {"sheet": _brief_song(work), **unfolded}
        step = Step(root, Recipe(f"propose the {root}", 1, run), {**base, **extra}, inputs)
        _settle(work, "compose", step, root)
    inputs = {"sheet": work.paper("song", "form", "harmony", "tune"), **work.lead_sheet}
    step = Step("song", Recipe("write the song", 1, writing.song), base, inputs)
    work.song = work.bench.step("compose", step)["song"]


def _settle(work: Work, stage: str, step: Step, *roots: str) -> None:
    outputs = work.bench.step(stage, step)
    sheet, reasons = load_proposal(work.bench.read(outputs["proposal"]))
    for root in roots:
        own = {p: r for p, r in reasons.items() if p.split(".")[0].split("[")[0] == root}
        work.draft.settle(root, getattr(sheet, root), own)


def arrange(work: Work) -> None:
    """A texture per section and part; then the written parts."""
    style = work.vision.style
    base = {
        "style": style,
        "instruments": {part: plan.instrument for part, plan in work.players.items()},
        "code": identity.code("arranger", "theory", "instruments/catalogue.py"),
        "data": identity.data(f"styles/{style}/arrangement.toml", "instruments.toml"),
    }
    inputs = {"sheet": work.paper("song"), "song": work.song}
    recipe = Recipe("propose the arrangement", 1, writing.arrangement)
    _settle(work, "arrange", Step("textures", recipe, base, inputs), "arrangement")
    inputs = {"sheet": work.paper("arrangement"), "song": work.song}
    params = {**base, "seed": work.vision.seed}
    outputs = work.bench.step(
        "arrange", Step("parts", Recipe("arrange", 1, writing.arrange), params, inputs)
    )
    order = [name for name in work.players if name in outputs]
    work.parts = {name: outputs[name] for name in order}


def perform(work: Work) -> None:
    """Dynamics by section; then each part as played."""
    style = work.vision.style
    base = {
        "style": style,
        "code": identity.code("musicians", "theory"),
        "data": identity.data(
            f"styles/{style}/performance.toml",
            "players",
            "grooves",
            "feels.toml",
            "instruments.toml",
        ),
    }
    inputs = {"sheet": work.paper("song"), "song": work.song}
    recipe = Recipe("propose the performance", 1, writing.performance)
    _settle(work, "perform", Step("dynamics", recipe, base, inputs), "performance")
    sheet = work.paper("performance")
    steps = [
        Step(
            name,
            Recipe("perform", 1, sounding.perform),
            {**base, "player": work.players[name].model_dump(), "seed": work.vision.seed},
            {"part": digest, "song": work.song, "sheet": sheet},
        )
        for name, digest in work.parts.items()
    ]
    outputs = work.bench.steps("perform", steps, InlineExecutor())
    work.performances = {
        step.part: out["performance"] for step, out in zip(steps, outputs, strict=True)
    }


def frames(work: Work) -> int:
    """Length of every track and of the record, in samples."""
    song = work.load_song()
    seconds = song.tempo.seconds_at(song.end) + TAIL_S
    return math.ceil(seconds * sounding.RATE_HZ)


def render(work: Work) -> None:
    """Each part's dry track, the longest work first so that no thread waits at the end."""
    sounding.warm_kernels()
    length = frames(work)
    code = identity.code("instruments", "signal", "engineer/measures.py")
    recipe = Recipe("render", 1, sounding.render_with(work.source))
    steps = [
        Step(
            name,
            recipe,
            {
                "rate_hz": sounding.RATE_HZ,
                "frames": length,
                "source": source_identity(work.source, work.players[name].instrument),
                "code": code,
            },
            {"performance": digest},
        )
        for name, digest in work.performances.items()
    ]
    cost = {name: _rendering_cost(work, name) for name in work.performances}
    steps.sort(key=lambda step: (-cost[step.part], step.part))
    outputs = work.bench.steps("render", steps, ThreadExecutor(work.workers))
    made = {step.part: out for step, out in zip(steps, outputs, strict=True)}
    work.dry = {name: made[name]["audio"] for name in work.performances}
    work.measures = {name: made[name]["measure"] for name in work.performances}


RING_S = 4.0
"""How long a struck note rings on, roughly; only the order of rendering depends on it."""


def _rendering_cost(work: Work, part: str) -> float:
    """Seconds of sounding notes, which is what rendering a part costs."""
    played = codec.load(Performance, work.bench.read(work.performances[part]))
    ring = 0.3 if work.instrument(part).sustains else RING_S
    return sum(note.length + ring for note in played.notes)


def tracks(work: Work) -> list[list[str]]:
    """Name, role and family of each dry track, as the engineer's steps take them."""
    roles = {part.name: str(part.role) for part in work.load_parts()}
    return [[name, roles[name], work.instrument(name).family] for name in work.dry]


def mix(work: Work) -> None:
    """The mix planned from measurements; then made."""
    style = work.vision.style
    base = {
        "style": style,
        "tracks": tracks(work),
        "code": identity.code("engineer", "signal"),
        "data": identity.data(f"styles/{style}/mix.toml", "targets"),
    }
    inputs = {f"measure {name}": digest for name, digest in work.measures.items()}
    recipe = Recipe("plan the mix", 1, sounding.plan_mix)
    plan = {**base, "target": work.material.brief.loudness or "streaming"}
    step = Step("plan", recipe, plan, {**inputs, "sheet": work.paper("song")})
    _settle(work, "mix", step, "mix", "room", "master")
    inputs = {f"dry {name}": digest for name, digest in work.dry.items()}
    inputs["sheet"] = work.paper("mix", "room")
    params = {"tracks": base["tracks"], "code": base["code"], "rate_hz": sounding.RATE_HZ}
    recipe = Recipe("mix", 1, sounding.mix_with(work.workers))
    work.premaster = work.bench.step("mix", Step("mix", recipe, params, inputs))["audio"]


def master(work: Work) -> None:
    """The master from the premaster."""
    params = {
        "rate_hz": sounding.RATE_HZ,
        "style": work.vision.style,
        "code": identity.code("engineer", "signal", "formats/audio"),
        "data": identity.data(f"styles/{work.vision.style}/mix.toml"),
    }
    inputs = {"audio": work.premaster, "sheet": work.paper("master")}
    recipe = Recipe("master", 1, sounding.master)
    work.record = work.bench.step("master", Step("", recipe, params, inputs))


RUN: tuple[tuple[str, Callable[[Work], None]], ...] = (
    ("read", envision),
    ("compose", compose),
    ("arrange", arrange),
    ("perform", perform),
    ("render", render),
    ("mix", mix),
    ("master", master),
)
"""The stages in order, by the names that `produce --until` takes."""


def run(work: Work, *, until: str = "master") -> None:
    """Run the stages up to and including `until`."""
    for name, stage in RUN:
        stage(work)
        if name == until:
            return


def fingerprint(material: Material, source: Source) -> str:
    """Digest of all that a finished record depends on, for saying quickly that nothing changed."""
    import hashlib

    paper = {
        "brief": material.brief.model_dump(mode="json"),
        "decisions": [[d.path, d.value] for d in material.decisions],
        "lead_sheet": hashlib.sha256(material.lead_sheet_file or b"").hexdigest(),
        "program": identity.everything(),
        "source": source_identity(source, "grand piano"),
        "tail": TAIL_S,
    }
    return hashlib.sha256(canonical(paper)).hexdigest()
