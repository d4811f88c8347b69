from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.build import Job, Recipe, digest_of, digest_of_value
from tonmeister.build.digests import canonical
from tonmeister.model.sheets import RoomPlan

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda parts: (
        st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=3), parts, max_size=3)
    ),
    max_leaves=8,
)


class Feel(StrEnum):
    LAID_BACK = "laid-back"


@dataclass(frozen=True)
class Setting:
    gain_db: float


def nothing(inputs, params):
    return {}


def key(*, name="render", version=1, params=None, inputs=None, tools=(), target="t", why=""):
    return Job(target, Recipe(name, version, nothing, tools), params or {}, inputs or {}, why).key


def test_a_digest_is_sha_256():
    assert digest_of(b"abc").startswith("ba7816bf8f01cfea")


@given(plain)
def test_the_order_of_keys_does_not_count(value):
    def turned(part):
        if isinstance(part, dict):
            return {name: turned(item) for name, item in reversed(part.items())}
        return tuple(map(turned, part)) if isinstance(part, list) else part

    assert digest_of_value(turned(value)) == digest_of_value(value)


def test_different_values_have_different_digests():
    values = [
        None, True, False, 1, 1.0, 0, 0.0, -0.0, 2, "1", "1.0", "", "None", [], [[]], {}, [1],
        {"1": 1}, float("inf"), float("-inf"), float("nan"), Fraction(1), Fraction(3, 2), "3/2",
        b"1", "inf", Setting(1.0), {"gain_db": 1.0}, RoomPlan(), RoomPlan(decay_s=2), [None],
        {"a": None},
    ]  # fmt: skip
    assert len({digest_of_value(value) for value in values}) == len(values)


def test_equal_settings_have_the_same_digest():
    assert digest_of_value((1, [2])) == digest_of_value([1, (2,)])
    assert digest_of_value(Feel.LAID_BACK) == digest_of_value("laid-back")
    assert digest_of_value(bytearray(b"a")) == digest_of_value(memoryview(b"a"))


@pytest.mark.parametrize("value", [{1, 2}, object(), print, {1: 2}, [{"a": {"b": {3}}}], Setting])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(TypeError, match="params"):
        digest_of_value({"x": value})


def test_the_error_says_where():
    with pytest.raises(TypeError, match=r"params\.mix\[1\]\.eq: a set"):
        canonical({"mix": [0, {"eq": {1}}]})


def test_a_key_depends_on_all_that_decides_the_bytes():
    keys = [
        key(),
        key(name="mix"),
        key(version=2),
        key(params={"tempo": 84}),
        key(params={"tempo": 84.0}),
        key(inputs={"part": "a" * 64}),
        key(inputs={"part": "b" * 64}),
        key(inputs={"song": "a" * 64}),
        key(tools=("libfluidsynth 2.3.1",)),
        key(tools=("libfluidsynth 2.3.2",)),
    ]
    assert len(set(keys)) == len(keys)


def test_a_key_depends_on_nothing_else():
    other = Job(
        "u", Recipe("render", 1, print), {"b": 1, "a": 2}, {"x": "1", "y": "2"}, "I want it"
    )
    assert other.key == key(params={"a": 2, "b": 1}, inputs={"y": "2", "x": "1"})


def test_the_key_of_a_step_never_changes_by_accident():
    """If this fails, all stores are made again: raise the number in "Step.1" and say so."""
    job = Job("t", Recipe("r", 3, nothing, ("x 1",)), {"a": [1, 1.5, Fraction(1, 3)]}, {"p": "0"})
    assert job.key == "7841ab108c2dfe653aa982cb488d9fade388b60db21ffa017f11bf07a1d8921b"
