"""The report in a real browser."""

import re

import msgspec
import pytest

from reports import html

WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}


class View:
    """A page with the report in it, and what it complained about or asked the network for."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        self.complaints = []
        self.requests = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        page.goto(url)

    def shown(self):
        return self.page.locator(".check:visible").evaluate_all("nodes => nodes.map(n => n.id)")

    def fragment(self):
        return self.page.evaluate("location.hash")

    def overflow(self):
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.fixture
def view(chromium, tmp_path):
    """Return a function that opens the report of a run."""
    contexts = []

    def show(results, fragment="", viewport=WIDE, lang="en", **options):
        path = tmp_path / "report.html"
        path.write_text(html.render(results, "China Telecom", lang), encoding="utf-8")
        context = chromium.new_context(viewport=viewport, **options)
        context.route(re.compile("^(?!file:|data:)"), lambda route: route.abort())
        contexts.append(context)
        return View(context.new_page(), path.as_uri() + fragment)

    yield show
    for context in contexts:
        context.close()


def drawn(page):
    """Wait for what an opened part of the wire log is drawn by: its toggle event."""
    waiting = page.locator(":is(.exchanges, .exchange)[open]:not([data-filled])")
    waiting.first.wait_for(state="detached")


def open_all_exchanges(page):
    page.locator("#unfold").click()
    for kind in (".exchanges", ".exchange", ".headers"):
        for details in page.locator(kind).all():
            details.locator("> summary").click()
        drawn(page)


def test_the_page_opens_without_complaint_and_asks_nobody(view, results):
    report = view(results)
    open_all_exchanges(report.page)
    assert report.complaints == []
    assert report.requests == [report.url]
    assert "Not conformant" in report.page.title()


def test_failed_checks_can_be_filtered_and_the_view_is_in_the_fragment(view, results):
    report = view(results)
    assert report.page.locator("#shown").inner_text() == "10 checks"
    report.page.get_by_role("button", name="Failed 2").click()
    assert report.shown() == ["TMF671-CREATE-LOCATION", "TMF671-FILTER-NAME"]
    assert report.fragment() == "#outcome=failed"
    assert report.page.locator("#shown").inner_text() == "2 of 10 checks"


def test_filters_of_different_kinds_narrow_and_of_one_kind_widen(view, results):
    report = view(results)
    report.page.get_by_role("button", name="Failed 2").click()
    report.page.get_by_role("button", name="Warned 1").click()
    report.page.locator("#section").select_option("filtering")
    assert report.shown() == ["TMF671-FILTER-NAME", "TMF671-FILTER-OR"]
    report.page.get_by_role("button", name="Should 1").click()
    assert report.shown() == ["TMF671-FILTER-OR"]
    assert report.fragment() == "#outcome=failed,warned&level=should&section=filtering"


def test_the_search_finds_words_checks_and_requirements(view, results):
    report = view(results)
    report.page.locator("#search").fill("location created")
    assert report.shown() == []
    assert report.page.locator("#none").is_visible()
    report.page.locator("#search").fill("r-g73")
    assert report.shown() == ["TMF671-DELETE-GONE"]
    assert report.fragment() == "#q=r-g73"


def test_a_view_is_restored_from_its_fragment(view, results):
    report = view(results, "#outcome=failed&section=filtering&q=name")
    assert report.shown() == ["TMF671-FILTER-NAME"]
    report.page.reload()
    assert report.shown() == ["TMF671-FILTER-NAME"]
    assert report.page.locator("#search").input_value() == "name"
    assert report.page.locator(".chip.failed").get_attribute("aria-pressed") == "true"


def test_checks_can_be_filtered_by_requirement(view, results):
    report = view(results)
    field = report.page.get_by_label("Requirement", exact=True)
    field.fill("r-p")
    assert report.shown() == [
        "TMF671-CREATE-201",
        "TMF671-CREATE-LOCATION",
        "TMF671-FILTER-NAME",
        "TMF671-RETRIEVE-200",
    ]
    field.fill("R-P08-HREF-LOCATION")
    assert report.shown() == ["TMF671-CREATE-LOCATION"]
    assert report.fragment() == "#requirement=R-P08-HREF-LOCATION"
    assert report.page.get_by_role("button", name="Failed 1").is_visible()
    assert report.page.get_by_role("button", name="Passed 0").is_visible()
    report.page.reload()
    assert field.input_value() == "R-P08-HREF-LOCATION"
    assert report.shown() == ["TMF671-CREATE-LOCATION"]
    assert "R-P08-HREF-LOCATION" in report.page.locator("#requirements option").evaluate_all(
        "options => options.map(o => o.value)"
    )


def test_a_whole_requirement_does_not_find_a_longer_one(view, results):
    first, second = (
        msgspec.structs.replace(check, requirements=(requirement,))
        for check, requirement in zip(results.checks, ("R-G50", "R-G50-MORE"), strict=False)
    )
    rules = tuple(
        msgspec.structs.replace(results.requirements[0], id=id_) for id_ in ("R-G50", "R-G50-MORE")
    )
    run = msgspec.structs.replace(results, checks=(first, second), requirements=rules)
    assert view(run, "#requirement=R-G50").shown() == [first.id]
    assert view(run, "#requirement=R-G5").shown() == [first.id, second.id]


def test_a_fragment_that_makes_no_sense_shows_everything(view, results):
    report = view(results, "#%zz")
    assert len(report.shown()) == 10
    assert report.complaints == []


def test_clearing_the_filters_shows_everything_again(view, results):
    report = view(results, "#level=may")
    report.page.get_by_role("button", name="Clear filters").click()
    assert len(report.shown()) == 10
    assert report.fragment() == ""


def test_a_link_opens_its_check_even_when_it_is_filtered_out(view, results):
    report = view(results, "#outcome=passed")
    report.page.locator(".mend a[href='#TMF671-FILTER-OR']").click()
    report.page.wait_for_function("document.querySelector('#TMF671-FILTER-OR').open")
    assert report.page.locator("#TMF671-FILTER-OR").get_attribute("open") is not None
    assert "TMF671-FILTER-OR" in report.shown()


def test_a_fragment_may_name_a_check(view, results):
    report = view(results, "#TMF671-RETRIEVE-FIELDS")
    assert report.page.locator("#TMF671-RETRIEVE-FIELDS").get_attribute("open") is not None


def test_the_keyboard_alone_folds_a_check(view, results):
    report = view(results)
    report.page.locator("#TMF671-CREATE-201 > summary").focus()
    report.page.keyboard.press("Enter")
    assert report.page.locator("#TMF671-CREATE-201 .description").is_visible()


def test_an_exchange_is_laid_out_as_it_came(view, results):
    report = view(results)
    report.page.locator("#TMF671-FILTER-NAME .exchanges > summary").click()
    exchange = report.page.locator("#TMF671-FILTER-NAME .exchange").first
    assert exchange.locator("summary").first.inner_text().split() == [
        "#4",
        "POST",
        "/promotion",
        "201",
        "Created",
        "16",
        "ms",
    ]
    exchange.locator("> summary").click()
    drawn(report.page)
    body = exchange.locator("pre").first.inner_text()
    assert body.startswith('{\n  "id": "42",\n  "href": "/promotion/42",')
    assert '"priority": 1.0,' in body
    assert '"criteriaGroup": [],' in body


def test_the_curl_line_is_copied(view, results):
    report = view(results, permissions=["clipboard-read", "clipboard-write"])
    report.page.locator("#TMF671-CREATE-LOCATION .exchanges > summary").click()
    report.page.locator("#TMF671-CREATE-LOCATION .exchange > summary").click()
    report.page.get_by_role("button", name="Copy curl").click()
    report.page.get_by_role("button", name="Copied").wait_for()
    assert report.page.evaluate("navigator.clipboard.readText()") == (
        "curl -i -X POST -H 'Accept: application/json' "
        "http://crm.example.net:8080/tmf-api/promotionManagement/v4/promotion"
    )


@pytest.mark.parametrize(("viewport", "lang"), [(WIDE, "en"), (PHONE, "zh")])
def test_what_a_hostile_target_sent_does_not_run(view, hostile_results, viewport, lang):
    report = view(hostile_results, viewport=viewport, lang=lang)
    open_all_exchanges(report.page)
    assert report.page.locator(".headers dd", has_text="</script>").count() == 8
    assert report.page.evaluate("window.owned") is None
    assert report.page.locator("img").count() == 0
    assert report.page.locator("script").count() == 3
    assert "</script><img src=x onerror=" in report.page.locator(".exchange pre").first.inner_text()
    assert report.complaints == []
    assert report.requests == [report.url]
    assert report.overflow() == 0


def test_an_injected_script_would_be_stopped_by_the_policy(view, results):
    report = view(results)
    report.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.owned = 1";
            document.body.append(script);
        }"""
    )
    assert report.page.evaluate("window.owned") is None
    assert any("Content Security Policy" in text for text in report.complaints)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(view, results, contrasts, scheme):
    report = view(results, color_scheme=scheme)
    open_all_exchanges(report.page)
    report.page.get_by_role("button", name="Failed 2").click()
    measured = contrasts(report.page)
    assert len(measured) > 150
    assert [text for text in measured if text[0] < 4.5] == []


