"""The page of a load run in a browser: nothing is complained about, and all of it can be read."""

import pytest

from reports import load_page

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def shown(chromium, tmp_path, load_results):
    """Return a function that opens the page; complaints are gathered in its `complaints`."""
    contexts = []

    def show(**options):
        path = tmp_path / "load.html"
        path.write_text(load_page.render(load_results), encoding="utf-8")
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("request", lambda request: page.complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


def test_it_opens_without_complaint_and_asks_nobody(shown):
    page = shown(viewport=WIDE)
    assert page.title().startswith("Thresholds not met: p95 45.0 ms")
    assert [one for one in page.complaints if not one.startswith(("file:", "data:"))] == []


def test_both_curves_are_drawn_and_named(shown):
    page = shown(viewport=WIDE)
    charts = page.get_by_role("img")
    assert charts.count() == 2
    assert charts.nth(1).get_attribute("aria-label") == (
        "Latency over time in milliseconds: half of the answers within 23.0 ms, "
        "95 % within 45.0 ms, 99 % within 135 ms"
    )
    frame = charts.nth(0).bounding_box()
    line = charts.nth(0).locator("path.line.all").bounding_box()
    assert line["width"] > 0.85 * frame["width"]
    assert line["height"] > 2


def test_a_phone_scrolls_tables_and_never_the_page(shown):
    page = shown(viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(shown, contrasts, scheme):
    page = shown(viewport=WIDE, color_scheme=scheme)
    assert [found for found in contrasts(page) if found[0] < 4.5] == []


def test_axe_finds_nothing(shown, accessibility_faults):
    assert accessibility_faults(shown(viewport=WIDE)) == []
