import json

import pytest

import specs
from conformance.payload import DEFAULT, derived, read_ctk_config, read_payload
from conformance.settings import UsageError


@pytest.mark.parametrize("version", ["4.0.0", "4.1.0"])
def test_the_payload_of_our_own_is_a_valid_promotion(version):
    assert list(specs.load(version).validator("Promotion_Create").iter_errors(DEFAULT)) == []


def test_what_is_derived_shares_nothing_with_its_base():
    base = {"name": "n", "pattern": [{"action": []}]}
    promotion = derived(base, name="m")
    promotion["pattern"][0]["action"].append("x")
    assert base == {"name": "n", "pattern": [{"action": []}]}
    assert promotion["name"] == "m"


def test_none_leaves_an_attribute_out_and_what_the_server_sets_is_not_sent():
    promotion = derived({"name": "n", "href": "h", "lastUpdate": "l", "id": "code-1"}, name=None)
    assert promotion == {"id": "code-1"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot read the payload"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "must be one promotion"),
        ('{"description": "x"}', 'needs a "name"'),
        ('{"name": " "}', 'needs a "name"'),
    ],
)
def test_an_unusable_payload_is_one_line(tmp_path, content, words):
    path = tmp_path / "payload.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError, match=words) as caught:
        read_payload(path)
    assert "\n" not in str(caught.value)


def test_an_official_kits_configuration_is_read_as_it_is(tmp_path):
    path = tmp_path / "config.json"
    payload = {"name": "Summer", "vendorCode": "x"}
    path.write_text(
        json.dumps(
            {
                "url": "http://127.0.0.1:1/v4/",
                "headers": {"Authorization": "Basic abc"},
                "payloads": {"Promotion": {"POST": {"payload": payload}}},
            }
        )
    )
    kit = read_ctk_config(path)
    assert (kit.url, kit.headers, kit.payload) == (
        "http://127.0.0.1:1/v4/",
        {"Authorization": "Basic abc"},
        payload,
    )


def test_a_kit_configuration_without_payload_gives_none(tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{"url": "http://127.0.0.1:1/", "payloads": {}}')
    assert read_ctk_config(path).payload is None


@pytest.mark.parametrize("text", ["{}", "[]", '{"url": 1}', '{"url": "u", "headers": []}x'])
def test_what_is_no_kit_configuration_is_one_line(tmp_path, text):
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(UsageError):
        read_ctk_config(path)
