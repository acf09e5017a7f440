import datetime as dt
import shutil

import msgspec
import pytest
from certificate_case import REPORT, Case, with_outcome

from reports.certificate.making import RefusedError
from reports.certificate.refusals import form_errors, gaps, run_state
from reports.results import KnownDeviation

FAILED = {"verdict": "not-conformant", "verdict_reason": "1 of 8 mandatory checks failed"}


@pytest.fixture
def case(tmp_path, passed_results):
    return Case(tmp_path, passed_results)


def lines(refusals):
    return [str(refusal) for refusal in refusals]


def test_a_complete_form_of_a_conformant_full_run_is_refused_nothing(case):
    submission = case.gather()
    assert lines(form_errors(submission)) == []
    assert lines(gaps(submission)) == []
    assert lines(run_state(submission)) == []


def test_another_version_than_the_tested_one_is_refused(case):
    submission = case.gather(('version = "4.1.0"', 'version = "V4.0.0"'))
    assert lines(form_errors(submission)) == [
        (
            'api.version is V4.0.0, but 4.1.0 was tested: write version = "4.1.0", '
            "or test with --api-version 4.0.0"
        )
    ]


@pytest.mark.parametrize("written", ["4.1.0", "v4.1.0", "V4.1.0"])
def test_the_tested_version_may_be_written_with_a_letter(case, written):
    assert not form_errors(case.gather(('version = "4.1.0"', f'version = "{written}"')))


def test_another_version_in_a_text_is_refused(case):
    submission = case.gather(("keeps promotions.", "offers TMF671 V4.0.0."))
    assert lines(form_errors(submission)) == [
        (
            "product.text names V4.0.0, but 4.1.0 was tested: "
            "name the version that was tested and no other"
        )
    ]


def test_another_api_is_refused(case):
    submission = case.gather(("[api]", '[api]\nname = "TMF620 Product Catalog Management"'))
    assert lines(form_errors(submission)) == [
        "api.name is TMF620 Product Catalog Management, but TMF671 was tested: mend api.name"
    ]


def test_a_report_named_for_another_version_is_refused(case):
    other = case.report / "ChinaTelecom-TMF671-v4.0.0-HTMLReport.html"
    shutil.copy(case.report / REPORT, other)
    assert lines(form_errors(case.gather(report=other))) == [
        (
            f"the report's name is {other.name}, but 4.1.0 was tested: "
            "link the report of this run under a name with its version"
        )
    ]


def test_a_link_named_for_another_version_is_refused(case):
    url = "https://www.example.com/ChinaTelecom-TMF671-v4.0.0-HTMLReport.html"
    assert lines(
        form_errors(case.gather(("[contact]", f'[report]\nurl = "{url}"\n[contact]')))
    ) == [
        (
            f"report.url is {url}, but 4.1.0 was tested: "
            "link the report of this run under a name with its version"
        )
    ]


def test_a_report_of_other_results_is_refused(case, passed_results, tmp_path):
    (tmp_path / "other").mkdir()
    other = Case(tmp_path / "other", msgspec.structs.replace(passed_results, seed=2))
    submission = case.gather(report=other.report / REPORT)
    assert lines(form_errors(submission)) == [
        (
            f"the report {REPORT} was not made from this results.json: "
            f"make it again with `tmf671 report {case.results}`"
        )
    ]


def test_a_report_that_names_no_results_is_refused(case):
    path = case.report / REPORT
    path.write_bytes(path.read_bytes().replace(b"tmf671-results-sha256", b"something-else"))
    assert lines(form_errors(case.gather())) == [
        (
            f"the report {REPORT} does not say which results it was made from: "
            f"make it again with `tmf671 report {case.results}`"
        )
    ]


