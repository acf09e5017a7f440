"""Validation of what clients send, with messages that name the attribute by its path."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mockserver.errors import ProblemError
from mockserver.quick_validation import surely_valid

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

_SHOWN = 5
_TYPES = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def check(value: Any, validator: "Validator") -> None:
    """Check `value` against a schema.

    Raises:
        ProblemError: 400, it is not valid; the message names up to five attributes.

    """
    if surely_valid(value, validator) or validator.is_valid(value):
        return
    problems = [describe(error) for error in validator.iter_errors(value)]
    raise invalid(problems)


def check_object(value: Any, name: str = "the body") -> dict[str, Any]:
    """Return a JSON value that must be an object.

    Raises:
        ProblemError: 400, it is none.

    """
    if not isinstance(value, dict):
        raise invalid([f"{name} must be a JSON object"])
    return value


def invalid(problems: list[str]) -> ProblemError:
    """Return the refusal of a body with these problems."""
    more = len(problems) - _SHOWN
    shown = [*problems[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return ProblemError(400, "; ".join(shown), code="invalidBody")


def describe(error: "ValidationError") -> str:
    """Return one line such as `pattern[0].action[0].actionType is missing`."""
    path = list(error.absolute_path)
    rule: Any = error.validator_value
    instance: Any = error.instance
    name = attribute_path(path) or "the body"
    match error.validator:
        case "required":
            # There is an error for each missing attribute; only its message says for which.
            absent = [key for key in rule if key not in instance]
            missing = next((key for key in absent if repr(key) in error.message), absent[0])
            return f"{attribute_path([*path, missing])} is missing"
        case "type":
            kinds = [rule] if isinstance(rule, str) else rule
            expected = " or ".join(_TYPES.get(kind, kind) for kind in kinds)
            return f"{name} must be {expected}, not {_kind(instance)}"
        case "minItems":
            return f"{name} must have at least {_items(rule)}"
        case "pattern" if not str(instance).strip():
            return f"{name} must not be blank"
        case "format":
            return f"{name} is no {rule}: {str(instance)!a:.80}"
        case _:
            return f"{name}: {error.message:.200}"


def attribute_path(path: Iterable[str | int]) -> str:
    """Return a path as clients write it: `pattern[0].action`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"
