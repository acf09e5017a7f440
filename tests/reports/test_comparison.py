import json
import re
from importlib import resources

import jsonschema
import msgspec
import pytest

from reports import comparison_page
from reports.comparison import change_of, compare, encode

replace = msgspec.structs.replace


def with_outcomes(results, **outcomes):
    """Return the run with other outcomes, by check id without prefix; None takes a check away."""
    names = {f"TMF671-{name.replace('_', '-')}": outcome for name, outcome in outcomes.items()}
    checks = [
        replace(check, outcome=names.get(check.id, check.outcome))
        for check in results.checks
        if names.get(check.id, "") is not None
    ]
    return replace(results, checks=tuple(checks))


def on(results, url):
    return replace(results, target=replace(results.target, url=url), options={})


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("passed", "passed", None),
        ("failed", "failed", None),
        (None, None, None),
        ("passed", "failed", "broken"),
        ("passed", "warned", "broken"),
        ("passed", "blocked", "broken"),
        ("warned", "error", "broken"),
        ("known-deviation", "failed", "broken"),
        ("skipped", "failed", "broken"),
        ("not-applicable", "warned", "broken"),
        ("failed", "passed", "fixed"),
        ("blocked", "passed", "fixed"),
        ("failed", "warned", "fixed"),
        ("warned", "passed", "fixed"),
        ("passed", "skipped", "no-longer-judged"),
        ("failed", "skipped", "no-longer-judged"),
        ("warned", "not-applicable", "no-longer-judged"),
        ("skipped", "passed", "now-judged"),
        ("not-applicable", "passed", "now-judged"),
        ("skipped", "not-applicable", "changed"),
        ("failed", "error", "changed"),
        ("warned", "known-deviation", "changed"),
        (None, "failed", "new"),
        (None, "passed", "new"),
        ("passed", None, "gone"),
    ],
)
def test_what_became_of_a_check_follows_from_its_two_outcomes(before, after, change):
    assert change_of(before, after) == change


def test_a_fixed_check_is_no_regression(results):
    comparison = compare([results, with_outcomes(results, CREATE_LOCATION="passed")])
    assert comparison.mode == "successive"
    assert comparison.changes["fixed"] == ("TMF671-CREATE-LOCATION",)
    assert comparison.regressions == ()
    assert comparison.headline == "No regression: 1 fixed"


def test_a_broken_check_is_a_regression_whatever_else_was_fixed(results):
    later = with_outcomes(
        results, CREATE_LOCATION="passed", FILTER_NAME="warned", CREATE_201="failed"
    )
    comparison = compare([results, later])
    assert comparison.changes["broken"] == ("TMF671-CREATE-201",)
    assert comparison.regressions == ("1 check broke",)
    assert comparison.headline == "Regression: 1 check broke; 2 fixed"


def test_the_same_run_twice_has_not_changed(results):
    comparison = compare([results, results])
    assert comparison.differing == ()
    assert comparison.headline == "No regression: all 10 checks ended as before"


def test_a_verdict_that_became_worse_is_a_regression_of_its_own(passed_results):
    aborted = replace(
        passed_results,
        verdict="inconclusive",
        checks=tuple(replace(check, outcome="skipped") for check in passed_results.checks),
    )
    comparison = compare([passed_results, aborted])
    assert comparison.changes["broken"] == ()
    assert comparison.regressions == ("the verdict went from conformant to inconclusive",)


def test_checks_that_are_no_longer_judged_regress_by_strict_alone(passed_results):
    later = with_outcomes(passed_results, CREATE_201="skipped", FILTER_OR=None)
    assert compare([passed_results, later]).headline == "No regression: 1 no longer judged, 1 gone"
    strict = compare([passed_results, later], strict=True)
    assert strict.regressions == ("1 check no longer judged", "1 check gone")
    assert strict.headline == "Regression: 1 check no longer judged, 1 check gone"


def test_a_new_check_regresses_by_strict_alone_and_only_when_it_does_not_pass(results):
    earlier = with_outcomes(results, CREATE_201=None, FILTER_NAME=None)
    comparison = compare([earlier, results])
    assert comparison.changes["new"] == ("TMF671-CREATE-201", "TMF671-FILTER-NAME")
    assert comparison.regressions == ()
    assert compare([earlier, results], strict=True).regressions == ("1 new check not passed",)


def test_three_runs_stand_side_by_side_and_nobody_regresses(results, passed_results):
    comparison = compare([passed_results, results, with_outcomes(results, CREATE_201="failed")])
    assert comparison.mode == "side-by-side"
    assert comparison.regressions == ()
    assert comparison.changes == {}
    assert {row.change for row in comparison.rows} == {None}
    assert comparison.headline == "9 of 10 checks differ between 3 runs"


