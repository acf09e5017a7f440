"""Validation that is quick to say yes.

jsonschema explains what is wrong, and takes 200 microseconds for a promotion; jsonschema-rs takes
a fraction of that. The two differ on a few date-times and on what a blank is, so formats and
patterns are left to the Python functions that jsonschema itself uses.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_FORMAT_OF_PATTERN = "pattern "
_REMEMBERED = 256
"""The longest text of which it is remembered whether it is a date-time, for instance."""

_compiled: dict[int, tuple["Validator", jsonschema_rs.Validator]] = {}
"""By the identity of the validator, which the entry keeps alive; there are a dozen of them."""


def surely_valid(value: Any, validator: "Validator") -> bool:
    """Tell whether `value` is valid beyond doubt; if not, the validator itself must be asked."""
    known = _compiled.get(id(validator))
    compiled = prepare(validator) if known is None else known[1]
    try:
        return compiled.is_valid(value)
    except ValueError:  # no JSON value, such as a tuple
        return False


def prepare(validator: "Validator") -> jsonschema_rs.Validator:
    """Return the quick counterpart of a validator, which is found at once from now on."""
    compiled = _compile(validator)
    _compiled[id(validator)] = (validator, compiled)
    return compiled


def _compile(validator: "Validator") -> jsonschema_rs.Validator:
    checks: dict[str, Callable[[str], bool]] = {}
    schema = _patterns_as_formats(validator.schema, checks)
    checker = getattr(validator, "format_checker", None)
    for name in () if checker is None else checker.checkers:
        checks[name] = _conforms(checker, name)
    return jsonschema_rs.validator_for(schema, formats=checks, validate_formats=True)


def _conforms(checker: Any, name: str) -> Callable[[str], bool]:
    @lru_cache(maxsize=1024)
    def conforms(text: str) -> bool:
        return bool(checker.conforms(text, name))

    return lambda text: conforms(text) if len(text) <= _REMEMBERED else checker.conforms(text, name)


def _patterns_as_formats(node: Any, checks: dict[str, Callable[[str], bool]]) -> Any:
    """Return a schema whose every `pattern` is a format with a function of its own in `checks`."""
    if isinstance(node, list):
        return [_patterns_as_formats(item, checks) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {name: _patterns_as_formats(child, checks) for name, child in node.items()}
    pattern = changed.get("pattern")
    if isinstance(pattern, str):
        found, name = re.compile(pattern).search, _FORMAT_OF_PATTERN + pattern
        checks[name] = lambda text: found(text) is not None
        del changed["pattern"]
        changed["allOf"] = [*changed.get("allOf", ()), {"format": name}]
    return changed
