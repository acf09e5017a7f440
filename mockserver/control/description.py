"""The control API's own description, and the check of what is sent by it."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from mockserver.exchange import Answer, Call
from mockserver.json_text import parse_json
from mockserver.media_types import JSON, check_content_type
from mockserver.tenant import Tenant
from mockserver.validation import check
from specs.schemas import self_contained
from specs.yaml_text import parse

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the control API; treat it as read-only."""
    text = files("mockserver.control").joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = parse(text)
    return document


def sent(call: Call, schema: str) -> Any:
    """Return the body of a call, valid by one of the description's schemas.

    Raises:
        ProblemError: 400 or 415, it is no JSON or not valid; the message names the part.

    """
    value = json_body(call)
    check(value, validator(schema))
    return value


def json_body(call: Call) -> Any:
    """Return the body of a call.

    Raises:
        ProblemError: 400 or 415, it is no JSON.

    """
    check_content_type(call.headers.get("Content-Type"), [JSON])
    return parse_json(call.body)


@cache
def validator(schema: str) -> "Validator":
    """Return the validator of one of the description's schemas."""
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 -- slow

    return Draft202012Validator(
        self_contained(description(), schema),
        format_checker=FormatChecker(formats=("date-time",)),
    )


def get_description(_tenant: Tenant, call: Call) -> Answer:
    """GET /_mock/openapi.json."""
    server = call.origin + call.path.removesuffix("/openapi.json")
    return Answer(200, {**description(), "servers": [{"url": server}]})
