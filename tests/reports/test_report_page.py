import itertools
import re
from html.parser import HTMLParser

import msgspec
import pytest

from reports import html, overview
from reports.results import KnownDeviation


class Outline(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.ids, self.targets, self.loads, self.handlers, self.headings = [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if "id" in names:
            self.ids.append(names["id"])
        if tag == "a":
            self.targets.append(names["href"])
        if tag in {"script", "img", "iframe", "link", "object", "embed"}:
            self.loads.append(names.get("src") or names.get("href") or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.handlers += [name for name in names if name.startswith("on")]


@pytest.fixture(scope="module")
def page(results):
    return html.render(results, "China Telecom")


def test_the_page_says_verdict_reason_target_and_company(page):
    sentence = '<h1>Not conformant: <span class="reason">2 of 8 mandatory checks failed</span></h1>'
    assert sentence in page
    assert "http://crm.example.net:8080/tmf-api/promotionManagement/v4</dd>" in page
    assert "<dd>China Telecom</dd>" in page
    assert "<dd>Promotion Center CRM 3.2.1</dd>" in page
    assert "2 March 2026, 09:15:00 UTC" in page
    assert "<dd>12.4 s, 10 requests</dd>" in page
    assert "<dd>tmf671 0.1.0, seed 671</dd>" in page


def test_a_passed_run_has_nothing_to_fix(passed_results):
    page = html.render(passed_results)
    sentence = '<h1>Conformant: <span class="reason">All 8 mandatory checks passed</span></h1>'
    assert sentence in page
    assert "Nothing: every check that ran has passed." in page
    assert "<dt>Company</dt>" not in page


def test_nothing_is_loaded_from_elsewhere(page):
    assert set(Outline(page).loads) == {"", "data:,"}
    assert "url(" not in page
    assert "@import" not in page


def test_ids_are_unique_and_every_link_has_its_target(page):
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert {target[1:] for target in outline.targets} <= set(outline.ids)


def test_headings_go_down_one_step_at_a_time(page):
    headings = Outline(page).headings
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))


def test_failed_checks_are_open_and_others_are_folded(page):
    opened = re.findall(r'<details class="check [^>]*id="([^"]+)"[^>]* open>', page)
    assert opened == ["TMF671-CREATE-LOCATION", "TMF671-FILTER-NAME"]


def test_a_requirement_stands_with_its_text_and_source(page):
    assert "The rule named R-G40-LOCATION holds for every promotion." in page
    assert "must · <span>TMF630 Part 1 v4.2.0 §4.4</span>" in page


def test_coverage_counts_only_judged_requirements(page):
    assert "This run tested 7 of 12 requirements." in page
    assert "No check tests it yet" in page


def test_what_could_not_be_deleted_is_listed(page):
    assert "4 created, 3 deleted again." in page
    assert "DELETE answered 500" in page


def test_hostile_text_makes_neither_elements_nor_handlers(hostile_results, results):
    outline = Outline(html.render(hostile_results))
    assert outline.handlers == []
    assert set(outline.loads) == {"", "data:,"}
    assert html.render(hostile_results).count("<script") == html.render(results).count("<script")


def test_the_page_encodes_and_has_no_control_characters(hostile_results):
    page = html.render(hostile_results)
    page.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", page)
    assert "\u2400\u241b[31m\ufffd" in page


def test_a_run_without_checks_still_makes_a_page(results):
    empty = msgspec.structs.replace(
        results, checks=(), exchanges=(), requirements=(), options={}, verdict="inconclusive"
    )
    assert "<h1>Inconclusive: " in html.render(empty)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0.4, "<1 ms"), (8.4, "8 ms"), (999.4, "999 ms"), (1234, "1.2 s"), (185_000, "3 min 5 s")],
)
def test_durations_read_well(milliseconds, text):
    assert overview.duration_text(milliseconds) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0.5781, "0.58 ms"),
        (12.34, "12.3 ms"),
        (99.95, "100 ms"),
        (170.7, "171 ms"),
        (1234, "1.2 s"),
    ],
)
def test_short_durations_have_digits(milliseconds, text):
    assert overview.latency_text(milliseconds) == text


def test_a_bar_is_filled_from_end_to_end(results):
    bar = overview.bar(results.checks)
    assert bar.total == 10
    assert bar.parts[:2] == (("passed", 2, 0.0, 20.0), ("failed", 2, 20.0, 20.0))
    assert sum(width for *_, width in bar.parts) == pytest.approx(100)


