import threading

import pytest
import small_graph

from tonmeister.build import Build, Event, Job, Recipe, Store, ThreadExecutor
from tonmeister.errors import BuildError, Cancelled, StyleError


class Kitchen:
    """Recipes that count how often they run."""

    def __init__(self):
        self.ran = []

    def recipe(self, name, version=1, make=lambda text, params: text, tools=()):
        def run(inputs, params):
            self.ran.append(name)
            text = b"".join(inputs[key].read() for key in sorted(inputs))
            return {"out": make(text, params)}

        return Recipe(name, version, run, tools)


@pytest.fixture
def kitchen():
    return Kitchen()


def test_a_target_is_made_once(build, store, kitchen):
    job = Job("t", kitchen.recipe("r", make=lambda _, params: params["x"]), {"x": b"sound"})
    first, second = build.make(job), build.make(job)
    assert (first.made, second.made, kitchen.ran) == (True, False, ["r"])
    assert first.outputs == second.outputs
    assert store.blob(first.outputs["out"]).read() == b"sound"
    assert Build(Store(store.folder)).make(job).made is False


def test_early_cut_off(build, kitchen):
    """The tune changed, its length did not: what follows from the length is not made again."""

    def song(tune):
        text = build.make(Job("tune", kitchen.recipe("tune", make=lambda *_: tune)
                              , {"tune": tune}))  # fmt: skip
        length = build.make(
            Job("length", kitchen.recipe("length", make=lambda text, _: b"%d" % len(text)),
                inputs={"tune": text.outputs["out"]})
        )  # fmt: skip
        return build.make(Job("plan", kitchen.recipe("plan"), inputs={"n": length.outputs["out"]}))

    song(b"la la")
    kitchen.ran.clear()
    again = song(b"do re")
    assert kitchen.ran == ["tune", "length"]
    assert not again.made


def test_going_back_finds_what_was_made_before(build, kitchen):
    recipe = kitchen.recipe("r", make=lambda _, params: b"%d" % params["tempo"])
    slow, fast = Job("t", recipe, {"tempo": 72}), Job("t", recipe, {"tempo": 84})
    before = build.make(slow)
    build.make(fast)
    back = build.make(slow)
    assert back.outputs == before.outputs
    assert not back.made
    assert kitchen.ran == ["r", "r"]


def test_two_targets_with_the_same_step_are_made_once(build, kitchen):
    recipe = kitchen.recipe("r")
    with ThreadExecutor(3) as threads:
        made = build.make_all([Job(name, recipe) for name in "abc"], executor=threads)
    assert kitchen.ran == ["r"]
    assert sorted(one.made for one in made) == [False, False, True]


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")]
)
def test_a_lost_or_truncated_result_is_made_again(build, store, kitchen, damage):
    job = Job("t", kitchen.recipe("r", make=lambda *_: b"sound"))
    digest = build.make(job).outputs["out"]
    path = store.blob(digest).path
    path.chmod(0o644)
    damage(path)
    again = build.make(job)
    assert again.made
    assert store.blob(digest).read() == b"sound"
    assert again.receipt.reasons == ("made again because the stored result was missing or damaged",)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"outputs": {}}', b"\xff"])
def test_a_torn_trace_or_receipt_costs_work_but_does_no_harm(build, store, kitchen, content):
    job = Job("t", kitchen.recipe("r", make=lambda *_: b"sound"))
    before = build.make(job)
    for path in store.folder.glob("*/*.json"):
        path.write_bytes(content)
    again = build.make(job)
    assert again.made
    assert again.outputs == before.outputs


def test_a_trace_that_was_tampered_with_is_not_believed(build, store, kitchen):
    job = Job("t", kitchen.recipe("r", make=lambda *_: b"sound"))
    good = build.make(job).outputs["out"]
    wrong = store.put(b"wrong")
    trace = store.folder / "traces" / f"{job.key}.json"
    trace.write_text(trace.read_text().replace(good, wrong))
    assert build.make(job).outputs["out"] == good


def test_a_recipe_that_is_not_repeatable_is_named(build, store, kitchen):
    rolls = iter((b"1", b"2"))
    job = Job("t", kitchen.recipe("dice", make=lambda *_: next(rolls)))
    digest = build.make(job).outputs["out"]
    store.blob(digest).path.unlink()
    assert "recipe 'dice' is not repeatable" in build.make(job).receipt.reasons[-1]
    assert "not repeatable" in store.receipts.read("t")[0].reasons[-1]
    assert len(store.receipts.read("t")) == 2


def test_results_come_in_the_order_of_the_jobs_on_every_executor(tmp_path):
    inline = small_graph.make_all(Build(Store(tmp_path / "a")))
    with ThreadExecutor(3) as threads:
        threaded = small_graph.make_all(Build(Store(tmp_path / "b")), threads)
    assert threaded == inline
    assert list(inline) == ["text", *(f"dry/{part}" for part in small_graph.PARTS), "mix"]


def test_threads_work_at_the_same_time(build):
    meeting = threading.Barrier(2, timeout=20)

    def meet(inputs, params):
        meeting.wait()
        return {"out": params["name"].encode()}

    jobs = [Job(name, Recipe("meet", 1, meet), {"name": name}) for name in "ab"]
    with ThreadExecutor(2) as threads:
        assert [made.target for made in build.make_all(jobs, executor=threads)] == ["a", "b"]


