"""The requirement catalogue is complete, well-formed and spelled out."""

import re

import pytest

import specs
from specs.requirements import read_catalogue

RULES = {
    "M": [*range(1, 12), *range(20, 33)],
    "X": [*range(1, 19)],
    "P": [*range(1, 20)],
    "G": [
        *range(1, 15),
        *range(20, 26),
        *range(30, 40),
        *range(40, 50),
        *range(50, 59),
        *range(60, 64),
        *range(70, 74),
        *range(80, 91),
        *range(100, 106),
    ],
    "W": [*range(1, 5)],
    "D": [*range(1, 5)],
}

CATALOGUE = """
sources:
  RFC7396: {name: RFC 7396, about: JSON Merge Patch}
requirements:
  - id: R-G47-MERGE
    text: PATCH merges.
    level: must
    source: [RFC7396 §2]
    versions: [4.0.0, 4.1.0]
    certainty: verified
    condition: PATCH is offered
not_observable:
  - {id: R-G86-RETRIES, text: Deliveries are retried., reason: No rule was found.}
"""


def test_every_rule_of_the_profile_and_the_guidelines_is_in_one_of_the_lists():
    listed = [*specs.requirements(), *(rule.id for rule in specs.not_observable())]
    found = {identifier.split("-")[1] for identifier in listed}
    expected = {f"{group}{number:02}" for group, numbers in RULES.items() for number in numbers}
    assert found == expected


def test_an_id_stands_in_one_list_only():
    others = [rule.id for rule in specs.not_observable()]
    assert len(others) == len(set(others))
    assert not specs.requirements().keys() & set(others)


def test_the_keys_are_the_ids():
    assert all(key == requirement.id for key, requirement in specs.requirements().items())


def test_a_requirement_names_its_document_and_section():
    requirement = specs.requirements()["R-G47-MERGE"]
    assert requirement.text == (
        "PATCH with application/merge-patch+json merges the sent attributes into the promotion."
    )
    assert requirement.level == "must"
    assert requirement.source == (
        "TMF630 Part 1 v4.x §3.2; RFC 7396 §2; "
        "conformance profiles of TMF620/637/669 v4.0 (pattern) PATCH operation"
    )
    assert requirement.versions == ("4.0.0", "4.1.0")
    assert requirement.certainty == "verified"
    assert requirement.condition == "PATCH is offered"
    assert requirement.note is None


@pytest.mark.parametrize(
    ("identifier", "level", "versions", "condition"),
    [
        ("R-P03-CREATE-201", "must", ("4.0.0", "4.1.0"), None),
        ("R-P11-LASTUPDATE", "should", ("4.0.0", "4.1.0"), None),
        ("R-G48-JSON-PATCH", "may", ("4.0.0", "4.1.0"), "PATCH is offered"),
        ("R-P06-DELETE-204", "must", ("4.0.0", "4.1.0"), "DELETE is offered"),
        ("R-G80-STATUS", "must", ("4.0.0", "4.1.0"), "the hub is offered"),
        ("R-M10-ATTACHMENT", "must", ("4.1.0",), None),
        ("R-X02-PATCH-WITHOUT-NAME", "should", ("4.0.0",), "PATCH is offered"),
        ("R-G81-DUPLICATE", "should", ("4.0.0", "4.1.0"), "the hub is offered"),
    ],
)
def test_levels_versions_and_conditions_are_as_agreed(identifier, level, versions, condition):
    requirement = specs.requirements()[identifier]
    assert requirement.level == level
    assert requirement.versions == versions
    assert requirement.condition == condition


def test_only_the_agreed_conditions_occur():
    conditions = {requirement.condition for requirement in specs.requirements().values()}
    assert conditions == {
        None,
        "DELETE is offered",
        "PATCH is offered",
        "PATCH is offered and an ETag is sent",
        "filter= is offered",
        "offset or limit is used",
        "the hub and DELETE are offered",
        "the hub and PATCH are offered",
        "the hub is offered",
    }


