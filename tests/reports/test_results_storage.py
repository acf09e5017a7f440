import json
import os
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

import specs
from reports import storage
from reports.storage import ResultsError

SCHEMA = json.loads(
    Path(specs.__file__).with_name("results.schema.json").read_text(encoding="utf-8")
)


def document(results):
    return json.loads(storage.encode(results))


def test_the_schema_is_a_valid_json_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_what_is_written_is_read_back_the_same(results, tmp_path):
    storage.write(results, tmp_path / "results.json")
    assert storage.read(tmp_path / "results.json") == results


def test_the_file_is_indented_utf8_in_the_order_of_the_model(results):
    text = storage.encode(results).decode("utf-8")
    assert text.startswith('{\n  "schema": 1,\n  "tool": {\n    "name": "tmf671",')
    assert text.endswith("}\n")
    assert list(json.loads(text)) == [
        "schema",
        "tool",
        "started",
        "ended",
        "seed",
        "target",
        "options",
        "verdict",
        "verdict_reason",
        "scope",
        "summary",
        "checks",
        "exchanges",
        "requirements",
        "cleanup",
        "deviations",
        "notes",
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), "verdict"),
        ((), "cleanup"),
        (("tool",), "version"),
        (("target",), "capabilities"),
        (("summary",), "not-applicable"),
        (("checks", 0), "blocked_by"),
        (("exchanges", 0), "curl"),
        (("exchanges", 0, "request"), "headers"),
        (("exchanges", 0, "response"), "status"),
        (("requirements", 0), "not_tested_because"),
    ],
)
def test_a_missing_member_is_refused(results, path, name):
    broken = document(results)
    place = broken
    for step in path:
        place = place[step]
    del place[name]
    assert not Draft202012Validator(SCHEMA).is_valid(broken)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), 2),
        (("verdict",), "pass"),
        (("scope",), "partial"),
        (("started",), "2026-03-02 09:15"),
        (("target", "api_version"), "5.0.0"),
        (("target", "capabilities", "hub"), "yes"),
        (("checks", 0, "outcome"), "ok"),
        (("checks", 0, "level"), "MUST"),
        (("checks", 0, "id"), "create 201"),
        (("checks", 0, "duration_ms"), -1),
        (("exchanges", 0, "direction"), "both"),
        (("exchanges", 0, "response", "status"), "200"),
        (("requirements", 0, "id"), "P-03"),
        (("summary", "passed"), -1),
        (("surprise",), 1),
        (("summary", "surprise"), 1),
    ],
)
def test_a_wrong_value_is_refused(results, path, value):
    broken = document(results)
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(broken)


def test_an_additional_member_of_a_check_is_tolerated(results):
    extended = document(results)
    extended["checks"][0]["severity"] = "low"
    assert Draft202012Validator(SCHEMA).is_valid(extended)


def test_results_that_do_not_fit_are_never_written(results, tmp_path):
    check = msgspec.structs.replace(results.checks[0], outcome="ok")
    wrong = msgspec.structs.replace(results, checks=(check,))
    with pytest.raises(ResultsError, match=r"\$\.checks\[0\]\.outcome"):
        storage.write(wrong, tmp_path / "results.json")
    assert list(tmp_path.iterdir()) == []


def test_broken_unicode_and_control_characters_are_written(hostile_results, tmp_path):
    path = tmp_path / "results.json"
    storage.write(hostile_results, path)
    body = storage.read(path).exchanges[0].response.body
    assert "\x00\x1b[31m\ufffd\u202e" in body


def test_numbers_that_json_lacks_become_text(results):
    check = msgspec.structs.replace(results.checks[0], observed=[float("nan"), float("-inf")])
    written = document(msgspec.structs.replace(results, checks=(check,)))
    assert written["checks"][0]["observed"] == ["nan", "-inf"]


def test_a_failed_write_leaves_the_old_file(results, tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    path.write_text("old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        storage.write(results, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[]", "does not fit the results schema at $: [] is not of type 'object'"),
        (b'{"openapi": "3.1.0"}', "does not fit the results schema at $"),
        (b'{"schema": 2}', "is of results version 2, this program reads version 1"),
    ],
)
def test_another_file_is_refused_with_one_line(tmp_path, content, line):
    path = tmp_path / "results.json"
    path.write_bytes(content)
    with pytest.raises(ResultsError) as refused:
        storage.read(path)
    assert str(refused.value).startswith(f"{path} ")
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_refusal_names_the_place_in_the_file(results, tmp_path):
    broken = document(results)
    broken["checks"][3]["outcome"] = "x" * 5000
    path = tmp_path / "results.json"
    path.write_text(json.dumps(broken))
    with pytest.raises(ResultsError, match=r"\$\.checks\[3\]\.outcome") as refused:
        storage.read(path)
    assert len(str(refused.value)) < 500


def test_a_missing_file_is_told_as_such(tmp_path):
    with pytest.raises(ResultsError, match=r"nothing\.json does not exist"):
        storage.read(tmp_path / "nothing.json")


def test_a_folder_is_no_results_file(tmp_path):
    with pytest.raises(ResultsError, match="cannot be read: Is a directory"):
        storage.read(tmp_path)
