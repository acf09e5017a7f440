import itertools
import re
from html.parser import HTMLParser

import msgspec
import pytest

from reports import html, overview


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
    assert "<h1>Not conformant</h1>" in page
    assert '<p class="reason">2 of 8 mandatory checks failed.</p>' in page
    assert "http://crm.example.net:8080/tmf-api/promotionManagement/v4</dd>" in page
    assert "<dd>China Telecom</dd>" in page
    assert "<dd>CRM 8.2</dd>" in page
    assert "2 March 2026, 09:15:00 UTC" in page
    assert "<dd>12.4 s, 10 requests</dd>" in page
    assert "<dd>tmf671 0.1.0, seed 671</dd>" in page


def test_a_passed_run_has_nothing_to_fix(passed_results):
    page = html.render(passed_results)
    assert "<h1>Conformant</h1>" in page
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
    assert "must · TMF630 Part 1 v4.2.0 §4.4" in page


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
    assert "<h1>Inconclusive</h1>" in html.render(empty)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(8.4, "8 ms"), (999.4, "999 ms"), (1234, "1.2 s"), (185_000, "3 min 5 s")],
)
def test_durations_read_well(milliseconds, text):
    assert overview.duration_text(milliseconds) == text


@pytest.mark.parametrize(
    ("size", "text"), [(812, "812 B"), (3481, "3.4 KiB"), (1_258_291, "1.2 MiB")]
)
def test_sizes_read_well(size, text):
    assert overview.size_text(size) == text


def test_a_bar_is_filled_from_end_to_end(results):
    bar = overview.bar(results.checks)
    assert bar.total == 10
    assert bar.parts[:2] == (("passed", 2, 0.0, 20.0), ("failed", 2, 20.0, 20.0))
    assert sum(width for *_, width in bar.parts) == pytest.approx(100)
