"""The catalogue of promotions, in memory, in the order of insertion."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from mockserver.blocks import Blocks, Snapshot
from mockserver.equality_index import EqualityIndex
from mockserver.record import Promotion, Record, record_of

__all__ = ["INDEXED", "Promotion", "PromotionStore", "Record"]

INDEXED = ("name", "lifecycleStatus", "promotionType")
"""The attributes, besides id, by whose text promotions are found without a scan."""


class PromotionStore:
    """Records by id. A record is never changed in place, so what was read stays as it was."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._records: Blocks[Record] = Blocks()
        self._indexes = {name: EqualityIndex(name) for name in INDEXED}

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Record]:
        for block in self.snapshot():
            yield from (record for record in block if record is not None)

    def __contains__(self, promotion_id: object) -> bool:
        return promotion_id in self._numbers

    def get(self, promotion_id: str) -> Record | None:
        """Return the record with this id, or None."""
        number = self._numbers.get(promotion_id)
        return None if number is None else self._records[number]

    def put(self, promotion: Promotion, *, seeded: bool = False) -> Record:
        """Add a promotion, or replace the one with its id where it stands."""
        record = record_of(promotion, seeded=seeded)
        self._put(record)
        return record

    def replace_all(self, records: Iterable[Record]) -> None:
        """Hold these records and no others, in this order."""
        kept = tuple(records)
        self._numbers, self._records = {}, Blocks()
        self._indexes = {name: EqualityIndex(name) for name in INDEXED}
        for record in kept:
            self._put(record)

    def remove(self, promotion_id: str) -> None:
        """Remove the record with this id.

        Raises:
            KeyError: there is none.

        """
        number = self._numbers.pop(promotion_id)
        top = self._records[number].top
        del self._records[number]
        for index in self._indexes.values():
            index.discard(top, number)

    def page(self, offset: int, limit: int | None) -> list[Record]:
        """Return at most `limit` records from `offset` on."""
        most = len(self) if limit is None else min(limit, len(self))
        return list(islice(self._records.after(offset), most))

    def snapshot(self) -> Snapshot[Record]:
        """Return all records, in blocks, as they are now and stay."""
        return self._records.snapshot()

    def numbered(self, number: int) -> Record:
        """Return the record with a number that `having` gave."""
        return self._records[number]

    def having(self, attribute: str, texts: Collection[str]) -> list[int] | None:
        """Return the numbers of the records that have one of these texts as an attribute.

        They ascend in the order of insertion, and nobody may change them. None where no index
        tells.
        """
        if attribute == "id":
            return sorted(self._numbers[text] for text in texts if text in self._numbers)
        index = self._indexes.get(attribute)
        return None if index is None else index.having(texts)

    def _put(self, record: Record) -> None:
        number = self._numbers.get(record.id)
        if number is None:
            number = self._numbers[record.id] = self._records.append(record)
            for index in self._indexes.values():
                index.add(record.top, number)
        else:
            before = self._records[number].top
            self._records[number] = record
            for index in self._indexes.values():
                index.change(before, record.top, number)
