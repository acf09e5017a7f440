"""Whole runs against the mock: each defect is caught by the checks that are about it, and by no
others; each legitimate variant stays conformant. The expectations are literal."""

import pytest

from conformance import run
from mockserver.embedded import running_mock
from mockserver.settings import Settings
from mockserver.variants import VARIANTS

pytestmark = pytest.mark.slow

FILTERS = {
    "FILTER-AND",
    "FILTER-DESCRIPTION",
    "FILTER-ENCODED",
    "FILTER-ID",
    "FILTER-NAME",
    "SELECT-WITH-FILTER",
}
FILTERS_SHOULD = {
    "FILTER-EQ",
    "FILTER-GREATER",
    "FILTER-LESS",
    "FILTER-OR-COMMA",
    "FILTER-OR-REPEAT",
    "FILTER-OR-SEMICOLON",
    "FILTER-REGEX",
}
LISTS_BY_FILTER = {
    "CONCURRENT-PAGES",
    "PAGE-COMPLETE",
    "PAGE-LIMIT",
    "PAGE-LINK",
    "PAGE-OFFSET",
    "PAGE-OFFSET-ABSENT",
    "PAGE-RESULT-COUNT",
    "PAGE-STATUS",
    "PAGE-TOTAL-COUNT",
    "PAGE-TOTAL-COUNT-SENT",
    "PAGE-WALK",
    "SORT-ASCENDING",
    "SORT-DESCENDING",
    "SORT-PAGES",
    "SORT-SEVERAL",
}

DEFECTS = {
    "create-answers-200": ({"CREATE-201"}, set(), set()),
    "create-without-location": ({"CREATE-LOCATION"}, set(), set()),
    "filter-ignored": (
        FILTERS | {"FILTER-EMPTY"},
        FILTERS_SHOULD | {"FILTER-CASE"},
        LISTS_BY_FILTER,
    ),
    "fields-ignored": (
        {
            "SELECT-EACH-LIST",
            "SELECT-EACH-RETRIEVE",
            "SELECT-LIST",
            "SELECT-NONE",
            "SELECT-RETRIEVE",
            "SELECT-SEVERAL",
            "SELECT-WITH-FILTER",
        },
        set(),
        set(),
    ),
    "limit-ignored": ({"PAGE-LIMIT"}, {"PAGE-LINK"}, set()),
    "patch-replaces-whole": ({"PATCH-NESTED", "PATCH-UNTOUCHED"}, {"CONCURRENT-PATCH"}, set()),
    "delete-keeps-it": ({"DELETE-GONE", "DELETE-UNLISTED"}, {"DELETE-TWICE"}, set()),
    "list-hides-new": (
        FILTERS | {"CONCURRENT-CREATE", "LIST-CREATED"},
        FILTERS_SHOULD,
        LISTS_BY_FILTER,
    ),
    "no-create-event": (
        {"EVENT-CREATE"},
        set(),
        {"EVENT-QUERY", "EVENT-SCHEMA", "EVENT-SECOND"},
    ),
    "missing-name-accepted": ({"CREATE-MISSING-NAME"}, set(), set()),
}
"""Defect: the checks that fail, that warn, and that are blocked, without the prefix TMF671-."""

CASES = [(defect, "4.1.0") for defect in DEFECTS] + [
    (defect, "4.0.0") for defect in ("fields-ignored", "no-create-event", "delete-keeps-it")
]


def judged(version="4.1.0", **mock):
    with running_mock(Settings(api_version=version, seed=5, **mock)) as url:
        return run(url, api_version=version, fuzz=0, event_timeout=2.5, seed=1)


def found(results, outcome):
    return {c.id.removeprefix("TMF671-") for c in results.checks if c.outcome == outcome}


@pytest.mark.parametrize(("defect", "version"), CASES)
def test_a_defect_is_caught_by_the_checks_that_are_about_it(defect, version):
    failed, warned, blocked = DEFECTS[defect]
    results = judged(version, defects=(defect,))
    assert found(results, "failed") == failed
    assert found(results, "warned") == warned
    assert found(results, "blocked") == blocked
    assert found(results, "error") == set()
    assert results.verdict == "not-conformant"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_legitimate_variant_is_conformant(variant):
    results = judged(variants=(variant,))
    assert found(results, "failed") == found(results, "error") == found(results, "blocked") == set()
    assert results.verdict == "conformant"


def test_what_is_not_offered_is_not_applicable():
    results = judged(variants=("no-patch-no-delete", "no-hub"))
    unoffered = {c.id for c in results.checks if c.outcome == "not-applicable"}
    assert {"TMF671-PATCH-200", "TMF671-DELETE-204", "TMF671-HUB-201"} <= unoffered
    assert results.target.capabilities == {
        "create": True,
        "patch": False,
        "delete": False,
        "hub": False,
    }
    assert results.verdict == "conformant"


def test_what_could_not_be_deleted_is_listed():
    results = judged(variants=("no-patch-no-delete",))
    assert results.cleanup.created > 10
    promotions = [left for left in results.cleanup.left if left.url.startswith("/promotion/")]
    assert len(promotions) == len(results.cleanup.left)
    assert {left.reason for left in promotions} == {"DELETE was answered 405"}
