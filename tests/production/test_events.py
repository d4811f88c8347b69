"""The clock's estimate of the time left."""

from __future__ import annotations

from tonmeister.production.events import Clock, expected_costs


def test_time_left_follows_the_pace() -> None:
    moments = iter([0.0, 100.0, 100.0])
    clock = Clock({"render": 50.0, "mix": 50.0}, now=lambda: next(moments))
    clock.finish("render", 1.0)
    assert 90 < clock.left() <= 100  # half of the work took 100 s, so the other half will
    clock.finish("mix", 1.0)
    assert clock.left() == 0.0


def test_before_anything_is_done_the_expectation_stands() -> None:
    clock = Clock({"render": 8.0}, now=lambda: 0.0)
    assert clock.left() == 8.0


def test_what_is_found_done_says_nothing_of_the_pace() -> None:
    clock = Clock({"render": 5.0, "mix": 5.0}, now=lambda: 0.0)
    clock.finish("render", 1.0, found=True)
    assert clock.left() == 5.0


def test_costs_grow_with_length_and_band() -> None:
    short, long = expected_costs(1, 4), expected_costs(3, 10)
    assert all(short[stage] <= long[stage] for stage in short)
