"""Any description of TMF671 is read, whatever its format; anything else is refused in one line."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

import specs

SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Promotions", "version": "v4.1.0-rc1"},
    "host": "serverRoot",
    "basePath": "/tmf-api/promotionManagement/v4/",
    "consumes": ["application/json;charset=utf-8"],
    "paths": {
        "/promotion": {
            "get": {
                "operationId": "listPromotion",
                "responses": {
                    "200": {
                        "description": "ok",
                        "schema": {
                            "type": "array",
                            "items": {"$ref": "#/definitions/Promotion_Create"},
                        },
                    }
                },
            },
            "post": {"responses": {"201": {"description": "created"}}},
        },
        "/promotion/{id}": {
            "get": {
                "responses": {
                    "200": {
                        "description": "ok",
                        "schema": {"$ref": "#/definitions/Promotion_Create"},
                    }
                }
            },
            "patch": {
                "operationId": "patchPromotion",
                "responses": {"200": {"description": "ok"}, "415": {"description": "own words"}},
            },
        },
        "/listener/promotionCreateEvent": {"post": {"responses": {"201": {"description": "ok"}}}},
    },
    "definitions": {
        "Promotion": {
            "type": "object",
            "required": ["name"],
            "discriminator": "@type",
            "properties": {
                "name": {"type": "string", "example": "Summer"},
                "example": {"type": "string", "x-hint": "an attribute that is named example"},
                "validFor": {"$ref": "#/definitions/TimePeriod", "description": "When it holds."},
            },
        },
        "Promotion_Create": {"type": "object", "required": ["name"]},
        "Promotion_Update": {"type": "object", "required": ["name"]},
        "TimePeriod": {
            "type": "object",
            "properties": {"endDateTime": {"type": "string", "format": "date-time"}},
        },
        "Error": {"type": "object"},
    },
}

OPENAPI_3_0 = """
openapi: 3.0.1
info: {title: Promotions, version: 4.0.0}
paths:
  /tmf-api/promotionManagement/v4/promotion/:
    post:
      operationId: create
      responses:
        201: {description: created}
        400: {description: no}
  /tmf-api/promotionManagement/v4/promotion/{id}:
    get:
      responses:
        200:
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Promotion_Create'}
    patch:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Promotion_Update'}
      responses:
        200: {description: ok}
components:
  schemas:
    Error: {type: object}
    Promotion_Update: {type: object}
    Promotion:
      type: object
      properties:
        description: {type: string, nullable: true}
        status: {type: string, enum: [draft], nullable: true}
        priority: {type: integer, minimum: 0, exclusiveMinimum: true, maximum: 9}
        next: {$ref: '#/components/schemas/Promotion'}
        tags: {oneOf: [{type: string, nullable: true}, {type: integer}]}
        lastUpdate: {type: string, format: date-time, example: 2026-01-02T03:04:05Z}
