"""The pure parts of a load run: histograms, spans, thresholds, weights, durations."""

import random

import click
import pytest

from conformance.load.measures import MOST_CAUSES, Measures, answered, received
from conformance.load.mix import DEFAULT_MIX, users_by_kind, without
from conformance.load.quantities import Duration, Share, Weights
from conformance.load.thresholds import Limits, all_figures, counted_span, judged, verdict
from reports.load_histogram import added, bucket, percentile_ms
from reports.load_results import Figures


def histogram(values):
    return added({bucket(value): 1} for value in values)


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_a_percentile_is_at_most_one_per_cent_off_the_nearest_rank(share):
    chance = random.Random(7)
    values = sorted(chance.lognormvariate(2, 1.5) for _ in range(5000))
    exact = values[int(share * 5000) - 1]
    assert percentile_ms(histogram(values), share) == pytest.approx(exact, rel=0.0101)


def test_nothing_has_no_percentile():
    assert percentile_ms({}, 0.95) is None


def test_a_latency_of_zero_has_a_bucket():
    assert percentile_ms(histogram([0.0]), 0.5) == pytest.approx(0.01, rel=0.02)


def test_counts_survive_the_way_to_the_master_and_add_up():
    one, other = Measures(), Measures()
    one.add(0, "list", 10.0, 200, 1000, None)
    one.add(0, "list", 30.0, 503, 10, "answered 503")
    other.add(0, "list", 20.0, 200, 500, None)
    other.add(2, "create", 0.0, 0, 0, "refused")
    total = Measures()
    total.merge(received(one.message()))
    total.merge(received(other.message()))
    tally = total.slots[0]["list"]
    assert (tally.requests, tally.failed, tally.bytes, tally.max_ms) == (3, 1, 1510, 30.0)
    assert sum(tally.latencies.values()) == 3
    assert total.slots[2]["create"].latencies == {}
    assert total.statuses == {"list": {"200": 2, "503": 1}, "create": {"0": 1}}
    assert [(f.operation, f.cause, f.count) for f in total.failures()] == [
        ("create", "refused", 1),
        ("list", "answered 503", 1),
    ]
    assert answered(total) == 3


def test_many_different_causes_do_not_fill_the_memory():
    measures = Measures()
    for number in range(3 * MOST_CAUSES):
        measures.add(0, "list", 1.0, 500, 0, f"cause {number}")
    assert len(measures.failures()) == MOST_CAUSES + 1
    assert (measures.failures()[0].cause, measures.failures()[0].count) == (
        "other causes",
        2 * MOST_CAUSES,
    )


def test_a_slot_without_requests_stands_in_the_timeline():
    measures = Measures()
    measures.add(2, "list", 1.0, 200, 0, None)
    slots = measures.timeline({0: 3, 2: 5}, 2.0)
    assert [(slot.start, slot.users, list(slot.operations)) for slot in slots] == [
        (0.0, 3, []),
        (2.0, 0, []),
        (4.0, 5, ["list"]),
    ]


@pytest.mark.parametrize(
    ("duration", "ramp_up", "slot", "span"),
    [
        (60.0, 5.0, 1.0, (5.0, 60.0)),
        (60.4, 4.2, 1.0, (5.0, 60.0)),
        (6.0, 5.0, 1.0, (0.0, 6.0)),
        (2.5, 30.0, 1.0, (0.0, 2.5)),
        (1200.0, 50.0, 4.0, (52.0, 1200.0)),
    ],
)
def test_a_run_counts_from_when_all_users_are_at_work(duration, ramp_up, slot, span):
    assert counted_span(duration, ramp_up, slot) == span


def test_figures_leave_out_what_is_outside_of_the_span():
    measures = Measures()
    measures.add(0, "list", 900.0, 200, 0, None)
    for slot in (1, 2):
        for _ in range(10):
            measures.add(slot, "list", 10.0, 200, 0, None)
    measures.add(3, "create", 5.0, 201, 0, None)
    found = all_figures(measures.timeline({}, 1.0), 1.0, 3.0)
    assert found["list"].requests == 20
    assert found["list"].rate == 10.0
    assert found["list"].p99 == pytest.approx(10.0, rel=0.01)
    assert found["list"].maximum == 10.0
    assert found["create"].requests == 0
    assert found["create"].p95 is None
    assert found[""].requests == 20


