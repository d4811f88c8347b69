"""Sound on arrays: buffers, filters, dynamics, space, meters, resampling. Pure functions."""

from __future__ import annotations


def warm_up() -> None:
    """Compile every kernel (about 20 s the first time on a machine, then cached)."""
    from tonmeister.signal.warmup import warm_up as compile_all

    compile_all()