"""


@pytest.fixture
def swagger(tmp_path: Path) -> specs.ApiDescription:
    file = tmp_path / "description.txt"
    file.write_text(json.dumps(SWAGGER))
    return specs.load(file)


@pytest.fixture
def openapi(tmp_path: Path) -> specs.ApiDescription:
    file = tmp_path / "description.json"
    file.write_text(OPENAPI_3_0)
    return specs.load(str(file))


def test_a_version_is_read_once():
    assert specs.load("4.1.0") is specs.load("4.1.0")
    assert specs.load("4.1.0").source == "4.1.0"
    assert specs.load("4.1.0").version == "4.1.0"


def test_swagger_2_in_json_is_read_whatever_the_file_is_called(swagger, tmp_path):
    assert swagger.version == "4.1.0"
    assert swagger.source == str(tmp_path / "description.txt")
    assert swagger.document == SWAGGER


def test_openapi_3_in_yaml_is_read_whatever_the_file_is_called(openapi):
    assert openapi.version == "4.0.0"
    example = openapi.document["components"]["schemas"]["Promotion"]["properties"]["lastUpdate"]
    assert example["example"] == "2026-01-02T03:04:05Z"


def test_operations_have_no_base_path_and_no_final_slash(openapi):
    assert openapi.operations() == (
        specs.Operation("POST", "/promotion", "create", ("201", "400")),
        specs.Operation("GET", "/promotion/{id}", None, ("200",)),
        specs.Operation("PATCH", "/promotion/{id}", None, ("200",)),
    )


def test_a_swagger_schema_becomes_a_self_contained_json_schema(swagger):
    assert swagger.schema("Promotion") == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/Promotion",
        "$defs": {
            "Promotion": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "example": {"type": "string"},
                    "validFor": {"$ref": "#/$defs/TimePeriod"},
                },
            },
            "TimePeriod": {
                "type": "object",
                "properties": {"endDateTime": {"type": "string", "format": "date-time"}},
            },
        },
    }


def test_the_older_words_of_openapi_3_0_become_json_schema(openapi):
    assert openapi.schema("Promotion")["$defs"]["Promotion"]["properties"] == {
        "description": {"type": ["string", "null"]},
        "status": {"type": ["string", "null"], "enum": ["draft", None]},
        "priority": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9},
        "next": {"$ref": "#/$defs/Promotion"},
        "tags": {"oneOf": [{"type": ["string", "null"]}, {"type": "integer"}]},
        "lastUpdate": {"type": "string", "format": "date-time"},
    }


def test_the_validator_works_on_a_users_file_and_is_made_once(swagger):
    validator = swagger.validator("Promotion")
    assert validator is swagger.validator("Promotion")
    assert validator.is_valid({"name": "a", "validFor": {"endDateTime": "2026-01-02t03:04:05z"}})
    assert not validator.is_valid({"name": "a", "validFor": {"endDateTime": "tomorrow"}})
    assert not validator.is_valid({})


def test_an_unknown_schema_is_named(swagger):
    with pytest.raises(specs.SpecError, match=r": no schema 'Promo'; there are Promotion, Promo"):
        swagger.schema("Promo")


def test_a_reference_out_of_the_file_is_refused(tmp_path):
    document = deepcopy(SWAGGER)
    document["definitions"]["Promotion"] = {"$ref": "other.json#/Promotion"}
    file = tmp_path / "description.json"
    file.write_text(json.dumps(document))
    with pytest.raises(specs.SpecError, match=r"reference to 'other.json#/Promotion', which is"):
        specs.load(file).validator("Promotion")


def test_the_mistakes_of_a_published_file_are_corrected_in_a_copy(swagger):
    patched = swagger.patched()
    paths = patched["paths"]
    listed = paths["/promotion"]["get"]["responses"]
    assert sorted(listed) == ["200", "206", "406", "416", "422", "429", "501", "503"]
    assert listed["206"] == listed["200"]
    assert listed["200"]["schema"]["items"] == {"$ref": "#/definitions/Promotion"}
    assert listed["406"] == {"description": "Error", "schema": {"$ref": "#/definitions/Error"}}
    retrieved = paths["/promotion/{id}"]["get"]["responses"]["200"]
    assert retrieved["schema"] == {"$ref": "#/definitions/Promotion"}
    patch = paths["/promotion/{id}"]["patch"]
    assert sorted(patch["responses"]) == [
        "200",
        "406",
        "412",
        "413",
        "415",
        "422",
        "429",
        "501",
        "503",
    ]
    assert patch["responses"]["415"] == {"description": "own words"}
    assert patch["consumes"] == ["application/merge-patch+json", "application/json;charset=utf-8"]
    assert list(paths["/listener/promotionCreateEvent"]["post"]["responses"]) == ["201"]
    assert "required" not in patched["definitions"]["Promotion"]
    assert "required" not in patched["definitions"]["Promotion_Update"]
    assert patched["definitions"]["Promotion_Create"]["required"] == ["name"]
    assert swagger.document == SWAGGER


def test_an_openapi_file_is_corrected_in_its_own_terms(openapi):
    paths = openapi.patched()["paths"]
    created = paths["/tmf-api/promotionManagement/v4/promotion/"]["post"]["responses"]
    assert created["415"] == {
        "description": "Error",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    single = paths["/tmf-api/promotionManagement/v4/promotion/{id}"]
    retrieved = single["get"]["responses"]["200"]["content"]["application/json"]
    assert retrieved == {"schema": {"$ref": "#/components/schemas/Promotion"}}
    patch = single["patch"]
    assert patch["requestBody"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/Promotion_Update"}},
        "application/merge-patch+json": {
            "schema": {"$ref": "#/components/schemas/Promotion_Update"}
        },
    }


def test_a_file_without_an_error_schema_gets_codes_without_a_body(tmp_path):
    file = tmp_path / "promotion.yaml"
    file.write_text("openapi: 3.1.0\npaths: {/promotion: {post: {responses: {201: {}}}}}")
    created = specs.load(file).patched()["paths"]["/promotion"]["post"]["responses"]
    assert created["429"] == {"description": "Error"}


def test_our_own_description_needs_no_correction():
    description = specs.load("4.0.0")
    assert description.patched() == description.document
    assert description.patched() is not description.document


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"\xff\xfe\x00\x01", "not a text in UTF-8"),
        (b'{"swagger": "2.0",\n "paths": [}', "neither JSON nor YAML, line 2: "),
        (b"swagger: '2.0'\n\tpaths: {}\n", "neither JSON nor YAML, line 2: "),
        (b"", "neither Swagger 2.0 nor OpenAPI 3.x"),
        (b"just words", "neither Swagger 2.0 nor OpenAPI 3.x"),
        (b"[1, 2]", "neither Swagger 2.0 nor OpenAPI 3.x"),
        (b"openapi: 2.9.0\npaths: {/promotion: {}}", "neither Swagger 2.0 nor OpenAPI 3.x"),
        (b"asyncapi: 3.0.0\ninfo: {}", "neither Swagger 2.0 nor OpenAPI 3.x"),
        (b"swagger: '2.0'", "has no path /promotion, so it is not TMF671"),
        (b"swagger: '2.0'\npaths: []", "has no path /promotion, so it is not TMF671"),
        (b"openapi: 3.1.0\npaths: {/offer: {}}", "has no path /promotion, so it is not TMF671"),
        (b" " * (10 * 1024 * 1024 + 1), "larger than 10 MiB"),
    ],
)
def test_a_file_that_is_no_description_is_refused_in_one_line(tmp_path, content, cause):
    file = tmp_path / "promotion.yaml"
    file.write_bytes(content)
    with pytest.raises(specs.SpecError) as refusal:
        specs.load(file)
    message = str(refusal.value)
    assert message.startswith(f"{file}: {cause}")
    assert message.endswith(
        "; give a Swagger 2.0 or OpenAPI 3.x file of TMF671, or one of the versions 4.0.0, 4.1.0"
    )
    assert "\n" not in message


def test_what_is_not_there_is_refused_in_one_line(tmp_path):
    with pytest.raises(specs.SpecError, match=r"^5\.0\.0: No such file or directory; give a "):
        specs.load("5.0.0")
    with pytest.raises(specs.SpecError, match=r": Is a directory; give a "):
        specs.load(tmp_path)


def test_an_unquoted_swagger_version_passes(tmp_path):
    file = tmp_path / "promotion.yaml"
    file.write_text(
        "swagger: 2.0\ninfo: {version: '4.0'}\npaths: {/promotion: {get: {responses: {}}}}\n"
    )
    description = specs.load(file)
    assert description.version == "4.0"
    assert description.operations() == (specs.Operation("GET", "/promotion", None, ()),)


def test_json_with_a_byte_order_mark_is_read_as_json(tmp_path):
    file = tmp_path / "promotion.json"
    # A surrogate pair is an escape that JSON has and YAML has not.
    document = {**SWAGGER, "info": {"title": "\N{WRAPPED PRESENT}", "version": "4.1.0"}}
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(document).encode())
    assert specs.load(file).document == document


def test_importing_the_package_loads_neither_yaml_nor_jsonschema():
    import subprocess
    import sys

    code = "import sys, specs; print('yaml' in sys.modules, 'jsonschema' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(specs.__file__).parent.parent,
    )
    assert result.stdout == "False False\n"
