"""The suggested states, and the transitions between them."""

import itertools

import pytest

from mockserver.errors import ProblemError
from mockserver.lifecycle import allow_any, check_suggested

ALLOWED = {
    ("draft", "test"),
    ("draft", "waitForApproval"),
    ("draft", "retirement"),
    ("test", "draft"),
    ("test", "waitForApproval"),
    ("test", "retirement"),
    ("waitForApproval", "draft"),
    ("waitForApproval", "test"),
    ("waitForApproval", "release"),
    ("waitForApproval", "retirement"),
    ("release", "suspend"),
    ("release", "retirement"),
    ("suspend", "release"),
    ("suspend", "retirement"),
}
STATES = ["draft", "test", "waitForApproval", "release", "suspend", "retirement"]


def refused(before, after):
    try:
        check_suggested(before, after)
    except ProblemError as problem:
        return problem
    return None


@pytest.mark.parametrize("pair", list(itertools.product(STATES, STATES)))
def test_exactly_the_transitions_of_the_table_pass(pair):
    before, after = pair
    problem = refused({"lifecycleStatus": before}, {"lifecycleStatus": after})
    if before == after or pair in ALLOWED:
        assert problem is None
    else:
        assert (problem.status, problem.code) == (409, "transitionRefused")


def test_a_refusal_names_what_is_allowed():
    problem = refused({"lifecycleStatus": "release"}, {"lifecycleStatus": "draft"})
    assert problem.message == (
        "lifecycleStatus cannot go from release to draft; allowed: suspend, retirement"
    )
    final = refused({"lifecycleStatus": "retirement"}, {"lifecycleStatus": "draft"})
    assert final.message.endswith("allowed: none, it is final")


@pytest.mark.parametrize("state", STATES)
def test_a_promotion_may_begin_in_any_state_and_leave_a_foreign_one(state):
    assert refused(None, {"lifecycleStatus": state}) is None
    assert refused({"lifecycleStatus": "active"}, {"lifecycleStatus": state}) is None
    assert refused({}, {"lifecycleStatus": state}) is None


@pytest.mark.parametrize("after", [{"lifecycleStatus": "active"}, {}])
@pytest.mark.parametrize("before", [None, {"lifecycleStatus": "draft"}])
def test_a_state_outside_of_the_six_is_a_mistake(before, after):
    problem = refused(before, after)
    assert problem.status == 400
    assert ", ".join(STATES) in problem.message


def test_a_foreign_state_may_stay():
    assert refused({"lifecycleStatus": "active"}, {"lifecycleStatus": "active"}) is None
    assert refused({}, {}) is None


def test_free_lets_everything_pass():
    assert allow_any({"lifecycleStatus": "retirement"}, {"lifecycleStatus": "anything"}) is None


def test_the_mock_refuses_by_409_and_changes_nothing(start):
    mock = start(lifecycle="suggested")
    created = mock.create()
    path = f"/promotion/{created['id']}"
    answer = mock("PATCH", path, json={"lifecycleStatus": "release", "description": "d"})
    assert answer.status_code == 409
    assert answer.json()["message"] == (
        "lifecycleStatus cannot go from draft to release;"
        " allowed: test, waitForApproval, retirement"
    )
    assert mock("GET", path).json() == created
    for state in ("waitForApproval", "release", "suspend", "release", "retirement"):
        assert mock("PATCH", path, json={"lifecycleStatus": state}).status_code == 200
    strange = mock("POST", "/promotion", json={"name": "x", "lifecycleStatus": "active"})
    assert strange.status_code == 400
    patch = [{"op": "replace", "path": "/lifecycleStatus", "value": "draft"}]
    kind = {"Content-Type": "application/json-patch+json"}
    assert mock("PATCH", path, json=patch, headers=kind).status_code == 409


def test_the_mock_is_free_unless_told_otherwise(shared):
    path = f"/promotion/{shared.create(lifecycleStatus='retirement')['id']}"
    assert shared("PATCH", path, json={"lifecycleStatus": "brand new"}).status_code == 200