def test_a_missing_report_is_refused(case):
    (case.report / REPORT).unlink()
    assert lines(form_errors(case.gather())) == [
        (
            f"there is not exactly one HTML report beside {case.results}: "
            f"make one with `tmf671 report {case.results}`, or name it with --report"
        )
    ]
    gone = case.folder / "gone.html"
    assert lines(form_errors(case.gather(report=gone))) == [
        f"the report {gone} cannot be read (No such file or directory): mend --report"
    ]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("#", "leads nowhere"),
        ("", "is empty"),
        ("https://", "names no host"),
        ("http://localhost:8000/report.html", "leads to the reader's own computer"),
        ("http://127.0.0.1/report.html", "leads to the reader's own computer"),
        ("http://[::1]/report.html", "leads to the reader's own computer"),
        ("file:///home/me/report.html", "is a file: address, which opens in no other place"),
        ("/home/me/report.html", "is a path of this computer"),
        ("https://example.com:port/x", "is not a URL"),
        ("https://example.com/a report.html", "has a space in it"),
        ("gone-HTMLReport.html", "leads to no file beside the document"),
        ("junit.xml", "leads to another report than that of this run"),
    ],
)
def test_a_dead_link_is_refused(case, url, reason):
    submission = case.gather(("[contact]", f'[report]\nurl = "{url}"\n[contact]'))
    assert lines(form_errors(submission)) == [
        (
            f'report.url "{url}" {reason}: '
            "leave report.url out to link the file beside the document, or give its address"
        )
    ]


@pytest.mark.parametrize("url", [REPORT, "https://www.example.com/reports/promotion.html"])
def test_a_link_that_can_be_followed_is_taken_as_it_is(case, url):
    submission = case.gather(("[contact]", f'[report]\nurl = "{url}"\n[contact]'))
    assert not form_errors(submission)
    assert submission.link == url


def test_a_missing_figure_is_refused(case):
    (case.folder / "figure.png").unlink()
    assert lines(form_errors(case.gather())) == [
        f"the figure {case.folder / 'figure.png'} does not exist: mend the path or draw the figure"
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('"17/06/2026"', "17/06/2026"),
        ('"2026-02-30"', "2026-02-30"),
        ("2026-03-02T10:00:00Z", "2026-03-02 10:00:00+00:00"),
    ],
)
def test_a_date_that_is_not_year_month_day_is_refused(case, written, shown):
    assert lines(form_errors(case.gather(("[company]", f"date = {written}\n[company]")))) == [
        (
            f"date {shown} can be read in more than one way or is none: "
            "write it as year-month-day, e.g. date = 2026-06-17"
        )
    ]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-02-28", "date 2026-02-28 is before the run of 2026-03-02"),
        ("2026-03-06", "date 2026-03-06 is in the future"),
    ],
)
def test_a_date_before_the_run_or_in_the_future_is_refused(case, written, reason):
    assert lines(form_errors(case.gather(("[company]", f"date = {written}\n[company]")))) == [
        (
            f"{reason}: leave date out for the day of the run, "
            "or write the day on which the form is made"
        )
    ]


@pytest.mark.parametrize("written", ["2026-03-01", '"2026-03-01"', "2026-03-05"])
def test_a_date_may_be_a_day_off_because_of_time_zones(case, written):
    assert not form_errors(case.gather(("[company]", f"date = {written}\n[company]")))


def test_without_a_date_the_day_of_the_run_is_taken(case):
    assert case.gather().date == dt.date(2026, 3, 2)


def test_results_that_contradict_themselves_are_refused(tmp_path, results):
    case = Case(tmp_path, msgspec.structs.replace(results, verdict="conformant", scope="subset"))
    assert lines(form_errors(case.gather())) == [
        (
            "results.json contradicts itself (the verdict is conformant, its checks make it "
            "not-conformant): run `tmf671 check` again"
        )
    ]


def test_a_missing_release_is_a_gap(case):
    assert lines(gaps(case.gather(('release = "CRM 3.2.1"', "")))) == [
        'product.release is missing: write the release that was tested, e.g. release = "8.2"'
    ]


@pytest.mark.parametrize("written", ["TBD", "n/a", "-", "  "])
def test_a_release_that_says_nothing_is_a_gap(case, written):
    assert lines(gaps(case.gather(("CRM 3.2.1", written)))) == [
        'product.release is missing: write the release that was tested, e.g. release = "8.2"'
    ]


def test_each_missing_text_is_a_gap(case):
    assert lines(gaps(case.gather(form=""))) == [
        "company.name is missing: write the name of the company that hands the form in",
        "product.name is missing: write the product's name",
        'product.release is missing: write the release that was tested, e.g. release = "8.2"',
        "product.text is missing: answer what product or solution the API supports",
        "architecture.figure is missing: name a PNG, JPEG or SVG file",
    ]


