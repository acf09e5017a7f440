"""Ids that no promotion has, shaped like the target's own."""

from __future__ import annotations

import random

_SHORTEST = 8


def unknown_id(known: str, seed: int) -> str:
    """Return an id of the same shape as `known`: digits stay digits, hex letters hex letters.

    Servers that check the form of an id must be asked for one they can look up. A short id is
    replaced by a nine-digit one, which fits a 32-bit key.
    """
    chance = random.Random(f"{seed}:{known}")  # noqa: S311  (no secret)
    if sum(letter.isalnum() for letter in known) < _SHORTEST:
        return str(chance.randint(900_000_000, 999_999_999))
    return "".join(_replaced(letter, chance) for letter in known)


def _replaced(letter: str, chance: random.Random) -> str:
    for alphabet in ("0123456789", "abcdef", "ABCDEF", "ghijklmnopqrstuvwxyz"):
        if letter in alphabet:
            return chance.choice(alphabet)
    return letter