def test_dark_is_dark_and_light_is_light(view, results):
    background = "getComputedStyle(document.body).backgroundColor"
    assert view(results, color_scheme="dark").page.evaluate(background) == "rgb(21, 24, 28)"
    assert view(results, color_scheme="light").page.evaluate(background) == "rgb(255, 255, 255)"


def test_a_phone_does_not_scroll_sideways(view, results):
    report = view(results, viewport=PHONE)
    open_all_exchanges(report.page)
    assert report.overflow() == 0


def test_it_prints_with_what_matters_open(view, results):
    report = view(results, "#TMF671-CREATE-201")
    report.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    report.page.emulate_media(media="print")
    assert report.page.locator("#TMF671-FILTER-OR .message").is_visible()
    drawn(report.page)
    assert report.page.locator("#TMF671-FILTER-NAME .exchange").count() == 2
    assert not report.page.locator("#filters").is_visible()
    report.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert report.page.locator("#TMF671-FILTER-OR").get_attribute("open") is None
    pdf = report.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 20_000


def test_without_scripts_the_findings_are_still_there(view, results):
    report = view(results, java_script_enabled=False)
    assert report.page.locator("#TMF671-FILTER-NAME .message").is_visible()
    assert report.page.locator("noscript").inner_text().startswith("Filters and the wire log need")


