"""Real lead sheets and songs: all are read, played out, written valid and read back the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tonmeister.formats import musicxml
from tonmeister.formats.musicxml import files
from tonmeister.formats.musicxml.reader import sheet_from
from tonmeister.model.score import LeadSheet
from tonmeister.theory.form import sections_of, unfold

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1].parent / "shared" / "data"
EXAMPLES = HERE.parents[1] / "examples" / "lead_sheets"


class _Local(etree.Resolver):
    """Finds the schema's parts beside it instead of on the network."""

    def resolve(self, url: str, public: str, context: object) -> object:
        return self.resolve_filename(str(HERE / "schema" / url.rsplit("/", 1)[-1]), context)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(HERE / "schema" / "musicxml.xsd"), parser))


def corpus(name: str) -> list[Path]:
    paths = sorted((DATA / name).glob("*.mxl"))
    if not paths:
        pytest.skip(f"the corpus {name} is not beside the checkout")
    return paths


def check(sheet: LeadSheet) -> None:
    """What holds for any sheet: notes within measures, every measure played, sections whole."""
    for measure in sheet.measures:
        ends = [note.end for note in measure.notes]
        starts = [note.onset for note in measure.notes]
        assert all(0 <= at <= measure.length for at in starts + ends)
        assert starts == sorted(starts)
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    played = unfold(sheet)
    assert {measure.source for measure in played} == set(range(len(sheet.measures)))
    assert sum(count for _, count, _ in sections_of(played)) == len(played)


def same(sheet: LeadSheet, schema: etree.XMLSchema) -> None:
    data = musicxml.write(sheet)
    schema.assertValid(etree.fromstring(data))
    assert sheet_from(files.parse(data, "x"), "x", "") == sheet


def test_all_lead_sheets(schema: etree.XMLSchema) -> None:
    for index, path in enumerate(corpus("openewld")):
        sheet = musicxml.read(path)
        check(sheet)
        if index % 5 == 0:
            same(sheet, schema)


def test_songs_with_piano(schema: etree.XMLSchema) -> None:
    for index, path in enumerate(corpus("lieder")[::8]):
        sheet = musicxml.read(path)
        check(sheet)
        if index % 5 == 0:
            same(sheet, schema)


PLAYED = {
    # name: measures in playing order, and why another count would be wrong
    "A_Foggy_Day": 70,  # 34 bars twice, with endings
    "After_You_ve_Gone": 40,
    "Blue_Room": 32,  # the first ending's bracket stops before its repeat sign
    "Falling_in_Love_with_Love": 64,  # D.C. al Coda, printed two bars before the double bar
    "I_Got_Rhythm": 96,  # endings without a repeat sign
    "Maple_Leaf_Rag": 80,  # D.C. al Fine, with the Fine in the first ending
    "September_in_the_Rain": 33,  # A [1] A [2 and the bridge] A [3]
    "Sweet_Hour_of_Prayer": 65,  # endings numbered 1 and 3, two verses
    "The_Boulevard_of_Broken_Dreams": 65,  # a repeat within a repeat, left for the coda
    "The_Lady_Is_a_Tramp": 128,  # "3x" at the vamp
    "What_Child_Is_This": 51,  # endings numbered 1 and 3, three verses
}


@pytest.mark.parametrize("name", PLAYED)
def test_repeats_are_played_as_players_read_them(name: str) -> None:
    path = DATA / "openewld" / f"{name}.mxl"
    if not path.exists():
        pytest.skip("the corpus openewld is not beside the checkout")
    assert len(unfold(musicxml.read(path))) == PLAYED[name]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.musicxml")), ids=lambda path: path.stem)
def test_examples(path: Path, schema: etree.XMLSchema) -> None:
    sheet = musicxml.read(path)
    check(sheet)
    same(sheet, schema)
    assert musicxml.write(sheet) == path.read_bytes()
    assert sheet.composer
    assert any(note.syllables for measure in sheet.measures for note in measure.notes)
