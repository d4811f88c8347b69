from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.chance import chance, fresh_seed

paths = st.lists(st.integers(0, 99) | st.text("abc", min_size=1, max_size=3), max_size=3)


@given(st.integers(), paths)
def test_the_same_choice_comes_out_the_same(seed, path):
    assert chance(seed, *path).random() == chance(seed, *path).random()
    assert 0 <= fresh_seed(seed, *path) < 2**63


@given(st.integers(0, 99), paths, paths)
def test_different_choices_have_generators_of_their_own(seed, one, two):
    same = [str(part) for part in one] == [str(part) for part in two]
    assert (fresh_seed(seed, *one) == fresh_seed(seed, *two)) == same
    assert fresh_seed(seed, *one) != fresh_seed(seed + 1, *one)


def test_the_dice_never_change_by_accident():
    """If this fails, every song that was ever produced changes."""
    assert fresh_seed(1, "tune", "verse1", 3) == 7713654653743684944
    assert round(chance(1, "tune").random(), 12) == 0.314121214321
