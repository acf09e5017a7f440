import json

from conformance.evidence import presentable, presentable_text
from conformance.masking import MASK, masked_text, secrets_of


def test_what_is_small_and_holds_no_secret_is_shown_as_it_is():
    value = {"a": [1, 2.5, None, True, "text"], "b": {}, "c": []}
    assert presentable(value, ()) == value


def test_a_secret_is_masked_in_values_and_in_names():
    shown = presentable({"t0ken-1": ["x t0ken-1 y", {"z": "t0ken-1"}]}, {"t0ken-1"})
    assert shown == {MASK: ["x *** y", {"z": MASK}]}


def test_depth_is_cut():
    value = []
    for _ in range(900):
        value = [value]
    assert json.dumps(presentable(value, ())).count("[") == 24


def test_a_million_items_are_cut_and_counted():
    shown = presentable([{"id": n} for n in range(100_000)], ())
    assert len(json.dumps(shown)) < 100_000
    assert shown[-1] == "… 98001 more"
    assert presentable({str(n): n for n in range(5000)}, ())["…"] == "3001 more"


def test_a_long_text_is_cut_and_a_huge_number_is_text():
    assert presentable("x" * 100_000, ()) == "x" * 16_384 + " …"
    assert presentable([10**30, 2**62], ()) == ["1" + "0" * 30, 2**62]


def test_a_lone_surrogate_is_replaced():
    assert presentable({"a\ud800": "\udfff"}, ()) == {"a\ufffd": "\ufffd"}
    assert presentable_text("x\ud800", ()) == "x\ufffd"


def test_a_secret_is_found_in_every_form_that_an_echo_gives_it():
    secret = 'a"b/+&<ä\\'
    forms = [
        secret,
        "a%22b%2F%2B%26%3C%C3%A4%5C",
        "a%22b%2f%2b%26%3c%c3%a4%5c",
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        "a&quot;b/+&amp;&lt;ä\\",
        "YSJiLysmPMOkXA",
        repr(secret)[1:-1],
    ]
    for form in forms:
        assert masked_text(f"before {form} after", {secret}) == f"before {MASK} after"


def test_a_password_in_a_url_is_a_secret_in_each_of_its_forms():
    found = secrets_of({}, "http://me:p%40ss@host/x")
    assert found == {"p%40ss", "p@ss", "bWU6cEBzcw=="}
