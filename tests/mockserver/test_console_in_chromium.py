"""The console in a real browser, against a real mock."""

import json
import re

import pytest


def test_a_promotion_is_created_with_the_form_and_its_event_is_seen(console, subscriber, pattern):
    seen = console().open()
    page = seen.page
    seen.go("Subscriptions")
    page.get_by_label("Callback").fill(f"{subscriber.url}/events")
    page.get_by_label("Query over the event").fill("event.promotion.name=Spring,Other")
    page.get_by_role("button", name="Subscribe").click()
    seen.say("Subscribed.")

    seen.go("Promotions")
    page.get_by_role("link", name="New promotion").click()
    page.get_by_label("name required").first.fill("Spring")
    page.get_by_label("description").first.fill("Two lines\nof text")
    page.get_by_role("button", name="Add pattern").click()
    page.get_by_role("button", name="Add action").click()
    page.get_by_label("actionType").fill("percentageDiscount")
    page.get_by_label("actionValue").fill("10")
    page.get_by_role("button", name="Add criteriaGroup").click()
    page.get_by_role("button", name="Add criteria", exact=True).click()
    page.get_by_label("criteriaParameter").fill("orderValue")
    page.get_by_label("criteriaOperator").fill(">=")
    page.get_by_label("criteriaValue").fill("50")
    page.get_by_text("validFor", exact=True).last.click()
    page.get_by_label("endDateTime").last.fill("2026-12-31T23:59:59Z")
    page.get_by_role("button", name="Create").click()
    page.locator("h3", has_text="Spring").wait_for()
    created = seen.api("GET", "/promotion?name=Spring").json()[0]
    assert created["description"] == "Two lines\nof text"
    assert created["pattern"] == [pattern]
    assert created["validFor"] == {"endDateTime": "2026-12-31T23:59:59Z"}
    assert subscriber.wait_for(1)[0]["event"]["promotion"] == created

    seen.go("Subscriptions")
    page.locator(".counts", has_text="1 delivered").wait_for()
    assert "PromotionCreateEvent" in page.locator(".deliveries tbody tr").inner_text()
    page.get_by_role("button", name=f"Unsubscribe {subscriber.url}/events").click()
    page.get_by_text("Nobody has subscribed.").wait_for()
    assert seen.complaints == []
    assert seen.strangers() == []


def test_promotions_are_filtered_in_the_query_language(console):
    seen = console()
    seen.create(name="Winter")
    seen.create(name="Spring")
    page = seen.open().page
    seen.wait_for_names(["Winter", "Spring"])
    seen.filter("name.regex=^Sp&fields=name,lifecycleStatus")
    seen.wait_for_names(["Spring"])
    assert page.locator("#range").inner_text() == "1\u20131 of 1"
    asked = "GET /tmf-api/promotionManagement/v4/promotion?name.regex=^Sp&fields=name,lifecycle"
    assert page.locator("#asked").inner_text().startswith(asked)
    page.get_by_role("button", name="Clear").click()
    seen.wait_for_names(["Winter", "Spring"])
    assert seen.complaints == []


def test_an_edit_sends_what_was_changed_and_causes_its_events(console, subscriber):
    seen = console()
    seen.api("POST", "/hub", json={"callback": f"{subscriber.url}/events"})
    made = seen.create(name="Spring", description="old", channel=["web"])
    page = seen.open(f"#promotions/{made['id']}").page
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("name required").first.fill("Autumn")
    page.get_by_label("lifecycleStatus").first.fill("release")
    page.get_by_label("description").first.fill("")
    page.get_by_role("button", name="Save").click()
    page.locator("h3", has_text="Autumn").wait_for()
    history = page.locator(".history > li")
    assert history.count() == 2
    assert "name Spring → Autumn" in history.first.inner_text()
    (patch,) = [
        json.loads(exchange["requestBody"])
        for exchange in seen.control("GET", "/journal").json()
        if exchange["method"] == "PATCH"
    ]
    assert patch == {"name": "Autumn", "description": None, "lifecycleStatus": "release"}
    types = [event["eventType"] for event in subscriber.wait_for(3)]
    assert types[1:] == ["PromotionStateChangeEvent", "PromotionAttributeValueChangeEvent"]

    assert seen.api("GET", f"/promotion/{made['id']}").json()["channel"] == ["web"]
    assert seen.complaints == []


