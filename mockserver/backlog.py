"""A queue that is bounded in number and in bytes, so that no dead subscriber costs more memory."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class HasBody(Protocol):
    """Something whose size is that of its body."""

    @property
    def body(self) -> bytes:
        """The bytes that count."""
        ...


_Item = TypeVar("_Item", bound=HasBody)


class Backlog(Generic[_Item]):
    """Items in order, where the oldest give way to new ones.

    Args:
        most: how many it holds.
        most_bytes: how many bytes their bodies may have together; one item always fits.

    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._items: deque[_Item] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[_Item]:
        return iter(self._items)

    def put(self, item: _Item) -> list[_Item]:
        """Add an item at the end, and return those at the front that gave way to it."""
        self._items.append(item)
        self._bytes += len(item.body)
        gone = []
        while len(self) > 1 and (len(self) > self._most or self._bytes > self._most_bytes):
            gone.append(self.take())
        return gone

    def take(self) -> _Item:
        """Remove the oldest item and return it.

        Raises:
            IndexError: there is none.

        """
        item = self._items.popleft()
        self._bytes -= len(item.body)
        return item