def figures(**changed):
    given = {"requests": 1000, "failed": 0, "rate": 100.0, "p50": 5.0, "p95": 50.0, "p99": 90.0}
    return Figures(**{**given, "maximum": 99.0, **changed})


def measured(failed, requests=1000):
    measures = Measures()
    for number in range(requests):
        measures.add(0, "list", 1.0, 200, 0, "wrong" if number < failed else None)
    return measures


@pytest.mark.parametrize(
    ("limits", "failed", "met"),
    [
        (Limits(p95=0.05), 0, True),
        (Limits(p95=0.0499), 0, False),
        (Limits(p99=0.09), 0, True),
        (Limits(errors=0.01), 10, True),
        (Limits(errors=0.01), 11, False),
        (Limits(errors=0.0), 0, True),
        (Limits(rate=100.0), 0, True),
        (Limits(rate=100.5), 0, False),
        (Limits(p95=1.0, rate=101.0), 0, False),
    ],
)
def test_a_threshold_is_met_up_to_its_limit(limits, failed, met):
    assert verdict(judged(limits, figures(), measured(failed))) == ("met" if met else "not-met")


def test_without_an_answer_no_latency_is_met():
    found = judged(Limits(p95=10.0), figures(p95=None), measured(0))
    assert [(one.met, one.found) for one in found] == [(False, "no answer")]


def test_without_thresholds_there_is_no_verdict():
    assert verdict(judged(Limits(), figures(), measured(0))) == "no-thresholds"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("200ms", 0.2), ("60s", 60.0), ("5m", 300.0), ("5 min", 300.0), ("1h", 3600.0), ("2.5", 2.5)],
)
def test_a_duration_has_a_unit_or_is_in_seconds(text, seconds):
    assert Duration().convert(text, None, None) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "s", "-1s", "1d", "0s", "1s 2"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(click.BadParameter):
        Duration().convert(text, None, None)


def test_no_time_at_all_can_be_allowed():
    assert Duration(zero=True).convert("0", None, None) == 0.0


@pytest.mark.parametrize(
    ("text", "share"), [("1%", 0.01), ("0.01", 0.01), ("0", 0.0), ("0.5 %", 0.005)]
)
def test_a_share_is_per_cent_or_a_fraction(text, share):
    assert Share().convert(text, None, None) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "101%", "-1%", "2", "one"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(click.BadParameter):
        Share().convert(text, None, None)


def test_weights_that_are_not_named_keep_their_default():
    mix = Weights().convert("browse=1, create=0", None, None)
    assert (mix["browse"], mix["create"], mix["search"]) == (1, 0, DEFAULT_MIX["search"])


@pytest.mark.parametrize(
    "text",
    [
        "surf=1",
        "browse=x",
        "browse=-1",
        "browse=1001",
        "browse",
        "browse=0,search=0,retrieve=0,create=0,patch=0,delete=0,events=0",
    ],
)
def test_weights_that_make_no_mix_are_refused(text):
    with pytest.raises(click.BadParameter):
        Weights().convert(text, None, None)


@pytest.mark.parametrize("users", [1, 2, 3, 4, 10, 97, 1000])
def test_all_users_are_shared_out_and_each_kind_that_has_room_gets_one(users):
    counts = users_by_kind(DEFAULT_MIX, users)
    assert sum(counts.values()) == users
    assert len(counts) == min(users, 3)
    assert min(counts.values()) >= 1
    assert max(counts, key=counts.get) == "Reader"


def test_a_kind_whose_activities_have_no_weight_gets_no_users():
    mix = without(DEFAULT_MIX, {"create", "patch", "delete"})
    assert users_by_kind(mix, 100) == {"Reader": 98, "Subscriber": 2}