def test_editing_keeps_what_the_form_does_not_know(console, pattern):
    seen = console()
    pattern["action"][0]["vendor"] = {"deep": [1, 2]}
    pattern["action"].append({"actionType": "voucher"})
    made = seen.create(pattern=[pattern], channel=["web"])
    seen.open(f"#promotions/{made['id']}")
    page = seen.page
    page.get_by_role("button", name="Edit").click()
    for summary in ("pattern 1", "action 1"):
        page.get_by_text(summary, exact=True).click()
    page.get_by_label("actionValue").first.fill("20")
    page.get_by_text("action 2", exact=True).click()
    page.get_by_role("button", name="Remove this action").last.click()
    page.get_by_role("button", name="Save").click()
    seen.say("Saved.")
    now = seen.api("GET", f"/promotion/{made['id']}").json()
    kept = {"actionType": "percentageDiscount", "actionValue": "20", "vendor": {"deep": [1, 2]}}
    assert now["pattern"] == [{**pattern, "action": [kept]}]
    assert now["channel"] == ["web"]


def test_a_change_by_another_in_the_meantime_is_not_overwritten(console):
    seen = console()
    made = seen.create()
    seen.open(f"#promotions/{made['id']}")
    seen.page.get_by_role("button", name="Edit").click()
    seen.api("PATCH", f"/promotion/{made['id']}", json={"description": "theirs"})
    seen.page.get_by_label("description").first.fill("mine")
    seen.page.get_by_role("button", name="Save").click()
    seen.say("412: ")
    assert seen.api("GET", f"/promotion/{made['id']}").json()["description"] == "theirs"


def test_what_others_do_is_shown_as_it_happens(console):
    seen = console().open()
    made = seen.create(name="By another")
    seen.wait_for_names(["By another"])
    seen.page.get_by_role("link", name="By another").click()
    seen.page.locator("#detail-title").wait_for()
    seen.api("PATCH", f"/promotion/{made['id']}", json={"name": "Changed"})
    seen.page.locator("#detail-title", has_text="Changed").wait_for()
    seen.go("Journal")
    lines = seen.page.locator("#exchanges > li:not(.own)")
    assert lines.count() == 2
    seen.page.get_by_label("Pause").check()
    seen.api("DELETE", f"/promotion/{made['id']}")
    seen.page.locator("#facts div", has_text="Promotions").get_by_text("0").wait_for()
    assert lines.count() == 2
    seen.page.get_by_label("Pause").uncheck()
    lines.nth(2).wait_for()
    assert "DELETE" in lines.first.inner_text()
    lines.nth(1).locator("summary").click()
    assert '"name": "Changed"' in lines.nth(1).locator("pre").first.inner_text()
    seen.page.get_by_role("button", name="Clear").click()
    seen.page.get_by_text("No request yet.").wait_for()
    assert seen.control("GET", "/journal").json() == []
    assert seen.complaints == []


def test_a_fault_is_switched_on_seen_and_switched_off(console):
    seen = console().open("#behaviour")
    page, form = seen.page, seen.page.locator("#faults")
    form.get_by_label("Error answers").check()
    form.get_by_role("combobox", name="Operation").select_option("listPromotion")
    form.get_by_label("Status", exact=True).fill("418")
    form.get_by_role("button", name="Apply faults").click()
    seen.say("The faults are on.")
    page.locator("#facts", has_text="errors").wait_for()
    assert seen.api("GET", "/promotion").status_code == 418
    assert seen.api("POST", "/promotion", json={"name": "x"}).status_code == 201
    seen.go("Promotions")
    seen.say("418: the mock was told to answer 418 here")
    seen.go("Journal")
    page.locator("li:not(.own) .badge", has_text="418").wait_for()
    page.locator("li:not(.own) .badge", has_text="fault: errors").wait_for()
    seen.go("Behaviour")
    form.get_by_role("button", name="All off").click()
    seen.say("All faults are off.")
    assert seen.api("GET", "/promotion").status_code == 200
    assert all("418" in complaint for complaint in seen.complaints)