def test_no_source_code_is_left_unspelled():
    for requirement in specs.requirements().values():
        for place in requirement.source.split("; "):
            assert not re.match(r"(SW|CP|CTK|T|G|ENG)[0-9FP]", place), place
            assert len(place.split()) > 1, place


def test_every_text_is_a_sentence():
    for requirement in specs.requirements().values():
        assert requirement.text.endswith("."), requirement.id
    for rule in specs.not_observable():
        assert rule.text.endswith("."), rule.id
        assert rule.reason.endswith("."), rule.id


def test_reasons_refer_to_existing_requirements():
    for entry in [*specs.not_observable(), *specs.requirements().values()]:
        words = getattr(entry, "reason", None) or getattr(entry, "note", None) or ""
        for identifier in re.findall(r"R-[A-Z0-9-]*[A-Z0-9]", words):
            assert identifier in specs.requirements(), entry.id


def test_the_catalogue_cannot_be_changed_by_a_reader():
    with pytest.raises(TypeError):
        specs.requirements()["R-NEW"] = None
    with pytest.raises(AttributeError):
        specs.requirements()["R-G47-MERGE"].level = "may"


def test_the_catalogue_is_read_once():
    assert specs.requirements() is specs.requirements()
    assert specs.not_observable() is specs.not_observable()


def test_a_small_catalogue_is_read_as_written():
    found, others = read_catalogue(CATALOGUE)
    assert found == {
        "R-G47-MERGE": specs.Requirement(
            id="R-G47-MERGE",
            text="PATCH merges.",
            level="must",
            source="RFC 7396 §2",
            versions=("4.0.0", "4.1.0"),
            certainty="verified",
            condition="PATCH is offered",
            note=None,
        )
    }
    assert others == (
        specs.NotObservable("R-G86-RETRIES", "Deliveries are retried.", "No rule was found."),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: must", "level: shall", r"R-G47-MERGE: level 'shall' is none of .*"),
        ("certainty: verified", "certainty: sure", r"R-G47-MERGE: certainty 'sure' is none of .*"),
        ("[4.0.0, 4.1.0]", "[5.0.0]", r"R-G47-MERGE: versions \['5.0.0'\] are not among .*"),
        ("[4.0.0, 4.1.0]", "[]", r"R-G47-MERGE: versions \[\] are not among .*"),
        ("[RFC7396 §2]", "[RFC1 §2]", r"R-G47-MERGE: unknown source 'RFC1'"),
        ("[RFC7396 §2]", "[]", r"R-G47-MERGE: no source"),
        ("    text: PATCH merges.\n", "", r"R-G47-MERGE: missing \['text'\], unknown \[\]"),
        ("text: PATCH merges.", "text: ' '", r"R-G47-MERGE: text is not a text"),
        ("text: PATCH", "title: PATCH", r"R-G47-MERGE: missing \['text'\], unknown \['title'\]"),
        ("condition: PATCH is offered", "condition: 1", r"R-G47-MERGE: condition is not a text"),
        ("R-G47-MERGE", "R-merge", r"R-merge: the id is not of the form R-G40-LOCATION"),
        ("R-G86-RETRIES", "R-G47-MERGE", r"R-G47-MERGE: the id stands twice"),
        (
            "reason: No rule was found.",
            "why: not",
            r"R-G86-RETRIES: expected id, text and reason.*",
        ),
        ("reason: No rule was found.", "reason: null", r"R-G86-RETRIES: reason is not a text"),
        ("id: R-G47-MERGE", "name: R-G47-MERGE", r"catalogue: an entry without id: .*"),
        ("sources:", "sources: [", r"catalogue: line \d+: .*"),
    ],
)
def test_a_malformed_catalogue_is_refused_with_the_id_of_the_entry(old, new, message):
    assert old in CATALOGUE
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_catalogue(CATALOGUE.replace(old, new))


def test_a_catalogue_that_is_no_mapping_is_refused():
    with pytest.raises(ValueError, match=r"^catalogue: not a mapping$"):
        read_catalogue("- a\n- b\n")
