"""The data files are found wherever the package is installed."""

import pytest
from jsonschema import Draft202012Validator

import specs
from specs.packaged import packaged_text


def test_the_schema_of_results_is_valid_and_read_once():
    schema = specs.results_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["schema"]["const"] == 1
    assert schema is specs.results_schema()


def test_a_missing_file_is_an_error():
    with pytest.raises(FileNotFoundError):
        packaged_text("tmf671/9.9.9/openapi.yaml")
