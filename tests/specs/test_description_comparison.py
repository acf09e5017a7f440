import copy
import json

import pytest

import specs
from specs.comparison import (
    MANDATORY,
    OPTIONAL,
    changed_types,
    extra_mandatory,
    missing_attributes,
    missing_operations,
)

OURS = specs.load("4.1.0")

SMALL = """
swagger: "2.0"
info: {title: t, version: 4.1.0}
paths:
  /v4/promotion:
    post:
      parameters:
        - {in: body, name: p, schema: {$ref: "#/definitions/In"}}
      responses: {}
  /v4/promotion/{promotionId}/:
    get:
      responses:
        200:
          schema:
            allOf:
              - {$ref: "#/definitions/Base"}
              - properties: {name: {type: integer}, validFor: {type: object, properties: {}}}
definitions:
  Base: {properties: {id: {type: string}, href: {}}}
  In: {required: [name, id], properties: {}}
"""


@pytest.fixture
def theirs():
    return specs.read(SMALL, "small.yaml")


def test_a_description_does_not_differ_from_itself():
    for version in ("4.0.0", "4.1.0"):
        api = specs.load(version)
        assert missing_operations(api, MANDATORY + OPTIONAL) == []
        assert missing_attributes(api, api) == changed_types(api, api) == []
        assert extra_mandatory(api, api) == []


def test_missing_operations_are_named(theirs):
    assert [found.where for found in missing_operations(theirs, MANDATORY)] == ["GET /promotion"]


def test_missing_attributes_are_found_through_references_and_below(theirs):
    missing = [found.where for found in missing_attributes(OURS, theirs)]
    assert "description" in missing
    assert "validFor.startDateTime" in missing
    assert not {"id", "href", "name", "validFor"} & set(missing)


def test_changed_types_are_found_and_an_open_type_passes(theirs):
    (found,) = changed_types(OURS, theirs)
    assert (found.where, found.expected, found.observed) == ("name", "string", "integer")


def test_more_mandatory_attributes_are_found(theirs):
    assert [found.where for found in extra_mandatory(OURS, theirs)] == ["id"]


def test_additions_and_nullable_types_are_legal():
    document = copy.deepcopy(OURS.document)
    promotion = document["components"]["schemas"]["Promotion"]
    promotion["properties"]["vendorCode"] = {"type": "string"}
    promotion["properties"]["description"] = {"type": ["string", "null"]}
    theirs = specs.read(json.dumps(document), "theirs.json")
    assert missing_attributes(OURS, theirs) == changed_types(OURS, theirs) == []


def test_a_description_that_refers_to_itself_ends():
    text = SMALL.replace(
        "Base: {properties:", "Base: {allOf: [{$ref: '#/definitions/Base'}], properties:"
    )
    found = missing_attributes(OURS, specs.read(text, "loop.yaml"))
    assert "description" in [deviation.where for deviation in found]
