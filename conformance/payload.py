"""The promotions that the suite creates: the user's payload, or our own, with a mark in the name.

A production CRM has mandatory attributes of its own, so everything created starts from the
user's payload; checks change only the attributes that they are about.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import msgspec

from conformance.settings import UsageError

SERVER_SET = ("id", "href", "lastUpdate")
"""What the server keeps whatever is sent (TMF671 Swagger, create schema; lastUpdate is accepted
there, yet plainly the server's)."""

DEFAULT: dict[str, Any] = {
    "name": "promotion",
    "description": "20 % off the monthly fee for a year, with a bonus of 10 GB",
    "lifecycleStatus": "draft",
    "promotionType": "Discount",
    "validFor": {
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2027-01-01T00:00:00Z",
    },
    "pattern": [
        {
            "name": "loyal customers",
            "priority": 1,
            "criteriaGroupLogicalRelationship": "AND",
            "criteriaGroup": [
                {
                    "groupName": "contract",
                    "criteriaLogicalRelationship": "AND",
                    "criteria": [
                        {
                            "criteriaParameter": "contractMonths",
                            "criteriaOperator": ">=",
                            "criteriaValue": "24",
                        },
                        {
                            "criteriaParameter": "monthlyFee",
                            "criteriaOperator": ">",
                            "criteriaValue": "99",
                        },
                    ],
                }
            ],
            "action": [
                {
                    "actionType": "discount",
                    "actionValue": "20",
                    "actionEntityRef": {"id": "5g-unlimited", "name": "5G Unlimited"},
                }
            ],
        },
        {
            "name": "welcome gift",
            "priority": 2,
            "criteriaGroup": [
                {
                    "criteria": [
                        {
                            "criteriaParameter": "customerSegment",
                            "criteriaOperator": "=",
                            "criteriaValue": "new",
                        }
                    ]
                }
            ],
            "action": [{"actionType": "bonus", "actionValue": "10"}],
        },
    ],
}


class CtkConfig(msgspec.Struct, frozen=True):
    """What an official kit's config.json says: target, headers of all requests, payload."""

    url: str
    headers: dict[str, str]
    payload: dict[str, Any] | None


def derived(base: dict[str, Any] | None, **changes: Any) -> dict[str, Any]:
    """Return a promotion to POST: a deep copy of `base` with the attributes in `changes`.

    A change of None leaves the attribute out. What only the server sets is never sent, unless
    `changes` names it or the user's payload brings an id of its own (some servers ask for one).
    """
    promotion = copy.deepcopy(base if base is not None else DEFAULT)
    for name in ("href", "lastUpdate"):
        promotion.pop(name, None)
    promotion.update({name: value for name, value in changes.items() if value is not None})
    for name, value in changes.items():
        if value is None:
            promotion.pop(name, None)
    return promotion


def read_payload(path: Path) -> dict[str, Any]:
    """Read the promotion in a JSON file. Raises UsageError with one line."""
    promotion = _read_json(path, "payload")
    if not isinstance(promotion, dict):
        raise UsageError(f"{path}: the payload must be one promotion, a JSON object")
    return _with_name(promotion, str(path))


def inline_payload(value: Any, where: str) -> dict[str, Any] | None:
    """Return the promotion that a configuration gives as a table or as the path of a JSON file.

    None for none. Raises UsageError with one line.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return read_payload(Path(value))
    if not isinstance(value, dict):
        raise UsageError(f"{where} must be a promotion, or the path of a JSON file with one")
    return _with_name(json.loads(json.dumps(value, default=_json_time)), where)


def read_ctk_config(path: Path) -> CtkConfig:
    """Read an official kit's config.json: url, headers, payloads.Promotion.POST.payload.

    Raises UsageError with one line.
    """
    config = _read_json(path, "kit configuration")
    if not isinstance(config, dict) or not isinstance(config.get("url"), str):
        raise UsageError(f'{path}: not an official kit\'s config.json: it has no "url"')
    headers = config.get("headers") or {}
    if not isinstance(headers, dict):
        raise UsageError(f'{path}: "headers" must be an object of names and values')
    found: Any = config
    for key in ("payloads", "Promotion", "POST", "payload"):
        found = found.get(key) if isinstance(found, dict) else None
    if found is not None and not isinstance(found, dict):
        raise UsageError(f'{path}: "payloads.Promotion.POST.payload" must be an object')
    payload = _with_name(found, f"{path}: payloads.Promotion.POST.payload") if found else None
    return CtkConfig(
        url=config["url"],
        headers={str(name): str(value) for name, value in headers.items()},
        payload=payload,
    )


def _json_time(value: Any) -> str:
    """Write TOML's own dates as JSON has them."""
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else str(value)


def _with_name(promotion: dict[str, Any], where: str) -> dict[str, Any]:
    name = promotion.get("name")
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f'{where}: the promotion needs a "name", the one mandatory attribute')
    return promotion


def _read_json(path: Path, what: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise UsageError(f"cannot read the {what} {path}: {problem.strerror}") from None
    except (ValueError, RecursionError) as problem:
        raise UsageError(f"{path}: the {what} is not JSON: {problem}") from None