def test_a_placeholder_that_was_left_is_a_gap(case):
    assert lines(gaps(case.gather(("CRM 3.2.1", "<<product release>>")))) == [
        "product.release still holds <<product release>>: replace it by your own"
    ]


def test_a_verdict_other_than_conformant_is_a_state_of_the_run(tmp_path, passed_results):
    failed = with_outcome(passed_results, "TMF671-CREATE-201", "failed", **FAILED)
    assert lines(run_state(Case(tmp_path, failed).gather())) == [
        (
            "the verdict is not-conformant (1 of 8 mandatory checks failed): "
            "mend what the report shows and run `tmf671 check` again"
        )
    ]


def test_a_run_that_is_not_of_full_scope_is_a_state_of_the_run(tmp_path, passed_results):
    read_only = msgspec.structs.replace(
        passed_results, scope="read-only", options={"read_only": True}
    )
    assert lines(run_state(Case(tmp_path, read_only).gather())) == [
        (
            "the scope of the run is read-only, not full: "
            "run `tmf671 check` without --read-only, --select, --no-events and --level must"
        )
    ]


def test_a_known_deviation_is_a_state_of_the_run(tmp_path, passed_results):
    deviating = with_outcome(passed_results, "TMF671-RETRIEVE-200", "known-deviation")
    assert lines(run_state(Case(tmp_path, deviating).gather())) == [
        (
            "1 check breaks its rule as a known deviation: "
            "mend the product, or ask for an exemption where the form is handed in"
        )
    ]


@pytest.mark.parametrize("state", ["stale", "expired"])
def test_a_deviation_that_is_out_of_date_is_a_state_of_the_run(tmp_path, passed_results, state):
    declared = KnownDeviation(check="TMF671-X", reason="r", until="2026-01-01", state=state)
    rotten = msgspec.structs.replace(passed_results, deviations=(declared,))
    assert lines(run_state(Case(tmp_path, rotten).gather())) == [
        (
            f"the declared deviation of TMF671-X is out of date ({state}): "
            "take it out of the configuration and run `tmf671 check` again"
        )
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"company": "Other Telecom"}, ["company.name is China Telecom, but the run was made for"]),
        ({"company": "China  telecom"}, []),
        ({"company": "Telecom"}, []),
        ({"product": "Promotion Center CRM 3.2.1"}, []),
        ({"product": "Promotion Center CRM 3.3.0"}, ["product.release is CRM 3.2.1, but the run"]),
        ({"product": "Voucher Shop CRM 3.2.1"}, ["product.name is Promotion Center, but the run"]),
        ({"product": None, "company": None}, []),
    ],
)
def test_the_form_is_about_what_the_run_was_of(tmp_path, passed_results, options, told):
    run = msgspec.structs.replace(passed_results, options=options)
    found = lines(form_errors(Case(tmp_path, run).gather()))
    assert len(found) == len(told)
    assert all(line.startswith(words) for line, words in zip(found, told, strict=True))


def test_all_refusals_are_told_and_nothing_is_written(tmp_path, passed_results):
    failed = with_outcome(passed_results, "TMF671-CREATE-201", "failed", **FAILED)
    case = Case(tmp_path, failed)
    before = sorted(case.report.iterdir())
    with pytest.raises(RefusedError) as refused:
        case.make("docx", "html", form='[api]\nversion = "4.0.0"\n[report]\nurl = "#"')
    assert [refusal.cause for refusal in refused.value.refusals] == [
        "api.version is 4.0.0, but 4.1.0 was tested",
        'report.url "#" leads nowhere',
        "company.name is missing",
        "product.name is missing",
        "product.release is missing",
        "product.text is missing",
        "architecture.figure is missing",
        "the verdict is not-conformant (1 of 8 mandatory checks failed)",
    ]
    assert sorted(case.report.iterdir()) == before


def test_a_draft_is_refused_for_errors_of_the_form_alone(tmp_path, passed_results):
    failed = with_outcome(passed_results, "TMF671-CREATE-201", "failed", **FAILED)
    case = Case(tmp_path, failed)
    with pytest.raises(RefusedError) as refused:
        case.make("html", draft=True, form='[api]\nversion = "4.0.0"')
    assert [refusal.cause for refusal in refused.value.refusals] == [
        "api.version is 4.0.0, but 4.1.0 was tested"
    ]
    assert not case.document("html", draft=True).exists()
