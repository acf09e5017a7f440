"""A long sequence that can be looked at as it was, while it changes.

Items are numbered as they come and lie in blocks. A snapshot is the tuple of the blocks; a block
that a snapshot has is copied before it changes. So a snapshot of a million items costs
microseconds, and a change after it copies one block only.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

SIZE = 128
"""Items of one block; what a scan does without a pause is bounded by it."""

_Item = TypeVar("_Item")

Snapshot = tuple[list[_Item | None], ...]
"""Blocks that nobody changes any more; None is where an item was removed."""


class _Block(Generic[_Item]):
    __slots__ = ("epoch", "items", "present")

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.items: list[_Item | None] = []
        self.present = 0


class Blocks(Generic[_Item]):
    """Items by their number, which is their place in the order of arrival."""

    def __init__(self) -> None:
        self._blocks: list[_Block[_Item]] = []
        self._epoch = 0

    def append(self, item: _Item) -> int:
        """Add an item and return its number."""
        if not self._blocks or len(self._blocks[-1].items) == SIZE:
            self._blocks.append(_Block(self._epoch))
        block = self._own(len(self._blocks) - 1)
        block.items.append(item)
        block.present += 1
        return (len(self._blocks) - 1) * SIZE + len(block.items) - 1

    def __getitem__(self, number: int) -> _Item:
        item = self._blocks[number // SIZE].items[number % SIZE]
        assert item is not None
        return item

    def __setitem__(self, number: int, item: _Item) -> None:
        self._own(number // SIZE).items[number % SIZE] = item

    def __delitem__(self, number: int) -> None:
        block = self._own(number // SIZE)
        block.items[number % SIZE] = None
        block.present -= 1

    def snapshot(self) -> Snapshot[_Item]:
        """Return all blocks as they are now and stay."""
        self._epoch += 1
        return tuple(block.items for block in self._blocks)

    def after(self, offset: int) -> Iterator[_Item]:
        """Give the items in order, without the first `offset` of them; nothing may change."""
        for block in self._blocks:
            if offset >= block.present:
                offset -= block.present
                continue
            for item in block.items:
                if item is None:
                    continue
                if offset:
                    offset -= 1
                else:
                    yield item

    def _own(self, index: int) -> _Block[_Item]:
        """Return a block that no snapshot has."""
        block = self._blocks[index]
        if block.epoch < self._epoch:
            block.items = block.items.copy()
            block.epoch = self._epoch
        return block


def item_at(snapshot: Snapshot[_Item], number: int) -> _Item:
    """Return the item with this number, which was there when the snapshot was taken."""
    item = snapshot[number // SIZE][number % SIZE]
    assert item is not None
    return item