def test_each_kind_of_fault_can_be_set(console):
    seen = console().open("#behaviour")
    form = seen.page.locator("#faults")
    form.get_by_label("Latency").check()
    form.get_by_role("combobox", name="Kind").select_option("uniform")
    form.get_by_label("Milliseconds", exact=True).fill("1")
    form.get_by_role("spinbutton", name="At most").fill("2.5")
    for name in ("Dropped connections", "Half-sent answers", "Malformed JSON"):
        form.get_by_label(name).check()
        form.get_by_role("group", name=name).get_by_label("Rate, 0 to 1").fill("0.25")
    form.get_by_label("Rate limit").check()
    form.get_by_label("Requests", exact=True).fill("7")
    form.get_by_label("per seconds").fill("0.5")
    form.get_by_role("button", name="Apply faults").click()
    seen.say("The faults are on.")
    assert seen.control("GET", "/faults").json() == {
        "latency": {"kind": "uniform", "ms": 1, "maxMs": 2.5},
        "drop": {"rate": 0.25},
        "halfSent": {"rate": 0.25},
        "malformedJson": {"rate": 0.25},
        "rateLimit": {"requests": 7, "perSeconds": 0.5},
    }
    form.get_by_role("spinbutton", name="At most").fill("0.5")
    form.get_by_role("button", name="Apply faults").click()
    seen.say("400: latency.maxMs is less than latency.ms")


def test_defects_and_variants_are_switched(console):
    seen = console().open("#behaviour")
    page = seen.page
    page.get_by_label("Find among the defects").fill("answers 200 instead of 201")
    page.get_by_label("create-answers-200").check()
    seen.say("create-answers-200 is on.")
    page.get_by_label("relative-href").check()
    seen.say("relative-href is on.")
    page.locator("#facts", has_text="create-answers-200, relative-href").wait_for()
    answer = seen.api("POST", "/promotion", json={"name": "x"})
    assert answer.status_code == 200
    assert answer.json()["href"].startswith("/tmf-api/")
    page.get_by_label("create-answers-200").uncheck()
    seen.say("create-answers-200 is off.")
    assert seen.api("POST", "/promotion", json={"name": "x"}).status_code == 201
    assert seen.complaints == []


def test_the_clock_and_the_catalogue_are_at_hand(console):
    seen = console().open("#behaviour")
    page, state = seen.page, seen.page.locator("#state")
    state.get_by_label("Time", exact=True).fill("2030-01-02T03:04:05Z")
    state.get_by_role("button", name="Freeze").click()
    seen.say("The clock stands.")
    state.get_by_label("Seconds", exact=True).fill("60")
    state.get_by_role("button", name="Advance").click()
    page.locator("#facts", has_text="2030-01-02T03:05:05.000Z").wait_for()
    assert seen.create()["lastUpdate"] == "2030-01-02T03:05:05.000Z"
    state.get_by_role("spinbutton", name="Promotions").fill("3")
    state.get_by_role("button", name="Seed more").click()
    page.locator("#facts div", has_text="Promotions").get_by_text("4").wait_for()
    with page.expect_download() as download:
        state.get_by_role("button", name="Download a snapshot").click()
    assert len(json.loads(download.value.path().read_text())) == 4
    state.get_by_role("button", name="Reset to the start").click()
    seen.say("Everything is as it was at the start.")
    assert seen.api("GET", "/promotion").json() == []
    assert seen.complaints == []


def test_a_query_that_makes_no_sense_is_explained(console):
    seen = console().open()
    seen.filter("name.regex=(")
    seen.say("400: '(': is no regular expression")
    seen.filter("")
    seen.page.locator("#failed").filter(has_text="regular").wait_for(state="detached")


@pytest.mark.parametrize(
    "defect",
    ["create-without-body", "create-body-without-id", "list-in-envelope", "no-total-count"],
)
def test_a_mock_that_breaks_a_rule_does_not_break_the_page(console, defect):
    seen = console(defects=(defect,)).open("#new")
    seen.page.get_by_label("name required").first.fill("Spring")
    seen.page.get_by_role("button", name="Create").click()
    seen.page.locator(".said", has_text=re.compile("Created|is no list")).wait_for()
    seen.go("Behaviour")
    seen.page.get_by_label(defect, exact=False).first.uncheck()
    seen.say(f"{defect} is off.")
    seen.go("Promotions")
    seen.wait_for_names(["Spring"])
    assert seen.complaints == []


def test_a_long_list_has_pages(console):
    seen = console(seed=1, count=60).open()
    page = seen.page
    page.locator("#range", has_text="1\u201325 of 60").wait_for()
    page.get_by_role("button", name="Next").click()
    page.locator("#range", has_text="26\u201350 of 60").wait_for()
    page.get_by_role("button", name="Next").click()
    page.locator("#range", has_text="51\u201360 of 60").wait_for()
    assert page.get_by_role("button", name="Next").is_disabled()
    assert page.locator("#rows tr").count() == 10
    seen.filter("limit=2&sort=name")
    page.locator("#range", has_text="2 of 60").wait_for()
    assert page.get_by_role("button", name="Previous").is_disabled()
