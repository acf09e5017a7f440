import re
from xml.etree import ElementTree as ET

import msgspec
import pytest

from reports import junit

# What junit-10.xsd of Jenkins' xunit plugin allows: attributes and children by element.
ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": (
        {"name", "time", "classname"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}
REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors"},
    "property": {"name", "value"},
    "testcase": {"name"},
}
SECONDS = re.compile(r"\d*(\.\d*)?")


@pytest.fixture(scope="module")
def document(results):
    return ET.fromstring(junit.render(results))


def case(document, check_id):
    (found,) = [
        element
        for element in document.iter("testcase")
        if element.get("name").split(" ")[0] == check_id
    ]
    return found


@pytest.mark.parametrize("run", ["results", "passed_results", "hostile_results"])
def test_only_what_the_schema_allows_is_written(request, run):
    root = ET.fromstring(junit.render(request.getfixturevalue(run)))
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
        assert SECONDS.fullmatch(element.get("time", ""))


def keys(results):
    return [
        (element.get("classname"), element.get("name"))
        for element in ET.fromstring(junit.render(results)).iter("testcase")
    ]


def test_gitlab_tells_the_checks_from_each_other(results):
    assert len(set(keys(results))) == len(results.checks)
    assert keys(results)[1] == (
        "tmf671.create",
        "TMF671-CREATE-LOCATION the answer to a creation names the new promotion in Location",
    )


def test_a_check_has_the_same_name_in_every_run(results, passed_results):
    elsewhere = msgspec.structs.replace(
        passed_results,
        target=msgspec.structs.replace(results.target, url="http://other.example.net/v4"),
        seed=1,
        started="2027-01-01T00:00:00Z",
    )
    assert keys(results) == keys(elsewhere)


def test_a_suite_is_a_section(document):
    assert [suite.get("name") for suite in document] == [
        "create",
        "filtering",
        "retrieve",
        "delete",
        "hub",
        "events",
        "errors",
    ]


def test_the_counts_are_those_of_the_run(document):
    assert document.attrib == {
        "name": "TMF671 v4.1.0",
        "tests": "10",
        "failures": "2",
        "errors": "1",
        "time": document.get("time"),
    }
    filtering = document[1]
    assert filtering.get("tests") == "2"
    assert filtering.get("failures") == "1"
    assert filtering.get("timestamp") == "2026-03-02T09:15:00"


def test_times_are_seconds(document):
    assert case(document, "TMF671-CREATE-201").get("time") == "0.011"


def test_a_failed_check_is_a_failure_with_its_evidence(document):
    (failure,) = case(document, "TMF671-CREATE-LOCATION")
    assert failure.tag == "failure"
    assert failure.get("message") == "The answer has no Location header."
    assert failure.get("type") == "must"
    assert 'observed: {"Location": null}' in failure.text
    assert "requirements: R-G40-LOCATION, R-P08-HREF-LOCATION" in failure.text


def test_a_check_that_could_not_be_carried_out_is_an_error(document):
    (error,) = case(document, "TMF671-ERRORS-415")
    assert error.tag == "error"
    assert error.get("message") == "ConnectionResetError: the connection was reset."


@pytest.mark.parametrize(
    ("check_id", "kind", "message"),
    [
        (
            "TMF671-DELETE-GONE",
            "blocked",
            "blocked by TMF671-CREATE-LOCATION: Nothing could be deleted.",
        ),
        ("TMF671-HUB-201", "not-applicable", "The target offers no hub."),
        ("TMF671-EVENTS-CREATE", "skipped", "Switched off by --no-events."),
    ],
)
def test_a_check_without_a_judgement_is_skipped(document, check_id, kind, message):
    (skipped,) = case(document, check_id)
    assert skipped.tag == "skipped"
    assert skipped.get("type") == kind
    assert skipped.get("message") == message


@pytest.mark.parametrize(
    ("check_id", "beginning"),
    [
        ("TMF671-FILTER-OR", "warned: None of the two promotions was listed."),
        ("TMF671-RETRIEVE-200", "known-deviation: Declared in the configuration"),
    ],
)
def test_a_warned_check_passes_and_says_so(document, check_id, beginning):
    (output,) = case(document, check_id)
    assert output.tag == "system-out"
    assert output.text.startswith(beginning)


def test_a_passed_check_has_nothing_inside(document):
    assert list(case(document, "TMF671-CREATE-201")) == []


def test_level_requirements_and_outcome_are_properties_of_the_suite(document):
    properties = {p.get("name"): p.get("value") for p in document[1].iter("property")}
    assert properties["TMF671-FILTER-OR.level"] == "should"
    assert properties["TMF671-FILTER-OR.requirements"] == "R-G31-OR-COMMA"
    assert properties["TMF671-FILTER-OR.outcome"] == "warned"
    assert properties["verdict"] == "not-conformant"


def test_characters_that_xml_lacks_are_left_out(hostile_results):
    text = junit.render(hostile_results)
    assert "\x00" not in text
    assert "\x1b" not in text
    assert "</script><img" not in text
    root = ET.fromstring(text)
    assert "window.owned=1" in next(root.iter("failure")).get("message")