def test_a_section_is_as_bad_as_its_worst_check(results):
    sections = {section.name: section for section in overview.sections(results)}
    assert sections["create"].worst == "failed"
    assert sections["retrieve"].worst == "known-deviation"
    assert sections["events"].worst == "skipped"
    assert (sections["create"].ran, sections["events"].ran) == (2, 0)


def test_the_heat_map_links_each_section_with_its_counts(page):
    tile = re.search(r'<li class="failed"><a href="#section-2">(.*?)</a>', page, re.DOTALL)
    assert re.sub("<[^>]+>|\\s+", " ", tile[1]).split() == ["Filtering", "0", "of", "2", "passed"]
    assert 'id="section-2" tabindex="-1">Filtering' in page


def test_the_page_belongs_to_its_results(results):
    page = html.render(results, results_sha256="ab" * 32)
    assert f'<meta name="tmf671-results-sha256" content="{"ab" * 32}">' in page
    assert page.count("ab" * 32) == 2
    assert "tmf671-results-sha256" not in html.render(results)


def test_known_deviations_are_written_large(page, passed_results):
    assert '<h2 id="deviations">1 known deviation</h2>' in page
    assert "Declared in the configuration: the gateway answers 203." in page
    assert 'id="deviations"' not in html.render(passed_results)


def test_what_did_not_run_is_told_with_its_reason(page):
    assert "<strong>1 skipped</strong> <span>Switched off by --no-events.</span>" in page
    assert "<strong>1 not applicable</strong> <span>The target offers no hub.</span>" in page


def test_adaptations_are_told(results):
    options = {
        "adaptations": ["description cannot be changed: no PATCH of it"],
        "payload": {"name": "x"},
        "profile": "strict",
        "spec": None,
    }
    page = html.render(msgspec.structs.replace(results, options=options))
    listed = re.search(r'<ul class="adaptations">(.*?)</ul>', page, re.DOTALL)[1]
    assert re.findall("<li>(.*)</li>", listed) == [
        "<span>description cannot be changed: no PATCH of it</span>",
        "Promotions were created from a payload of the target\u2019s own.",
        "The rules that are inferred from sibling APIs were levelled by the profile strict.",
    ]
    usual = html.render(msgspec.structs.replace(results, options={"profile": "default"}))
    assert "None: the target was tested as the API describes it." in usual


def test_the_notes_of_a_run_stand_on_the_first_screen(results):
    note = "the certificate was not verified (--insecure)"
    page = html.render(msgspec.structs.replace(results, notes=(note,)))
    assert "<li>The certificate was not verified (--insecure)</li>" in page
    assert "--insecure" not in html.render(results)


def test_a_declared_deviation_shows_its_reason_and_its_last_day(results):
    known = next(check for check in results.checks if check.outcome == "known-deviation")
    used, stale, expired = (
        KnownDeviation(check=check, reason=f"CRM-{state}", until="2027-03-01", state=state)
        for check, state in ((known.id, "used"), ("TMF671-A", "stale"), ("TMF671-B", "expired"))
    )
    page = html.render(msgspec.structs.replace(results, deviations=(used, stale, expired)))
    assert re.search(r"Declared until 2027-03-01: <q[^>]*>CRM-used</q>", page)
    assert "2 declared deviations are out of date" in page
    assert re.search(r"the declaration has to go: <q[^>]*>CRM-stale</q>", page)
    assert re.search(r"Its last day was 2027-03-01.*: <q[^>]*>CRM-expired</q>", page)


def test_text_between_backticks_is_code(results):
    check = msgspec.structs.replace(results.checks[0], title="`id=<b>` finds it, ` does not")
    page = html.render(msgspec.structs.replace(results, checks=(check,)))
    assert "<h4><code>id=&lt;b&gt;</code> finds it, ` does not</h4>" in page


def test_a_hint_goes_before_the_place_where_to_look(results):
    hinted, unhinted = (
        html.render(
            msgspec.structs.replace(
                results, checks=(msgspec.structs.replace(results.checks[1], hint=hint),)
            )
        )
        for hint in ("Set Location.", "")
    )
    general = "Look at what POST /promotion stores"
    assert "<p data-hint>Set Location.</p>" in hinted
    assert general not in hinted
    assert general in unhinted


def test_latency_is_shown_by_operation(page):
    row = re.search(r"<code>GET /promotion/\{id\}</code>(.*?)</tr>", page, re.DOTALL)[1]
    assert re.findall(r">([\d.]+)(?: ms)?</td>", row) == ["2", "19.9", "20.4", "20.4"]
    assert 'aria-label="10\u201320 ms: 1, 20\u201350 ms: 1"' in row
