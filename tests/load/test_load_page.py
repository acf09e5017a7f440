"""The page of a load run: what it says, and that nothing in it can run."""

import re

import msgspec
import pytest

from reports import load_chart, load_page
from reports import load_results as load_results_file

HOSTILE = "</script><img src=x onerror='window.owned=1'>"


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<body>")[1]).split())


def test_the_page_says_first_what_was_not_met(load_results):
    said = text_of(load_page.render(load_results))
    assert "Thresholds not met: p95 45.0 ms, asked at most 40.0 ms" in said
    assert "p95 at most 40.0 ms 45.0 ms not met" in said
    assert "errors at most 1 % 0.26 % (19 of 7,370) met" in said


def test_each_operation_has_its_figures_and_all_of_them_together_too(load_results):
    said = text_of(load_page.render(load_results))
    assert "list GET /promotion 5,670 0 103 22.0 ms 25.0 ms 66.0 ms 75.0 ms" in said
    assert "create POST /promotion 1,100 19 (1.73 %) 20 45.0 ms 135 ms 135 ms 135 ms" in said
    assert "all 6,770 19 (0.28 %) 123 23.0 ms 45.0 ms 135 ms 135 ms" in said


def test_answers_stand_by_status_and_what_was_not_answered_last(load_results):
    said = text_of(load_page.render(load_results))
    assert "Status list create 200 6,170 0 201 0 1,181 503 0 17 no answer 0 2" in said
    assert "create answered 503 17 create timed out 2" in said


def test_what_is_left_in_the_target_is_named(load_results):
    said = text_of(load_page.render(load_results))
    assert "1,200 things were created and 1,198 deleted. What is left, or may be:" in said
    assert "/promotion/7 /promotion/9" in said


def test_a_run_without_thresholds_is_headed_by_what_was_measured(load_results):
    plain = msgspec.structs.replace(load_results, thresholds=(), verdict="no-thresholds")
    assert load_page.headline(plain) == (
        "123 requests a second, 95 % within 45.0 ms, 0.28 % failed"
    )


def test_a_run_that_met_its_thresholds_says_so(load_results):
    met = msgspec.structs.replace(load_results, verdict="met")
    assert load_page.headline(met).startswith("Thresholds met: 123 requests a second")


def test_no_markup_of_a_target_becomes_markup_of_the_page(load_results):
    failure = msgspec.structs.replace(load_results.failures[0], cause=HOSTILE)
    hostile = msgspec.structs.replace(
        load_results, failures=(failure,), url=f"https://h/{HOSTILE}", notes=(HOSTILE,)
    )
    page = load_page.render(hostile)
    assert "<img" not in page
    assert "<script" not in page


def test_the_page_refers_to_nothing_outside_and_allows_no_script(load_results):
    page = load_page.render(load_results)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert re.findall(r"(?:src|href)=\"(?!#|data:)", page) == []


def test_load_json_is_read_back_as_it_was_written(load_results, tmp_path):
    load_results_file.write(load_results, tmp_path / "load.json")
    assert load_results_file.read(tmp_path / "load.json") == load_results


def test_curves_stay_in_their_frame_and_break_at_gaps():
    chart = load_chart.chart(
        {"p50": [10.0, 20.0, None, 40.0]}, slot=1.0, seconds=4.0, counted_from=1.0
    )
    assert chart.curves[0].line == "M90.0 142.5L270.0 95.0 M630.0 0.0L631.0 0.0"
    assert [tick.label for tick in chart.y_ticks] == ["0", "10", "20", "30", "40"]
    assert chart.shade == 180.0


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0.0, ["0", "1"]),
        (0.7, ["0", "0.2", "0.4", "0.6", "0.8"]),
        (430.0, ["0", "200", "400", "600"]),
        (7300.0, ["0", "2,000", "4,000", "6,000", "8,000"]),
    ],
)
def test_the_axis_has_round_numbers_from_0_to_above_the_highest(highest, labels):
    chart = load_chart.chart({"all": [highest]}, slot=1.0, seconds=1.0, counted_from=0.0)
    assert [tick.label for tick in chart.y_ticks] == labels


def test_a_long_run_is_drawn_with_joined_slots(load_results):
    long = msgspec.structs.replace(
        load_results,
        duration=400.0,
        slots=tuple(
            msgspec.structs.replace(load_results.slots[0], start=float(second))
            for second in range(400)
        ),
    )
    curve = load_page.throughput(long).curves[0]
    assert len(curve.line.split("L")) == 133
    heights = {point.split(" ")[1] for point in curve.line.removeprefix("M").split("L")}
    assert len(heights) == 1
