"""Filters over stored records, most of which need not be parsed for it.

What a condition means is defined by `mockserver.query.filtering`; here is only how to come to the
same answer with less work: an index where there is one, else the first-level values of a record,
else a search for the text in its JSON, and only then the parsed promotion.
"""

from collections.abc import Callable, Iterable, Sequence

from mockserver.blocks import item_at
from mockserver.json_text import write_json
from mockserver.query.filtering import Alternatives, Comparison, Condition, Filter
from mockserver.query.values import Operand
from mockserver.record import ABSENT, NESTED, Record, href_of
from mockserver.slices import Slices, paced, parts
from mockserver.store import PromotionStore

Passing = Callable[[Iterable[Record | None]], list[Record]]
Holds = Callable[[Record], bool]

_HREF = "href"
_WORDS = {"true", "false", "null"}


def indexed(store: PromotionStore, conditions: Filter) -> tuple[Sequence[int] | None, Filter]:
    """Return the numbers of the records that an index leaves over, and what to ask them still.

    Returns:
        The shortest list that an index gives for one of the conditions, and the others; None and
        all conditions where there is no index.

    """
    found: Sequence[int] | None = None
    left = conditions
    for group in conditions:
        texts = _texts(group)
        numbers = None if texts is None else store.having(group[0].path[0], texts)
        if numbers is not None and (found is None or len(numbers) < len(found)):
            found, left = numbers, tuple(other for other in conditions if other is not group)
    return found, left


def matching(store: PromotionStore, conditions: Filter, root: str) -> Slices[list[Record]]:
    """Return the records that satisfy a filter, as they all are at the first slice.

    Args:
        store: the promotions.
        conditions: the filter.
        root: the API root, for conditions on href.

    """
    numbers, left = indexed(store, conditions)
    passes = [_passing(group, root) for group in left]
    snapshot = store.snapshot()

    def narrowed(records: Iterable[Record | None]) -> Iterable[Record]:
        for passing in passes:
            records = passing(records)
        return (record for record in records if record is not None)

    if numbers is None:
        return (yield from paced(snapshot, narrowed))
    return (
        yield from paced(
            parts(tuple(numbers)),
            lambda part: narrowed([item_at(snapshot, number) for number in part]),
        )
    )


def _texts(group: Alternatives) -> frozenset[str] | None:
    """Return the texts of a group that asks whether a first-level value equals one; else None.

    A date or a date-time is no such text, since it also equals what writes the moment otherwise.
    """
    texts: set[str] = set()
    for condition in group:
        if (
            not isinstance(condition, Comparison)
            or condition.operator != "eq"
            or len(condition.path) > 1
            or condition.path != group[0].path
            or any(operand.moment or operand.day for operand in condition.operands)
        ):
            return None
        texts.update(operand.text for operand in condition.operands)
    return frozenset(texts)


def _passing(group: Alternatives, root: str) -> Passing:
    """Return what takes the records that satisfy one of these conditions."""
    asked = [_asking(condition, root) for condition in group]
    holds = asked[0] if len(asked) == 1 else lambda record: any(ask(record) for ask in asked)
    text, name = _only_text(group), group[0].path[0]
    if text is None or name == _HREF:
        return lambda records: [
            record for record in records if record is not None and holds(record)
        ]
    return lambda records: [
        record
        for record in records
        if record is not None
        and ((value := record.top.get(name)) == text or (value is NESTED and holds(record)))
    ]


def _only_text(group: Alternatives) -> str | None:
    """Return the one text that a first-level value must be, if it can be nothing else."""
    texts = _texts(group)
    condition = group[0]
    if texts is None or len(texts) > 1 or not isinstance(condition, Comparison):
        return None
    return condition.operands[0].text if _equals_only_text(condition.operands[0]) else None


def _asking(condition: Condition, root: str) -> Holds:
    """Return whether a record satisfies a condition."""
    name, nested = condition.path[0], len(condition.path) > 1
    if name == _HREF:
        return lambda record: condition.holds({_HREF: href_of(record.id, root)})
    traces = _traces(condition)

    def holds(record: Record) -> bool:
        value = record.top.get(name, ABSENT)
        if value is NESTED:
            suspected = traces is None or any(trace in record.body for trace in traces)
            return suspected and condition.holds(record.promotion)
        return not nested and value is not ABSENT and condition.accepts(value)

    return holds


def _traces(condition: Condition) -> list[bytes] | None:
    """Return texts of which the JSON of a record that satisfies it has one; None if unknown."""
    if not isinstance(condition, Comparison) or condition.operator != "eq":
        return None
    traces = [b'"' + operand.text.encode() + b'"' for operand in condition.operands]
    plain = all(
        _equals_only_text(operand) and write_json(operand.text) == trace
        for operand, trace in zip(condition.operands, traces, strict=True)
    )
    return traces if plain else None


def _equals_only_text(operand: Operand) -> bool:
    """Tell whether nothing but this very text equals the operand."""
    otherwise = (operand.number, operand.day, operand.moment)
    return operand.text not in _WORDS and all(reading is None for reading in otherwise)
