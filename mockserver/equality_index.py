"""Which promotions have a certain text as an attribute, in the order of insertion."""

from bisect import bisect_left, insort
from collections.abc import Collection, Mapping
from typing import Any

from mockserver.record import ABSENT


class EqualityIndex:
    """The numbers of the records by the text that they have at one first-level attribute."""

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute
        self._numbers: dict[str, list[int]] = {}
        self._no_texts = 0

    def add(self, top: Mapping[str, Any], number: int) -> None:
        """Take in a record, given by its first-level attributes."""
        value = top.get(self._attribute, ABSENT)
        if isinstance(value, str):
            insort(self._numbers.setdefault(value, []), number)
        elif value is not ABSENT:
            self._no_texts += 1

    def discard(self, top: Mapping[str, Any], number: int) -> None:
        """Take out a record that was taken in with the same arguments."""
        value = top.get(self._attribute, ABSENT)
        if isinstance(value, str):
            numbers = self._numbers[value]
            del numbers[bisect_left(numbers, number)]
            if not numbers:
                del self._numbers[value]
        elif value is not ABSENT:
            self._no_texts -= 1

    def change(self, before: Mapping[str, Any], after: Mapping[str, Any], number: int) -> None:
        """Take a record in anew after it changed in its place."""
        old, new = before.get(self._attribute, ABSENT), after.get(self._attribute, ABSENT)
        if old is not new and not (isinstance(old, str) and old == new):
            self.discard(before, number)
            self.add(after, number)

    def having(self, texts: Collection[str]) -> list[int] | None:
        """Return the numbers of the records with one of these texts, ascending; do not change it.

        None where a record has something else than a text, which the index does not know.
        """
        if self._no_texts:
            return None
        if len(texts) == 1:
            return self._numbers.get(next(iter(texts)), [])
        return sorted(number for text in texts for number in self._numbers.get(text, ()))
