import msgspec
import pytest

from reports import excerpts


def by_number(shown):
    return {exchange["n"]: exchange for exchange in shown}


def test_a_long_body_is_cut_and_its_length_told(long_results):
    last = excerpts.exchanges(long_results, budget=1 << 30)[-1]
    assert len(last["response"]["body"]) == 4096
    assert last["response"]["length"] == 65548


def test_the_bodies_together_stay_within_the_budget(long_results):
    shown = excerpts.exchanges(long_results, budget=100_000)
    assert len(shown) == 4990
    whole = [exchange for exchange in shown if "left_out" not in exchange]
    assert 0 < sum(len(e["response"]["body"] or "") for e in whole if e["response"]) < 100_000


def test_failed_checks_are_shown_before_passed_ones(results):
    shown = by_number(excerpts.exchanges(results, budget=2600))
    assert "left_out" not in shown[3]
    assert shown[2]["left_out"] is True


def test_exchanges_stay_in_their_order(results):
    numbers = [exchange["n"] for exchange in excerpts.exchanges(results, budget=1500)]
    assert numbers == list(range(1, len(results.exchanges) + 1))


def test_an_exchange_without_an_answer_says_why(results):
    unanswered = excerpts.exchanges(results)[-1]
    assert unanswered["status"] is None
    assert unanswered["response"] is None
    assert unanswered["error"] == "connection reset"


@pytest.mark.parametrize(("length", "kept"), [(16384, True), (16385, False)])
def test_half_a_command_is_never_shown(results, length, kept):
    exchange = msgspec.structs.replace(results.exchanges[0], curl="c" * length)
    changed = msgspec.structs.replace(results, exchanges=(exchange,))
    assert (excerpts.exchanges(changed)[0]["curl"] is not None) is kept
