import pytest

from tonmeister.build import Build, Job, Recipe, explain


def copy(inputs, params):
    return {"out": params.get("text", "").encode()}


def job(target="t", *, name="copy", version=1, tools=(), inputs=None, why="", **params):
    return Job(target, Recipe(name, version, copy, tools), params, inputs or {}, why)


def test_an_unknown_target(store):
    assert explain(store, "bass") == ["nothing has been made under the name 'bass' yet"]


def test_the_first_time(build, store):
    build.make(job())
    assert explain(store, "t") == ["first time"]
    build.make(job("u"))
    assert explain(store, "u") == ["first time, and found in the store"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tempo": 84}, "made because parameters changed: tempo 72 -> 84"),
        ({"tempo": 72.0}, "made because parameters changed: tempo 72 -> 72.0"),
        ({"eq": {"q": [1, 3]}}, "made because parameters changed: eq.q[1] 2 -> 3"),
        ({"eq": None}, 'made because parameters changed: eq {"q":[1,2]} -> nothing'),
        ({"style": "waltz"}, "made because parameters changed: style nothing -> waltz"),
        ({"version": 2}, "made because recipe version 1 -> 2"),
        ({"name": "render"}, "made because recipe copy -> render"),
        ({"tools": ("x 2",)}, "made because tools changed: none -> x 2"),
        ({"inputs": {}}, "made because input 'part' is gone"),
    ],
)
def test_every_change_is_named(build, store, change, sentence):
    usual = {"tempo": 72, "eq": {"q": [1, 2]}, "inputs": {"part": store.put(b"a")}}
    build.make(job(**usual))
    build.make(job(**{**usual, **change}))
    assert explain(store, "t") == [sentence]


def test_a_changed_input_is_named_with_the_target_it_came_from(store):
    for text in ("old", "new"):
        part = Build(store).make(job("parts/bass", text=text)).outputs["out"]
        Build(store).make(job("dry/bass", inputs={"part": part}))
    (sentence,) = explain(store, "dry/bass")
    assert sentence == "made because input 'part' changed (parts/bass: cba0.. -> 1150..)"


def test_many_changes_are_cut_short(build, store):
    build.make(job(**{f"p{i}": 1 for i in range(9)}))
    build.make(job(**{f"p{i}": 2 for i in range(9)}))
    assert explain(store, "t")[0].endswith("p5 1 -> 2, and 3 more")


def test_going_back_says_so(build, store):
    for tempo in (72, 84, 72):
        build.make(job(tempo=tempo))
    assert explain(store, "t") == [
        "parameters changed: tempo 84 -> 72",
        "found in the store: made before from the same inputs",
    ]


def test_nothing_new_leaves_the_receipt_alone(build, store):
    build.make(job(tempo=72))
    build.make(job(tempo=84))
    made = build.make(job(tempo=84))
    assert made.receipt.reasons == ("found in the store: same inputs as before",)
    assert explain(store, "t") == ["made because parameters changed: tempo 72 -> 84"]


def test_the_callers_why_comes_first(build, store):
    build.make(job(why="the producer wants it"))
    assert explain(store, "t") == ["the producer wants it", "first time"]


def test_a_receipt_tells_what_went_in_and_out(build, store):
    part = store.put(b"a")
    made = build.make(job("dry/bass", tools=("x 1",), inputs={"part": part}, text="b"))
    build.make(job("dry/bass", text="c"))
    latest, before = store.receipts.read("dry/bass")
    assert before == made.receipt
    assert (before.recipe, before.version, before.tools) == ("copy", 1, ("x 1",))
    assert (before.params, before.inputs) == ({"text": "b"}, {"part": part})
    assert before.outputs == made.outputs
    assert before.made
    assert latest.params == {"text": "c"}
