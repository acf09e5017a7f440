"""Sorting stored records in slices, most of them without parsing them."""

import heapq
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from mockserver.blocks import SIZE
from mockserver.query.paths import Path
from mockserver.query.sorting import SortKey, rank
from mockserver.record import NESTED, Record, href_of
from mockserver.slices import Slices, paced, parts

_RUN = 16 * SIZE

_Ranked = tuple[tuple[int, Any] | None, Record]


def ordered(records: list[Record], keys: Sequence[SortKey], root: str) -> Slices[list[Record]]:
    """Return the records as `mockserver.query.sorting.sort` orders their representations.

    Args:
        records: the records, in the order that decides where the keys do not.
        keys: the keys, the first one first.
        root: the API root, for keys on href.

    """
    for key in reversed(keys):
        ranked = yield from _ranked(records, key.path, root)
        present = [pair for pair in ranked if pair[0] is not None]
        absent = [record for place, record in ranked if place is None]
        in_order = yield from _merge_sorted(present, descending=key.descending)
        records = [record for _, record in in_order] + absent
    return records


def _ranked(records: Sequence[Record], path: Path, root: str) -> Slices[list[_Ranked]]:
    name = path[0]

    def places(part: Iterable[Record]) -> list[_Ranked]:
        found: list[_Ranked] = []
        for record in part:
            if name == "href":
                seen: Any = {"href": href_of(record.id, root)}
            else:
                seen = record.promotion if record.top.get(name) is NESTED else record.top
            found.append((rank(seen, path), record))
        return found

    return (yield from paced(parts(records), places))


def _merge_sorted(pairs: Sequence[_Ranked], *, descending: bool) -> Slices[list[_Ranked]]:
    """Sort runs, then merge them: a single sort of all could not pause."""
    place = itemgetter(0)
    runs = yield from paced(
        parts(pairs, _RUN), lambda part: [sorted(part, key=place, reverse=descending)]
    )
    if len(runs) < 2:
        return runs[0] if runs else []
    merged = heapq.merge(*runs, key=place, reverse=descending)
    return (yield from paced(iter(lambda: list(islice(merged, SIZE)), []), list))