def test_five_thousand_exchanges_make_a_page_of_bounded_size(long_results):
    assert len(long_results.exchanges) == 4990
    assert len(long_results.exchanges[-1].response.body) > 65536
    assert len(html.render(long_results).encode()) < 12 << 20


def test_five_thousand_exchanges_open(view, long_results):
    report = view(long_results)
    fuzzing = report.page.locator("#TMF671-FUZZ-SCHEMA")
    fuzzing.locator("> summary").click()
    fuzzing.locator(".exchanges > summary").click()
    drawn(report.page)
    assert fuzzing.locator(".exchange").count() == 100
    fuzzing.get_by_role("button", name="Show more (4880)").click()
    assert fuzzing.locator(".exchange").count() == 200
    fuzzing.locator(".exchange > summary").first.click()
    drawn(report.page)
    text = fuzzing.locator(".exchange .note").nth(1).inner_text()
    assert text == (
        "The first 4,096 of 65,548 characters. The whole body is in results.json, exchange 11."
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_core_finds_nothing(view, results, accessibility_faults, scheme, lang):
    report = view(results, color_scheme=scheme, lang=lang)
    assert accessibility_faults(report.page) == []
    open_all_exchanges(report.page)
    for details in report.page.locator("details.more").all():
        details.locator("> summary").click()
    report.page.locator(".chip.failed").click()
    assert accessibility_faults(report.page) == []


def test_axe_core_finds_nothing_in_a_passed_run_on_a_phone(
    view, passed_results, accessibility_faults
):
    report = view(passed_results, viewport=PHONE)
    assert accessibility_faults(report.page) == []


def test_axe_core_would_find_something(view, results, accessibility_faults):
    report = view(results)
    report.page.evaluate("document.querySelector('label[for=search]').remove()")
    report.page.evaluate("document.querySelector('#search').placeholder = ''")
    assert accessibility_faults(report.page) == ["label: ['#search']"]


# Words of Latin letters in visible text that is not marked as English and is neither code nor a
# name: what stays when the interface is Chinese.
ENGLISH = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const apart = "code, pre, .url, [lang=en], .headers dl, .exchange > summary, noscript";
    if (node.closest(apart) || !node.checkVisibility()) continue;
    for (const word of walker.currentNode.data.match(/[A-Za-z]{2,}/g) ?? []) found.add(word);
  }
  return [...found].sort();
}"""


def test_the_interface_is_chinese_throughout(view, results):
    report = view(results, lang="zh")
    open_all_exchanges(report.page)
    for details in report.page.locator("details.more").all():
        details.locator("> summary").click()
    product = {"Promotion", "Center", "CRM"}
    names = {"TM", "Forum", "TMF", "Management", "China", "Telecom", "UTC"} | product
    formats = {"API", "JSON", "results", "json", "curl", "tmf", "SHA", "ms", "POST", "promotion"}
    parts = {"GET", "id", "fields"}
    assert set(report.page.evaluate(ENGLISH)) <= names | formats | parts
    assert report.page.locator("#shown").inner_text() == "10 项检查"
    assert report.page.get_by_role("button", name="复制 curl").first.is_visible()


def test_the_english_of_the_suite_is_marked_for_who_reads_it_aloud(view, results):
    report = view(results, lang="zh")
    titles = report.page.locator("h4, .cause span, .mend a, .message, .why[lang]")
    assert set(titles.evaluate_all("nodes => nodes.map(n => n.lang)")) == {"en"}


def test_the_first_screen_tells_verdict_and_what_to_fix(view, results):
    report = view(results, viewport={"width": 1280, "height": 800})
    bottom = "node => node.getBoundingClientRect().bottom"
    for place in ("h1", ".facts", ".level-row:last-child", ".heat", ".mend > li:nth-child(3)"):
        assert report.page.locator(place).evaluate(bottom) <= 800, place


def test_it_prints_on_paper_that_is_as_wide_as_the_page(view, results):
    report = view(results, viewport={"width": 794, "height": 1123})
    report.page.emulate_media(media="print")
    assert report.overflow() == 0
