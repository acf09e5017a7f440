import msgspec
import pytest

from reports import comparison_page
from reports.comparison import compare

WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
replace = msgspec.structs.replace


class View:
    """A page with a comparison in it, and what it complained about or asked the network for."""

    def __init__(self, page, url):
        self.page = page
        self.complaints = []
        self.requests = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(url)

    def shown(self):
        return self.page.locator(".row:visible").evaluate_all("nodes => nodes.map(n => n.id)")

    def count(self):
        return self.page.locator("#shown").inner_text()


@pytest.fixture
def view(chromium, tmp_path):
    """Return a function that opens the comparison of runs."""
    contexts = []

    def show(runs, fragment="", viewport=WIDE, reports=(), side_by_side=False, **options):
        path = tmp_path / "compare.html"
        page = comparison_page.render(compare(runs, side_by_side=side_by_side), reports)
        path.write_text(page, encoding="utf-8")
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        return View(context.new_page(), path.as_uri() + fragment)

    yield show
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def worse(results):
    """The run after a release in which one check was mended and another broke."""
    outcomes = {"TMF671-CREATE-LOCATION": "passed", "TMF671-RETRIEVE-FIELDS": "failed"}
    return replace(
        results,
        checks=tuple(
            replace(check, outcome=outcomes.get(check.id, check.outcome))
            for check in results.checks
        ),
    )


def test_it_opens_on_the_differences_without_complaint_and_asks_nobody(view, results, worse):
    comparison = view([results, worse])
    assert comparison.page.title() == "Regression: 1 check broke; 1 fixed – TMF671 comparison"  # noqa: RUF001
    assert comparison.shown() == ["TMF671-CREATE-LOCATION", "TMF671-RETRIEVE-FIELDS"]
    assert comparison.count() == "2 of 10 checks"
    assert comparison.complaints == []
    assert [u for u in comparison.requests if not u.startswith(("file:", "data:"))] == []


def test_what_broke_and_what_was_fixed_are_listed(view, results, worse):
    page = view([results, worse]).page
    assert page.locator(".change.broken .path").inner_text() == "✓ passed → ✕ failed"
    assert page.locator(".change.broken a").inner_text() == "selected attributes alone are answered"
    assert page.locator(".change.fixed .path").inner_text() == "✕ failed → ✓ passed"


def test_the_filter_and_the_search_are_kept_in_the_fragment(view, results, worse):
    comparison = view([results, worse])
    comparison.page.get_by_label("Only differences").uncheck()
    assert len(comparison.shown()) == 10
    assert comparison.count() == "10 checks"
    comparison.page.locator("#search").fill("r-g31")
    assert comparison.shown() == ["TMF671-FILTER-OR"]
    assert comparison.page.evaluate("location.hash") == "#show=all&q=r-g31"
    comparison.page.reload()
    assert comparison.shown() == ["TMF671-FILTER-OR"]
    comparison.page.locator("#search").fill("no such check")
    assert comparison.page.locator("#none").is_visible()
    assert comparison.page.locator("tbody:visible").count() == 0


def test_a_fragment_with_a_check_shows_its_row_even_when_it_does_not_differ(view, results, worse):
    comparison = view([results, worse], "#TMF671-HUB-201")
    assert "TMF671-HUB-201" in comparison.shown()
    assert comparison.page.locator("#TMF671-HUB-201").bounding_box()["y"] < 860


def test_runs_without_a_difference_are_shown_whole(view, results):
    comparison = view([results, results])
    assert len(comparison.shown()) == 10
    assert not comparison.page.get_by_label("Only differences").is_checked()


def test_an_outcome_leads_to_the_check_in_the_report_of_its_run(view, results, worse):
    page = view([results, worse], reports=["a/R.html", "b/R.html"]).page
    links = page.locator("#TMF671-RETRIEVE-FIELDS td a")
    assert links.count() == 1
    assert links.get_attribute("href") == "b/R.html#TMF671-RETRIEVE-FIELDS"
    assert page.locator("thead a").evaluate_all("nodes => nodes.map(n => n.href.slice(-8))") == [
        "a/R.html",
        "b/R.html",
    ]


def test_with_many_runs_a_cell_is_a_sign_that_still_has_its_name(view, results, passed_results):
    page = view([results, passed_results, results, passed_results]).page
    cell = page.locator("#TMF671-FILTER-OR td").first
    assert cell.locator(".sign").inner_text() == "!"
    assert cell.get_attribute("title") == "warned: None of the two promotions was listed."
    assert cell.locator(".unseen").inner_text() == "warned"


def poisoned(results):
    """The hostile run with markup in the ids as well, of which links and anchors are made."""
    checks = tuple(
        replace(check, id=f'{check.id}"><img src=x onerror=window.owned=1>')
        for check in results.checks
    )
    return replace(results, checks=checks)


@pytest.mark.parametrize("side_by_side", [True, False])
@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_what_a_hostile_target_sent_does_not_run(
    view, results, hostile_results, side_by_side, viewport
):
    hostile = poisoned(hostile_results)
    failing = replace(
        hostile,
        checks=tuple(replace(check, outcome="failed") for check in hostile.checks),
        started="2026-04-01T00:00:00Z",
    )
    comparison = view(
        [hostile, failing], viewport=viewport, side_by_side=side_by_side, reports=["a", "b"]
    )
    page = comparison.page
    page.get_by_label("Only differences").uncheck()
    for summary in page.locator("summary").all():
        summary.click()
    assert len(comparison.shown()) == 8
    assert page.evaluate("window.owned") is None
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert "</script><img src=x onerror=" in page.locator(".row th").first.inner_text()
    assert comparison.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_an_injected_script_would_be_stopped_by_the_policy(view, results, worse):
    comparison = view([results, worse])
    comparison.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.owned = 1";
            document.body.append(script);
        }"""
    )
    assert comparison.page.evaluate("window.owned") is None
    assert any("Content Security Policy" in text for text in comparison.complaints)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("side_by_side", [True, False])
def test_axe_core_finds_no_fault(
    view, results, passed_results, worse, accessibility_faults, scheme, side_by_side
):
    page = view(
        [worse, results], color_scheme=scheme, side_by_side=side_by_side, reports=["a", "b"]
    ).page
    page.get_by_label("Only differences").uncheck()
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(view, results, passed_results, contrasts, scheme):
    page = view([passed_results, results], color_scheme=scheme).page
    page.get_by_label("Only differences").uncheck()
    measured = contrasts(page)
    assert len(measured) > 80
    assert [text for text in measured if text[0] < 4.5] == []


def test_a_phone_does_not_scroll_sideways(view, results, passed_results):
    page = view([results, passed_results, results, passed_results], viewport=PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_it_prints_without_the_filters(view, results, worse):
    page = view([results, worse]).page
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert page.locator("#TMF671-CREATE-LOCATION").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_without_scripts_every_check_is_there(view, results, worse):
    comparison = view([results, worse], java_script_enabled=False)
    assert comparison.page.locator(".row").count() == 10
    assert comparison.page.locator("noscript").inner_text() == (
        "Filters need JavaScript. All 10 checks are shown; 2 differ."
    )
