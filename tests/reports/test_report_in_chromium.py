import pytest

from reports import html

WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}

# Contrast of each visible text with the nearest background, by WCAG 2.2 (relative luminance).
CONTRAST = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    const [a, b] = [luminance(rgb(getComputedStyle(node).color)), luminance(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push([Math.round(ratio * 100) / 100, node.className, walker.currentNode.data.trim()]);
  }
  return found;
}"""


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

    def show(results, fragment="", viewport=WIDE, **options):
        path = tmp_path / "report.html"
        path.write_text(html.render(results, "China Telecom"), encoding="utf-8")
        context = chromium.new_context(viewport=viewport, **options)
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
    assert [url for url in report.requests if not url.startswith(("file:", "data:"))] == []
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


def test_clearing_the_filters_shows_everything_again(view, results):
    report = view(results, "#level=may")
    report.page.get_by_role("button", name="Clear filters").click()
    assert len(report.shown()) == 10
    assert report.fragment() == ""


def test_a_link_opens_its_check_even_when_it_is_filtered_out(view, results):
    report = view(results, "#outcome=passed")
    report.page.locator(".mend a[href='#TMF671-FILTER-OR']").click()
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


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_what_a_hostile_target_sent_does_not_run(view, hostile_results, viewport):
    report = view(hostile_results, viewport=viewport)
    open_all_exchanges(report.page)
    assert report.page.evaluate("window.owned") is None
    assert report.page.locator("img").count() == 0
    assert report.page.locator("script").count() == 2
    assert "</script><img src=x onerror=" in report.page.locator(".exchange pre").first.inner_text()
    assert report.complaints == []
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
def test_every_text_has_the_contrast_of_wcag_aa(view, results, scheme):
    report = view(results, color_scheme=scheme)
    open_all_exchanges(report.page)
    report.page.get_by_role("button", name="Failed 2").click()
    measured = report.page.evaluate(CONTRAST)
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
    text = fuzzing.locator(".exchange .note").first.inner_text()
    assert text == (
        "The first 4,096 of 65,548 characters. The whole body is in results.json, exchange 11."
    )
