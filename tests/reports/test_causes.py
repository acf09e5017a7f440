import msgspec
import pytest

from reports.causes import causes, finding, unjudged
from reports.results import Check


def check(id_, outcome="failed", **parts):
    values = {
        "title": f"title of {id_}",
        "section": "filtering",
        "level": "must",
        "requirements": (f"R-{id_}",),
        "blocked_by": None,
        "expected": None,
        "observed": None,
        "message": f"message of {id_}",
        "duration_ms": 1.0,
        "exchanges": (),
    }
    return Check(id=id_, outcome=outcome, **(values | parts))


@pytest.fixture
def grouped(results):
    """Return a function that groups checks: (title, kind, ids, ids of the blocked ones)."""

    def group(*checks):
        run = msgspec.structs.replace(results, checks=checks)
        return [
            (
                cause.title,
                cause.kind,
                [check.id for check in cause.checks],
                [check.id for check in cause.blocked],
            )
            for cause in causes(run)
        ]

    return group


@pytest.mark.parametrize(
    ("message", "same"),
    [
        ("filter by id: 35 found, 1 expected", "… found, … expected"),
        ("filter by name: 2 found, 10 expected.", "… found, … expected"),
        ("POST /promotion: the answer has no Location header", "the answer has no location header"),
        ('the name is "Spring 25"', "the name is …"),
        ("3f2504e0-4f89-41d3-9a0c-0305e82c3301 differs", "… differs"),
        ("it leads to http://crm.example.net/a?b=1 now", "it leads to … now"),
        ("none since 2026-03-01T00:00:00Z", "none since …"),
    ],
)
def test_a_finding_is_without_its_place_and_what_varies(message, same):
    assert finding(message) == same


def test_checks_with_the_same_finding_have_one_cause(grouped):
    assert grouped(
        check("A", message="GET /promotion: the body is not JSON"),
        check("B", message="something else"),
        check("C", message="POST /promotion: the body is not JSON"),
    ) == [
        ("the body is not JSON", "finding", ["A", "C"], []),
        ("something else", "alone", ["B"], []),
    ]


def test_a_finding_that_varies_is_titled_by_the_hint(grouped):
    ignored = "the filter is ignored"
    assert grouped(
        check("A", message="by id: 35 found, 1 expected"),
        check("B", message="by name: 34 found, 1 expected", hint=ignored),
    ) == [(ignored, "finding", ["A", "B"], [])]


def test_an_envelope_that_many_checks_saw_is_one_cause(grouped):
    assert grouped(
        check("A", message="the body is no promotion", observed=["promotion"]),
        check("B", message="there is no id", observed={"promotion": {"id": "1"}}),
        check("C", message="there is no name", observed={"promotion": {"id": "2"}}),
    ) == [("the body is no promotion", "observed", ["A", "B", "C"], [])]


def test_whole_promotions_have_nothing_in_common(grouped):
    whole = {"id": "1", "href": "/promotion/1", "name": "Spring", "description": None}
    found = grouped(check("A", observed=whole), check("B", observed=whole))
    assert [kind for _, kind, _, _ in found] == ["alone", "alone"]


def test_a_shared_requirement_is_titled_by_its_text(grouped):
    shared = "R-G40-LOCATION"
    assert grouped(
        check("A", requirements=(shared, "R-1")), check("B", requirements=("R-2", shared))
    ) == [
        ("The rule named R-G40-LOCATION holds for every promotion.", "requirement", ["A", "B"], [])
    ]


def test_the_trait_that_most_checks_share_groups_first(grouped):
    found = grouped(
        check("A", requirements=("R-1",), message="x: no body"),
        check("B", requirements=("R-1",), message="y: no body"),
        check("C", requirements=("R-1",)),
        check("D", message="z: no body", outcome="warned"),
        check("E", message="w: no body", outcome="warned"),
    )
    assert [(kind, ids) for _, kind, ids, _ in found] == [
        ("finding", ["A", "B", "D", "E"]),
        ("alone", ["C"]),
    ]


def test_of_traits_shared_by_as_many_the_finding_counts(grouped):
    both = {"requirements": ("R-1",), "message": "no body", "hint": "look here"}
    assert grouped(check("A", **both), check("B", **both)) == [
        ("no body", "finding", ["A", "B"], [])
    ]


def test_groups_do_not_grow_from_neighbour_to_neighbour(grouped):
    found = grouped(
        check("A", requirements=("R-1",)),
        check("B", requirements=("R-1", "R-2")),
        check("C", requirements=("R-2",)),
    )
    assert [ids for _, _, ids, _ in found] == [["A", "B"], ["C"]]


def test_blocked_checks_go_with_the_first_in_their_chain(grouped):
    assert grouped(
        check("A"),
        check("B", "blocked", blocked_by="A"),
        check("C", "blocked", blocked_by="B"),
    ) == [("message of A", "alone", ["A"], ["B", "C"])]


def test_checks_blocked_by_what_is_not_there_are_still_told(grouped):
    assert grouped(
        check("A", "blocked", blocked_by="GONE", message="nothing to read"),
        check("B", "blocked", blocked_by="GONE", message="nothing to read"),
    ) == [("nothing to read", "finding", ["A", "B"], [])]


def test_checks_that_block_each_other_end(grouped):
    found = grouped(
        check("A", "blocked", blocked_by="B"),
        check("B", "blocked", blocked_by="A"),
    )
    assert sorted(id_ for _, _, ids, _ in found for id_ in ids) == ["A", "B"]


def test_what_decides_and_explains_most_comes_first(grouped):
    found = grouped(
        check("WARNED-1", "warned", message="a"),
        check("WARNED-2", "warned", message="a"),
        check("ERROR", "error"),
        check("SHOULD", level="should"),
        check("ALONE"),
        check("BLOCKER"),
        check("PAIR-1", message="b"),
        check("PAIR-2", message="b"),
        check("STOPPED", "blocked", blocked_by="BLOCKER"),
    )
    assert [ids[0] for _, _, ids, _ in found] == [
        "PAIR-1",
        "BLOCKER",
        "ALONE",
        "SHOULD",
        "ERROR",
        "WARNED-1",
    ]


def test_passed_checks_and_known_deviations_have_no_cause(grouped):
    assert grouped(check("A", "passed"), check("B", "known-deviation"), check("C", "skipped")) == []


def test_a_check_without_a_message_is_titled_by_what_it_checks(grouped):
    assert grouped(check("A", message="")) == [("title of A", "alone", ["A"], [])]


def test_what_did_not_run_is_grouped_by_reason_most_first(results):
    run = msgspec.structs.replace(
        results,
        checks=(
            check("A", "not-applicable", message="no hub"),
            check("B", "skipped", message="switched off"),
            check("C", "skipped", message="switched off"),
            check("D", "skipped", message="no hub"),
            check("E", "passed"),
        ),
    )
    assert [(g.outcome, g.reason, len(g.checks)) for g in unjudged(run)] == [
        ("skipped", "switched off", 2),
        ("not-applicable", "no hub", 1),
        ("skipped", "no hub", 1),
    ]
