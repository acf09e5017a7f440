"""Lists as a whole: compared with a plain recomputation that shares no code with the mock."""

import json
import re
from dataclasses import replace
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.exchange import Call
from mockserver.listing import list_promotions
from mockserver.settings import Settings
from mockserver.slices import at_once
from mockserver.tenant import open_tenant

ROOT = "http://host/api"
DAYS = [f"2026-01-0{day}T0{hour}:00:00" for day in (1, 2) for hour in (0, 6)]
"""Written with the offsets below; the recomputation knows them only as hours since the first."""

OFFSETS = {"Z": 0, "+06:00": -6, "-06:00": 6, "z": 0}

MOMENTS = st.tuples(st.integers(0, 3), st.sampled_from(sorted(OFFSETS)))
PROMOTIONS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["a", "b", "a,b", 'say "x"', "A"])},
        optional={
            "description": st.sampled_from(["d1", "d2", "d10"]),
            "rank": st.integers(-3, 3) | st.sampled_from([0.5, 2.5]),
            "moment": MOMENTS,
            "tags": st.lists(st.sampled_from("xyz"), max_size=3),
        },
    ),
    max_size=9,
)


def hours(moment):
    index, offset = moment
    return (0, 6, 24, 30)[index] + OFFSETS[offset]


def written(moment):
    index, offset = moment
    return DAYS[index] + offset


def stored(number, drawn):
    promotion = {"id": str(number), **drawn}
    if "moment" in drawn:
        del promotion["moment"]
        promotion["validFor"] = {"startDateTime": written(drawn["moment"])}
    if "tags" in drawn:
        promotion["tags"] = [{"key": tag} for tag in drawn["tags"]]
    return promotion


def listing(promotions, query):
    data = [stored(number, drawn) for number, drawn in enumerate(promotions)]
    tenant = open_tenant(Settings(data=data))
    call = Call("listPromotion", "GET", "/promotion", query, "http://host", ROOT, {})
    answer = at_once(list_promotions(tenant, call))
    return replace(answer, body=json.loads(answer.body))


def ids(answer):
    return [int(promotion["id"]) for promotion in answer.body]


def value(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return quote(f'"{escaped}"', safe="")


@settings(deadline=None)
@given(
    promotions=PROMOTIONS,
    names=st.lists(st.sampled_from(["a", "b", "a,b", 'say "x"', "B"]), min_size=1, max_size=2),
    rank=st.integers(-3, 3),
    tag=st.sampled_from("xyz"),
    moment=MOMENTS,
)
def test_filters_equal_a_plain_recomputation(promotions, names, rank, tag, moment):
    query = "&".join(
        [
            f"name={','.join(map(value, names))}",
            f"rank%3E%3D{rank};rank.lt={rank - 2}",
            f"validFor.startDateTime.lte={quote(written(moment))}",
        ]
    )
    expected = [
        number
        for number, drawn in enumerate(promotions)
        if drawn["name"] in names
        and "rank" in drawn
        and (drawn["rank"] >= rank or drawn["rank"] < rank - 2)
        and "moment" in drawn
        and hours(drawn["moment"]) <= hours(moment)
    ]
    assert ids(listing(promotions, query)) == expected
    tagged = [number for number, drawn in enumerate(promotions) if tag in drawn.get("tags", [])]
    assert ids(listing(promotions, f"tags.key={tag}")) == tagged


@settings(deadline=None)
@given(promotions=PROMOTIONS, rank=st.integers(-3, 3), tag=st.sampled_from("xyz"))
def test_a_json_path_combines_with_attribute_filters(promotions, rank, tag):
    path = quote(f"$[?(@.rank>{rank} || @.tags[?(@.key=='{tag}')])]")
    expected = [
        number
        for number, drawn in enumerate(promotions)
        if (("rank" in drawn and drawn["rank"] > rank) or tag in drawn.get("tags", []))
        and drawn["name"] in {"a", "b"}
    ]
    answer = listing(promotions, f"filter={path}&name=a,b&fields=none")
    assert ids(answer) == expected
    assert all(set(promotion) == {"id", "href"} for promotion in answer.body)


@settings(deadline=None)
@given(
    promotions=PROMOTIONS,
    limit=st.integers(1, 5),
    query=st.sampled_from(["", "name=a,b", "sort=-rank,name", "filter=$%5B?(@.rank%3E0)%5D"]),
)
def test_pages_of_any_limit_partition_any_result(promotions, limit, query):
    whole = ids(listing(promotions, query))
    paged, offset = [], 0
    while True:
        answer = listing(promotions, f"{query}&limit={limit}&offset={offset}")
        assert answer.headers["X-Total-Count"] == str(len(whole))
        assert answer.headers["X-Result-Count"] == str(len(answer.body))
        paged.extend(ids(answer))
        following = re.search(r"offset=(\d+)[^>]*>; rel=\"next\"", answer.headers.get("Link", ""))
        if following is None:
            break
        assert len(answer.body) == limit
        offset = int(following[1])
    assert paged == whole


@settings(deadline=None)
@given(promotions=PROMOTIONS)
def test_sorting_equals_a_plain_recomputation(promotions):
    answer = listing(promotions, "sort=validFor.startDateTime,-rank")
    by_rank = sorted(
        enumerate(promotions),
        key=lambda item: ("rank" not in item[1], -item[1].get("rank", 0), item[0]),
    )
    expected = sorted(
        by_rank,
        key=lambda item: (
            "moment" not in item[1],
            hours(item[1]["moment"]) if "moment" in item[1] else 0,
        ),
    )
    assert ids(answer) == [number for number, _ in expected]
