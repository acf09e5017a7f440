"""The catalogue of promotions, in memory, in the order of insertion."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.conditional import validators

Promotion = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A stored promotion, without href, which depends on how the client reaches the server.

    Args:
        promotion: the promotion; nobody changes it.
        validators: its ETag and Last-Modified.
        seeded: it was there when the mock started.

    """

    promotion: Promotion
    validators: Mapping[str, str]
    seeded: bool

    @property
    def id(self) -> str:
        """The promotion's id."""
        return str(self.promotion["id"])

    @property
    def etag(self) -> str:
        """The strong entity tag, quotes included."""
        return self.validators["ETag"]


class PromotionStore:
    """Records by id. A record is never changed in place, so what was read stays as it was."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def __contains__(self, promotion_id: object) -> bool:
        return promotion_id in self._records

    def get(self, promotion_id: str) -> Record | None:
        """Return the record with this id, or None."""
        return self._records.get(promotion_id)

    def put(self, promotion: Promotion, *, seeded: bool = False) -> Record:
        """Add a promotion, or replace the one with its id where it stands."""
        record = Record(promotion, validators(promotion), seeded)
        self._records[record.id] = record
        return record

    def replace_all(self, records: Iterable[Record]) -> None:
        """Hold these records and no others, in this order."""
        self._records = {record.id: record for record in records}

    def remove(self, promotion_id: str) -> None:
        """Remove the record with this id.

        Raises:
            KeyError: there is none.

        """
        del self._records[promotion_id]
