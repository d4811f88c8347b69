"""Local randomness: every random choice has a generator of its own, named by what is chosen.

Changing one choice can therefore never shake another one.
"""

from __future__ import annotations

import hashlib
import random


def chance(seed: int, *path: str | int) -> random.Random:
    """The generator for the choice at `path` of the production with this `seed`.

    Args:
        seed: the production's seed.
        path: names what is being chosen, for example ``("tune", "verse1", 3)``.
    """
    text = "\x1f".join((str(seed), *map(str, path)))
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return random.Random(int.from_bytes(digest, "big"))


def fresh_seed(seed: int, *path: str | int) -> int:
    """A derived 63-bit seed, for engines that want a number."""
    return chance(seed, *path).getrandbits(63)