def test_two_implementations_can_stand_side_by_side(results, passed_results):
    comparison = compare([passed_results, results], side_by_side=True)
    assert comparison.mode == "side-by-side"
    assert comparison.headline == "8 of 10 checks differ between 2 runs"


def test_one_run_is_nothing_to_compare(results):
    with pytest.raises(ValueError, match="two runs"):
        compare([results])


def test_rows_are_grouped_by_section_and_hold_every_check_once(results):
    earlier = replace(
        results,
        checks=(
            *results.checks,
            replace(results.checks[0], id="TMF671-CREATE-OLD", outcome="warned"),
        ),
    )
    comparison = compare([earlier, results])
    assert [row.id for row in comparison.rows] == [
        "TMF671-CREATE-201",
        "TMF671-CREATE-LOCATION",
        "TMF671-CREATE-OLD",
        "TMF671-FILTER-NAME",
        "TMF671-FILTER-OR",
        "TMF671-RETRIEVE-200",
        "TMF671-RETRIEVE-FIELDS",
        "TMF671-DELETE-GONE",
        "TMF671-HUB-201",
        "TMF671-EVENTS-CREATE",
        "TMF671-ERRORS-415",
    ]
    (gone,) = [row for row in comparison.rows if row.id == "TMF671-CREATE-OLD"]
    assert gone.outcomes == ("warned", None)
    assert gone.change == "gone"


def test_runs_are_called_by_company_and_product_then_host_then_time(results):
    named = replace(results, options={"company": "China Telecom", "product": "CRM 8.2"})
    plain = on(results, "https://user@crm.example.net:8443/tmf-api/promotionManagement/v4")
    later = replace(plain, started="2026-03-03T10:00:00Z")
    labels = [run.label for run in compare([named, plain, later, later]).runs]
    assert labels == [
        "China Telecom CRM 8.2",
        "crm.example.net:8443, 2026-03-02 09:15:00",
        "crm.example.net:8443, 2026-03-03 10:00:00 (3)",
        "crm.example.net:8443, 2026-03-03 10:00:00 (4)",
    ]


def test_given_labels_name_the_first_runs(results):
    labels = [run.label for run in compare([results, results], ["Ours"]).runs]
    assert labels == ["Ours", "Promotion Center CRM 3.2.1"]


def test_runs_that_were_not_made_alike_are_told(results):
    ours = replace(results, options={"level": "should", "product": "CRM 8.2"})
    other = replace(
        results,
        target=replace(results.target, api_version="4.0.0"),
        scope="read-only",
        options={"level": "may", "product": "CRM 8.3"},
        started="2026-03-01T00:00:00Z",
    )
    assert compare([ours, other]).notes == (
        "The runs differ in API version: 4.1.0 (CRM 8.2), 4.0.0 (CRM 8.3).",
        "The runs differ in scope: full (CRM 8.2), read-only (CRM 8.3).",
        "The runs differ in lowest level that ran: should (CRM 8.2), may (CRM 8.3).",
        "The first run, CRM 8.2, is the later one.",
    )
    assert compare([results, results]).notes == ()


@pytest.mark.parametrize("side_by_side", [True, False])
def test_the_json_fits_its_schema(results, passed_results, hostile_results, side_by_side):
    schema = json.loads(resources.files("specs").joinpath("comparison.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    shorter = with_outcomes(results, HUB_201=None)
    for runs in ([results, passed_results], [hostile_results, shorter]):
        value = json.loads(encode(compare(runs, side_by_side=side_by_side)))
        jsonschema.validate(value, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(value | {"mode": "sideways"}, schema)


def test_the_page_needs_no_other_file(results, passed_results):
    page = comparison_page.render(compare([results, passed_results]))
    assert re.findall(r'(?:src|href)="([^"#][^"]*)"', page) == ["data:,"]
    assert "default-src 'none'; script-src 'sha256-" in page


def test_the_page_links_to_the_report_and_to_the_check_in_it(results, passed_results):
    page = comparison_page.render(compare([results, passed_results]), ["old/R-HTMLReport.html"])
    assert '<a href="old/R-HTMLReport.html">' in page
    assert '<a href="old/R-HTMLReport.html#TMF671-FILTER-NAME">' in page
    assert "#TMF671-CREATE-201" not in page.replace('<a href="#TMF671-CREATE-201">', "")


def test_the_page_shows_control_characters_by_their_pictures(hostile_results):
    page = comparison_page.render(compare([hostile_results, hostile_results]))
    assert "\x1b" not in page
    assert "␛[31m" in page
