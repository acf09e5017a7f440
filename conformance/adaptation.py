"""The target's own ways, as the user tells them, and how the suite goes along with them.

In the configuration file: `[target.attributes.lifecycleStatus]` with `values = [...]`, and so on.
Salesforce's TMF671, for one, wants the id from the client and maps lifecycleStatus to two values.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from conformance.settings import AttributeRule, UsageError

_CHANGEABLE = ("description", "promotionType")
"""Attributes that checks of PATCH may change, in the order of preference."""

Rules = Mapping[str, AttributeRule]


def read_rules(table: Any) -> dict[str, AttributeRule]:
    """Read `[target.attributes]`. Raises UsageError with one line that names the attribute."""
    if not isinstance(table, dict):
        raise UsageError("[target.attributes] must be a table of attributes")
    rules = {}
    for name, rule in table.items():
        try:
            rules[name] = msgspec.convert(rule, AttributeRule)
        except msgspec.ValidationError as problem:
            raise UsageError(f"[target.attributes.{name}]: {problem}") from None
        if rules[name].values is not None and not rules[name].values:
            raise UsageError(f"[target.attributes.{name}]: values must not be empty")
    return rules


def adapted(promotion: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """Return the promotion to POST as the rules want it.

    What the server sets is left out, an attribute with a closed list gets the first of its values
    unless it has one of them, and an id from the client is made anew each time.
    """
    changed = dict(promotion)
    for name, rule in rules.items():
        if rule.server_set:
            changed.pop(name, None)
        elif rule.given_by_client:
            changed[name] = f"tmf671-{uuid.uuid4().hex[:12]}"
        elif rule.values is not None and changed.get(name) not in rule.values:
            changed[name] = rule.values[0]
    return changed


def check_payload(promotion: Mapping[str, Any], rules: Rules) -> None:
    """Raise UsageError when the payload lacks what the rules call mandatory."""
    for name, rule in rules.items():
        if rule.mandatory and not rule.given_by_client and promotion.get(name) in (None, ""):
            raise UsageError(
                f"[target.attributes.{name}] is mandatory, but the payload does not have it: "
                "give it with --payload"
            )


def changeable(rules: Rules) -> str | None:
    """Return the attribute that checks of PATCH change; None when none can be."""
    for name in _CHANGEABLE:
        rule = rules.get(name, AttributeRule())
        if not (rule.server_set or rule.immutable or rule.values is not None):
            return name
    return None


def told(rules: Rules) -> list[str]:
    """Return the adaptations as sentences for the report."""
    sentences = []
    for name, rule in rules.items():
        if rule.server_set:
            sentences.append(f"{name} is set by the server: never sent, never compared")
        if rule.given_by_client:
            sentences.append(f"{name} is given by the client: a new one for each create")
        if rule.mandatory:
            sentences.append(f"{name} is mandatory: the payload has it")
        if rule.immutable:
            sentences.append(f"{name} cannot be changed: no PATCH of it")
        if rule.values is not None:
            listed = ", ".join(str(value) for value in rule.values)
            sentences.append(f"{name} has a closed list of values: {listed}")
    return sentences
