"""The named conditions that checks are made of.

Each returns what it looked at, so that a check reads as a sentence, or raises ConditionFailed.
Comparison allows what the rules leave to the server: extra attributes, other date-time offsets
and precision, a slash more or less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from conformance.client import Answer
from conformance.equality import difference
from conformance.outcomes import ConditionFailed
from conformance.target import Target

_MOST_PROBLEMS = 1000
"""Problems of one body that are looked at to tell the outermost one."""

_STATUS_HINT = {
    401: "the credentials given with --header were not accepted",
    403: "the credentials given with --header do not allow this operation",
}


def status(answer: Answer, *allowed: int, hint: str = "") -> Answer:
    """The answer has one of the allowed status codes."""
    if answer.status not in allowed:
        raise ConditionFailed(
            f"{answer.asked} was answered {answer.status}",
            expected=" or ".join(str(code) for code in allowed),
            observed=answer.status,
            hint=hint or _STATUS_HINT.get(answer.status, ""),
        )
    return answer


def refused(answer: Answer, hint: str = "") -> Answer:
    """The answer is a 4xx: the request was refused as the client's mistake."""
    if not 400 <= answer.status < 500:
        raise ConditionFailed(
            f"{answer.asked} was answered {answer.status}",
            expected="a client error, 4xx",
            observed=answer.status,
            hint=hint,
        )
    return answer


def no_fault(answer: Answer) -> Answer:
    """The answer is not a 5xx: whatever was asked, the server has not broken."""
    if answer.status >= 500:
        raise ConditionFailed(
            f"{answer.asked} was answered {answer.status}",
            expected="a success or a refusal, not 5xx",
            observed=answer.status,
        )
    return answer


def header(answer: Answer, name: str) -> str:
    """The answer carries the header, not blank; returns its value."""
    value = answer.header(name)
    if value is None or not value.strip():
        raise ConditionFailed(
            f"{answer.asked}: the answer has no {name} header",
            expected=f"a {name} header",
            observed=sorted(answer.headers),
        )
    return value


def json_media(answer: Answer) -> Answer:
    """The Content-Type is application/json, or a +json type, with or without parameters."""
    media = header(answer, "Content-Type").partition(";")[0].strip().lower()
    if media != "application/json" and not media.endswith("+json"):
        raise ConditionFailed(
            f"{answer.asked}: the body is not declared as JSON",
            expected="application/json",
            observed=media,
        )
    return answer


def json_body(answer: Answer) -> Any:
    """The body is JSON; returns it."""
    try:
        return answer.json()
    except (ValueError, RecursionError) as problem:
        raise ConditionFailed(
            f"{answer.asked}: the body is not JSON",
            expected="a JSON document",
            observed=f"{problem}: {answer.content[:200].decode('utf-8', 'replace')}",
        ) from None


def json_object(answer: Answer) -> dict[str, Any]:
    """The body is one JSON object; returns it."""
    body = json_body(answer)
    if not isinstance(body, dict):
        raise ConditionFailed(
            f"{answer.asked}: the body is not one object",
            expected="a JSON object",
            observed=body,
        )
    return body


def json_list(answer: Answer) -> list[dict[str, Any]]:
    """The body is a JSON array of objects, without an envelope; returns it."""
    body = json_body(answer)
    if not isinstance(body, list) or not all(isinstance(item, dict) for item in body):
        raise ConditionFailed(
            f"{answer.asked}: the body is not an array of objects",
            expected="a JSON array of objects, empty when nothing matches",
            observed=body,
            hint="a collection has no envelope: its items stand in the array itself",
        )
    return body


def valid(target: Target, body: Any, schema: str, *, partial: bool = False) -> None:
    """The body is valid against a schema of the API description.

    `partial` lifts `required` on the first level, where only some attributes were asked for. An
    attribute that is nowhere mandatory may be null, as one that was not sent (TMF630 Part 1
    R14.5.0 §6).
    """
    problems = [
        error
        for error in islice(target.api.validator(schema).iter_errors(body), _MOST_PROBLEMS)
        if not (partial and error.validator == "required" and not error.absolute_path)
        and not (error.instance is None and _optional(target, schema, error.absolute_path))
    ]
    if problems:
        problem = min(problems, key=lambda error: len(error.absolute_path))
        raise ConditionFailed(
            f"the body is not valid against {schema} at {problem.json_path}: {problem.message}",
            expected={problem.validator: problem.validator_value},
            observed=problem.instance,
            clause=f"{schema} of the TMF671 description {target.api.version}",
        )


def equal(what: str, expected: Any, observed: Any, hint: str = "") -> None:
    """Two values are the same, date-times compared as instants."""
    found = difference(expected, observed, exact=True)
    if found is not None:
        raise ConditionFailed(
            f"{what} differs at {found.path}" if found.path else f"{what} differs",
            expected=found.expected,
            observed=found.observed,
            hint=hint,
        )


def contains(what: str, expected: Any, observed: Any, hint: str = "") -> None:
    """`observed` has every attribute of `expected` with its value; it may have more."""
    found = difference(expected, observed, exact=False)
    if found is not None:
        raise ConditionFailed(
            f"{what} differs at {found.path}" if found.path else f"{what} differs",
            expected=found.expected,
            observed=found.observed,
            hint=hint,
        )


def present(what: str, body: dict[str, Any], *names: str) -> None:
    """The attributes are there and neither null nor blank."""
    for name in names:
        value = body.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise ConditionFailed(
                f"{what} has no {name}" if name not in body else f"{name} of {what} is blank",
                expected=f"{name}, neither null nor blank",
                observed=body if name not in body else {name: value},
            )


def that(holds: bool, message: str, *, expected: Any, observed: Any, hint: str = "") -> None:
    """A condition of one check only."""
    if not holds:
        raise ConditionFailed(message, expected=expected, observed=observed, hint=hint)


def ids(items: Iterable[dict[str, Any]]) -> list[str]:
    """Return the ids of a list's items, as text."""
    return [str(item.get("id")) for item in items]


def exactly(what: str, expected: Collection[str], observed: Iterable[str], hint: str = "") -> None:
    """A list has exactly the expected ids, each once, in any order."""
    seen = list(observed)
    if sorted(seen) != sorted(expected):
        raise ConditionFailed(
            f"{what}: {len(seen)} found, {len(expected)} expected",
            expected={"ids": sorted(expected)},
            observed={
                "missing": sorted(set(expected) - set(seen)),
                "unexpected": sorted(set(seen) - set(expected))[:20],
                "repeated": sorted(one for one, times in Counter(seen).items() if times > 1)[:20],
            },
            hint=hint,
        )


def _optional(target: Target, schema: str, path: Sequence[str | int]) -> bool:
    """Tell whether the attribute at the end of a path is mandatory in no part of the schema."""
    mandatory = {"id", "href", "name"}
    for part in target.api.schema(schema)["$defs"].values():
        mandatory.update(part.get("required", ()))
    return bool(path) and path[-1] not in mandatory
