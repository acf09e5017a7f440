"""Our API descriptions: valid, structurally those of TM Forum, with examples that hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import specs

VERSIONS = ("4.0.0", "4.1.0")
OFFICIAL_FILES = {
    "4.0.0": "TMF671-Promotion-v4.0.0.swagger.json",
    "4.1.0": "TMF671_Promotion_Management_API_v4.1.0_swagger.json",
}
ROOT = Path(specs.__file__).parent.parent
SCHEMAS = [
    (version, name)
    for version in VERSIONS
    for name in specs.load(version).document["components"]["schemas"]
]


def example(version, name):
    return specs.load(version).document["components"]["schemas"][name]["examples"][0]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_description_differs_from_the_official_file_only_by_declared_errata(version):
    official = Path(os.environ.get("TMF671_OFFICIAL", ROOT.parent / "shared" / "official"))
    compare = official.parent / "tools" / "spec_diff.py"
    if not (official / OFFICIAL_FILES[version]).exists() or not compare.exists():
        pytest.skip(
            "the official files are not part of this project: set TMF671_OFFICIAL to their folder "
            "(default ../shared/official), with ../tools/spec_diff.py beside it"
        )
    result = subprocess.run(
        [
            sys.executable,
            compare,
            official / OFFICIAL_FILES[version],
            ROOT / "specs" / "tmf671" / version / "openapi.yaml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    errata = {"4.0.0": 74, "4.1.0": 70}[version]
    assert f"\n0 undeclared differences, {errata} declared errata" in result.stdout, result.stdout
    assert result.returncode == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_a_description_is_valid_openapi_3_1(version):
    document = specs.load(version).document
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == version
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_both_versions_have_the_same_operations_but_for_one_listener():
    common = [
        ("GET", "/promotion", "listPromotion"),
        ("POST", "/promotion", "createPromotion"),
        ("PATCH", "/promotion", "createPromotions"),
        ("GET", "/promotion/{id}", "retrievePromotion"),
        ("PATCH", "/promotion/{id}", "patchPromotion"),
        ("DELETE", "/promotion/{id}", "deletePromotion"),
        ("POST", "/hub", "registerListener"),
        ("DELETE", "/hub/{id}", "unregisterListener"),
        ("POST", "/listener/promotionCreateEvent", "listenToPromotionCreateEvent"),
        ("POST", "/listener/promotionDeleteEvent", "listenToPromotionDeleteEvent"),
        (
            "POST",
            "/listener/promotionAttributeValueChangeEvent",
            "listenToPromotionAttributeValueChangeEvent",
        ),
        ("POST", "/listener/promotionStateChangeEvent", "listenToPromotionStateChangeEvent"),
    ]
    information = (
        "POST",
        "/listener/promotionInformationRequiredEvent",
        "listenToPromotionInformationRequiredEvent",
    )
    found = {
        version: [
            (operation.method, operation.path, operation.operation_id)
            for operation in specs.load(version).operations()
        ]
        for version in VERSIONS
    }
    assert found == {"4.0.0": [*common, information], "4.1.0": common}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("method", "path", "statuses"),
    [
        ("GET", "/promotion", "200 206 400 401 403 404 405 406 409 416 422 429 500 501 503"),
        ("POST", "/promotion", "201 400 401 403 405 406 409 413 415 422 429 500 501 503"),
        ("GET", "/promotion/{id}", "200 400 401 403 404 405 406 409 422 429 500 501 503"),
        (
            "PATCH",
            "/promotion/{id}",
            "200 400 401 403 404 405 406 409 412 413 415 422 429 500 501 503",
        ),
        ("DELETE", "/promotion/{id}", "204 400 401 403 404 405 406 409 412 422 429 500 501 503"),
        ("POST", "/hub", "201 400 401 403 404 405 406 409 413 415 422 429 500 501 503"),
        ("DELETE", "/hub/{id}", "204 400 401 403 404 405 406 412 422 429 500 501 503"),
        ("POST", "/listener/promotionCreateEvent", "201 400 401 403 404 405 409 413 415 500"),
    ],
)
def test_the_codes_of_tmf630_are_declared(version, method, path, statuses):
    found = {
        (operation.method, operation.path): " ".join(operation.statuses)
        for operation in specs.load(version).operations()
    }
    assert found[method, path] == statuses


@pytest.mark.parametrize("version", VERSIONS)
def test_links_lead_from_creation_to_what_can_be_done_with_the_created(version):
    document = specs.load(version).document
    links = document["components"]["links"]
    found = {}
    for path in ("/promotion", "/hub"):
        created = document["paths"][path]["post"]["responses"]["201"]["links"].values()
        found[path] = [links[link["$ref"].rsplit("/", 1)[1]] for link in created]
    assert [link["operationId"] for link in found["/promotion"]] == [
        "retrievePromotion",
        "patchPromotion",
        "deletePromotion",
    ]
    assert [link["operationId"] for link in found["/hub"]] == ["unregisterListener"]
    assert all(link["parameters"] == {"id": "$response.body#/id"} for link in links.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_patch_takes_a_merge_patch_before_plain_json(version):
    patch = specs.load(version).document["paths"]["/promotion/{id}"]["patch"]
    assert list(patch["requestBody"]["content"]) == [
        "application/merge-patch+json",
        "application/json",
    ]


@pytest.mark.parametrize(("version", "name"), SCHEMAS)
def test_the_example_of_a_schema_is_valid(version, name):
    errors = specs.load(version).validator(name).iter_errors(example(version, name))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize(("version", "name"), SCHEMAS)
def test_a_schema_refuses_each_attribute_of_the_wrong_type(version, name):
    description = specs.load(version)
    for attribute in description.document["components"]["schemas"][name]["properties"]:
        broken = {**example(version, name), attribute: True}
        (error,) = description.validator(name).iter_errors(broken)
        assert list(error.absolute_path) == [attribute]


@pytest.mark.parametrize("version", VERSIONS)
def test_exactly_the_agreed_attributes_are_required(version):
    schemas = specs.load(version).document["components"]["schemas"]
    required = {
        name: schema["required"] for name, schema in schemas.items() if "required" in schema
    }
    expected = {
        "Promotion_Create": ["name"],
        "PromotionPattern": ["action", "criteriaGroup"],
        "PromotionAction": ["actionType"],
        "PromotionCriteriaGroup": ["criteria"],
        "PromotionCriteria": ["criteriaOperator", "criteriaParameter", "criteriaValue"],
        "EntityRef": ["id"],
        "EventSubscription": ["id", "callback"],
        "EventSubscriptionInput": ["callback"],
        "Error": ["code", "reason"],
    }
    if version == "4.1.0":
        expected["AttachmentRef"] = ["id"]
    assert required == expected


@pytest.mark.parametrize(
    ("name", "value", "path", "message"),
    [
        ("Promotion_Create", {}, [], "'name' is a required property"),
        ("PromotionPattern", {"action": [], "criteriaGroup": [{}]}, ["action"], "[] "),
        (
            "Promotion",
            {"pattern": [{"action": [{}], "criteriaGroup": [{"criteria": [{}]}]}]},
            ["pattern", 0, "action", 0],
            "'actionType' is a required property",
        ),
        ("TimePeriod", {"endDateTime": "2026-13-01T00:00:00Z"}, ["endDateTime"], "'2026-13-01T"),
        ("TimePeriod", {"endDateTime": "2026-12-01"}, ["endDateTime"], "'2026-12-01'"),
    ],
)
def test_nested_rules_reach_the_validator(name, value, path, message):
    errors = specs.load("4.1.0").validator(name).iter_errors(value)
    found = [(list(error.absolute_path), error.message) for error in errors]
    assert any(place == path and text.startswith(message) for place, text in found), found


@pytest.mark.parametrize(
    "moment",
    [
        "2026-05-04T09:30:00Z",
        "2026-05-04t09:30:00.123456z",
        "2026-05-04T17:30:00+08:00",
    ],
)
def test_every_form_of_a_date_time_passes(moment):
    assert specs.load("4.1.0").validator("Promotion").is_valid({"lastUpdate": moment})


def test_a_relative_href_and_unknown_attributes_pass():
    reference = {"id": "1", "href": "/productOffering/1", "colour": "red"}
    assert specs.load("4.1.0").validator("EntityRef").is_valid(reference)
