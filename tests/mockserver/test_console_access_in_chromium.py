"""The console and what surrounds it: hostile text, tokens, tenants, the ways of its readers."""

import pytest
import requests

PHONE = {"width": 360, "height": 740}
HOSTILE = (
    '"><img src=x onerror="window.ran=1"><script>window.ran=1</script>${window.ran=1}\'\\u2028&lt;'
)


def test_hostile_text_stays_text_wherever_it_is_shown(console, pattern):
    seen = console(delivery_attempts=1)
    pattern["action"][0]["actionType"] = HOSTILE
    made = seen.create(
        id=HOSTILE.replace("/", ""),
        name=HOSTILE,
        description=HOSTILE,
        lifecycleStatus=HOSTILE,
        promotionType=HOSTILE,
        pattern=[pattern],
        **{HOSTILE: HOSTILE, "@type": HOSTILE, "__proto__": {"polluted": 1}},
    )
    changed = {"name": HOSTILE * 2, "lifecycleStatus": HOSTILE * 2}
    place = f"/promotion/{requests.utils.quote(made['id'], safe='')}"
    assert seen.api("PATCH", place, json=changed).status_code == 200
    hub = seen.api("POST", "/hub", json={"callback": "http://127.0.0.1:9/?'\"><b/onclick=ran=1>"})
    assert hub.status_code == 201
    seen.api("GET", f"/promotion?name={HOSTILE}", headers={"X-Hostile": "<script>window.ran=1"})
    seen.api("DELETE", f"/hub/{requests.utils.quote(HOSTILE, safe='')}")
    seen.open()
    page = seen.page
    page.locator("#rows a").click()
    page.locator("#detail-title").wait_for()
    for summary in page.locator("#detail summary").all():
        summary.click()
    page.get_by_role("button", name="Edit").click()
    assert page.get_by_label("name required").first.input_value() == HOSTILE * 2
    seen.create(name="an event that cannot be delivered")
    seen.go("Subscriptions")
    page.get_by_text("Undeliverable events").click()
    seen.go("Journal")
    for summary in page.locator("#exchanges li:not(.own) summary").all():
        summary.click()
    assert page.evaluate("window.ran") is None
    assert page.evaluate("({}).polluted") is None
    assert page.locator("main img, main script, main b").count() == 0
    assert seen.complaints == []
    assert seen.strangers() == []


def test_the_admin_token_is_asked_for_and_kept_in_memory_only(console):
    seen = console(admin_token="open sesame")
    page = seen.page
    page.goto(seen.origin)
    page.get_by_role("heading", name="Admin token").wait_for()
    page.get_by_label("Token", exact=True).fill("wrong")
    page.get_by_role("button", name="Use").click()
    page.get_by_label("Token", exact=True).fill("open sesame")
    page.get_by_role("button", name="Use").click()
    page.locator(".live.on").wait_for()
    kept = "[localStorage.length, sessionStorage.length, document.cookie, location.href]"
    assert page.evaluate(kept) == [0, 0, "", f"{seen.origin}/"]
    page.reload()
    page.get_by_role("heading", name="Admin token").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Enter the token").wait_for()
    assert page.get_by_role("heading", name="Promotions").is_visible()


def test_the_token_of_the_api_is_asked_for_too(console):
    seen = console(require_token="letmein")
    seen.page.goto(seen.origin)
    seen.page.get_by_role("heading", name="Token of the API").wait_for()
    seen.page.get_by_label("Token", exact=True).fill("letmein")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_text("No promotion.").wait_for()


def test_without_the_control_api_promotions_are_still_shown(console):
    seen = console(control=False)
    seen.create(name="Still there")
    seen.page.goto(seen.origin)
    seen.wait_for_names(["Still there"])
    seen.page.locator("#live", has_text="the control API is off").wait_for()
    seen.create(name="Later")
    seen.wait_for_names(["Still there", "Later"])


def test_each_tenant_has_a_console(console):
    seen = console()
    seen.create(name="Not theirs")
    theirs = f"{seen.origin}/t/blue/tmf-api/promotionManagement/v4/promotion"
    requests.post(theirs, json={"name": "Theirs"}, timeout=5)
    seen.open(path="/?tenant=blue")
    seen.wait_for_names(["Theirs"])
    seen.page.get_by_label("Tenant").select_option("(none)")
    seen.wait_for_names(["Not theirs"])
    assert seen.complaints == []


def test_version_4_0_0_can_ask_for_information(console, subscriber):
    seen = console(api_version="4.0.0")
    made = seen.create()
    seen.api("POST", "/hub", json={"callback": subscriber.url})
    seen.open(f"#promotions/{made['id']}")
    seen.page.get_by_role("button", name="Ask for information").click()
    seen.say("The event is on its way.")
    assert subscriber.wait_for(1)[0]["eventType"] == "PromotionInformationRequiredEvent"


def test_the_keyboard_is_enough(console):
    seen = console()
    seen.create(name="Reached")
    seen.open()
    page, keys = seen.page, seen.page.keyboard
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(12):
        keys.press("Tab")
        assert page.evaluate(outline) == "solid", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("document.activeElement.textContent") == "Reached":
            break
    keys.press("Enter")
    page.locator("#detail-title:focus").wait_for()
    keys.press("Tab")
    keys.press("Enter")
    page.get_by_label("name required").first.wait_for()
    assert page.evaluate("document.activeElement.value") == "Reached"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast_and_nothing_overflows_a_phone(console, contrasts, scheme):
    seen = console(viewport=PHONE, scheme=scheme, seed=1, count=30, delivery_attempts=1)
    seen.api("POST", "/hub", json={"callback": f"http://127.0.0.1:9/{'long' * 30}"})
    made = seen.create(name="W" * 80, lifecycleStatus="w" * 60)
    seen.api("PATCH", f"/promotion/{made['id']}", json={"description": "new"})
    seen.open(f"#promotions/{made['id']}")
    page = seen.page
    page.locator("#detail-title").wait_for()
    for act in (
        lambda: None,
        lambda: page.get_by_role("button", name="Edit").click(),
        lambda: page.get_by_role("link", name="New promotion").click(),
        lambda: seen.go("Subscriptions"),
        lambda: seen.go("Journal"),
        lambda: seen.go("Behaviour"),
        lambda: page.get_by_role("button", name="All off").click(),
    ):
        act()
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        low = [found for found in contrasts(page) if found[0] < 4.5]
        assert low == [], low


def test_swagger_ui_works_without_the_network(console):
    seen = console()
    page = seen.page
    page.goto(f"{seen.origin}/docs")
    page.get_by_role("heading", name="Promotion Management").wait_for()
    page.locator("#operations-promotion-listPromotion").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").first.wait_for()
    page.get_by_label("Select a definition").select_option("Control API of the mock")
    page.get_by_text("/_mock/state").or_(page.get_by_text("/state")).first.wait_for()
    assert seen.complaints == []
    assert seen.strangers() == []


def test_the_page_tells_when_the_mock_has_gone(console):
    seen = console().open()
    seen.stop()
    seen.page.locator(".live.off", has_text="not connected").wait_for()