def test_events_tell_what_happens_in_the_callers_thread(store, kitchen):
    events, caller = [], threading.get_ident()

    def hear(event):
        assert threading.get_ident() == caller
        events.append(event)

    build, recipe = Build(store, on_event=hear), kitchen.recipe("r")
    with ThreadExecutor(2) as threads:
        build.make_all([Job(name, recipe, {"n": name}) for name in "abcd"], executor=threads)
    assert sorted((event.target, event.state) for event in events) == [
        (name, state) for name in "abcd" for state in ("done", "start")
    ]
    assert all(event.made == (event.state == "done") for event in events)
    events.clear()
    build.make(Job("a", recipe, {"n": "a"}))
    assert events == [Event("a", "found")]


def test_a_failing_recipe_is_one_clear_error_and_the_others_are_kept(store, kitchen):
    events = []
    build = Build(store, on_event=lambda event: events.append((event.target, event.state)))
    good, bad = kitchen.recipe("good"), Recipe("string", 1, small_graph.fail)
    jobs = [Job("a", good, {"n": 1}), Job("b", bad), Job("c", good, {"n": 3})]
    with pytest.raises(
        BuildError, match=r"b: recipe 'string' failed: ValueError: the string broke"
    ):
        build.make_all(jobs)
    assert events == [("a", "start"), ("a", "done"), ("b", "start"), ("b", "failed")]
    assert build.make(jobs[0]).made is False


def test_the_recipes_own_errors_pass_unchanged(build):
    def refuse(inputs, params):
        raise StyleError("there is no style 'polka'")

    with pytest.raises(StyleError, match="polka"):
        build.make(Job("t", Recipe("r", 1, refuse)))


@pytest.mark.parametrize("wrong", [None, [b"x"], {"out": 3}, {"out": None}])
def test_a_recipe_that_gives_something_odd_is_a_clear_error(build, wrong):
    with pytest.raises(BuildError, match="recipe 'odd' failed"):
        build.make(Job("t", Recipe("odd", 1, lambda inputs, params: wrong)))


def test_a_missing_input_is_a_clear_error(build, kitchen):
    with pytest.raises(BuildError, match=r"missing from the store"):
        build.make(Job("t", kitchen.recipe("r"), inputs={"part": "0" * 64}))


def test_a_cancelled_build_starts_nothing_more(store, kitchen):
    build = Build(store, cancelled=lambda: len(kitchen.ran) >= 2)
    jobs = [Job(name, kitchen.recipe("r"), {"n": name}) for name in "abcd"]
    with pytest.raises(Cancelled, match=r"stopped\. What is finished is kept"):
        build.make_all(jobs)
    assert len(kitchen.ran) == 2
    again = Build(store).make_all(jobs)
    assert [made.made for made in again] == [False, False, True, True]


def test_ctrl_c_lets_running_threads_finish_and_keeps_what_they_made(store, kitchen):
    started = threading.Barrier(2, timeout=20)

    def slow(inputs, params):
        started.wait()
        return {"out": b"slow"}

    def press(event):
        if (event.target, event.state) == ("b", "start"):
            started.wait()
            raise KeyboardInterrupt

    jobs = [Job("a", Recipe("slow", 1, slow)), Job("b", kitchen.recipe("r"))]
    with ThreadExecutor(2) as threads, pytest.raises(KeyboardInterrupt):
        Build(store, on_event=press).make_all(jobs, executor=threads)
    assert [made.made for made in Build(store).make_all(jobs)] == [False, True]


def test_ctrl_c_within_a_recipe_leaves_the_store_sound(store, kitchen):
    def half(inputs, params):
        def pieces():
            yield b"half"
            raise KeyboardInterrupt

        return {"out": pieces()}

    with pytest.raises(KeyboardInterrupt):
        Build(store).make(Job("t", Recipe("half", 1, half)))
    assert list((store.folder / "temporary").iterdir()) == []
    assert Build(store).make(Job("t", kitchen.recipe("half", version=1))).made


def test_a_sweep_never_takes_what_the_latest_receipts_name(tmp_path):
    store = Store(tmp_path, limit_bytes=0)
    outputs = small_graph.make_all(Build(store))
    assert store.sweep(grace_s=0) == 0
    seen = []
    build = Build(store, on_event=lambda event: seen.append(event.state))
    assert small_graph.make_all(build) == outputs
    assert set(seen) == {"found"}


def test_a_sweep_drops_targets_that_are_no_longer_wanted(tmp_path):
    store = Store(tmp_path, limit_bytes=0)
    small_graph.make_all(Build(store))
    live = ["text", "dry/bass"]
    store.sweep(live=live, grace_s=0)
    assert sorted(receipt.target for receipt in store.receipts.latest()) == sorted(live)
    kept = {path.parent.name + path.name for path in store.folder.glob("objects/??/*")}
    assert kept == store.receipts.named()
    assert len(list(store.folder.glob("traces/*"))) == 2


@pytest.mark.parametrize("target", ["", "/a", "a//b", "a/"])
def test_odd_targets_are_refused(build, kitchen, target):
    with pytest.raises(BuildError, match="not a target's name"):
        build.make(Job(target, kitchen.recipe("r")))


@pytest.mark.parametrize(
    "target", ["..", "../../x", ".", "a.json/b", "é ü/七", "\0\n", "x" * 300, "a%2Eb"]
)
def test_any_other_target_has_a_receipt_of_its_own_within_the_store(build, store, kitchen, target):
    for name in (target, "a", "a.b", "b"):
        build.make(Job(name, kitchen.recipe("r")))
    assert store.receipts.read(target)[0].target == target
    assert len({receipt.target for receipt in store.receipts.latest()}) == 4
    assert [path.name for path in store.folder.parent.iterdir()] == ["store"]
