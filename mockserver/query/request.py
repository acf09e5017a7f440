"""A whole query string, parsed."""

from dataclasses import dataclass
from functools import lru_cache

from mockserver.query.errors import QueryError
from mockserver.query.filtering import (
    Alternatives,
    Filter,
    check_weight,
    find_operator,
    merge_repeated,
    parse_alternatives,
)
from mockserver.query.json_path import ResourceFilter, parse_filter
from mockserver.query.paging import WHOLE, Page, parse_count
from mockserver.query.selection import Selection, parse_selection
from mockserver.query.sorting import SortKey, parse_sort
from mockserver.query.text import decode, split_raw

RESERVED = frozenset({"fields", "offset", "limit", "sort", "filter"})


@dataclass(frozen=True, slots=True)
class Query:
    """What a query string asks for."""

    conditions: Filter = ()
    selection: Selection | None = None
    page: Page = WHOLE
    sort: tuple[SortKey, ...] = ()
    json_path: ResourceFilter | None = None


def parse_query(raw: str) -> Query:
    """Parse the raw query string, without its question mark.

    Raises:
        QueryError: a part has no meaning; it names the part.

    """
    if not raw:
        return _EVERYTHING
    return _remembered(raw) if len(raw) <= _LONGEST_REMEMBERED else _parse(raw)


def _parse(raw: str) -> Query:
    groups: list[Alternatives] = []
    reserved: dict[str, list[str]] = {}
    for part in split_raw(raw, "&"):
        found = find_operator(part)
        name = decode(part[: found.start()]) if found else ""
        if found and found[0] in {"=", "=~"} and name in RESERVED:
            reserved.setdefault(name, []).append(decode(part[found.start() + 1 :]))
        elif part:
            groups.append(_filter(part))
    conditions = merge_repeated(groups)
    check_weight(conditions)
    return Query(
        conditions=conditions,
        selection=parse_selection(",".join(reserved.get("fields", []))),
        page=Page(_count(reserved, "offset") or 0, _count(reserved, "limit")),
        sort=parse_sort(",".join(reserved.get("sort", []))),
        json_path=parse_filter(reserved.get("filter", [])),
    )


_EVERYTHING = Query()
_LONGEST_REMEMBERED = 256
_remembered = lru_cache(maxsize=256)(_parse)


def _filter(part: str) -> Alternatives:
    group = parse_alternatives(part)
    for condition in group:
        if condition.path[0] in RESERVED:
            raise QueryError(decode(part), f"'{condition.path[0]}' takes only a plain value")
    return group


def _count(reserved: dict[str, list[str]], name: str) -> int | None:
    text = _single(reserved, name)
    return None if text is None else parse_count(name, text)


def _single(reserved: dict[str, list[str]], name: str) -> str | None:
    values = reserved.get(name, [])
    if len(values) > 1:
        raise QueryError(name, "is given more than once")
    return values[0] if values else None
