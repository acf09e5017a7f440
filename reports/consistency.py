"""Whether a results.json says of a run what its own checks say: pure, without the suite.

The rules are told a second time here on purpose: a file that was edited has to be found out by what
it contains, also where the suite that wrote it is not at hand.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reports.results import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.results import Check, Outcome, Results, Scope, Verdict

_GRAVEST_FIRST: tuple[Outcome, ...] = (
    "failed",
    "error",
    "blocked",
    "warned",
    "known-deviation",
    "passed",
    "skipped",
    "not-applicable",
)


def contradictions(results: Results) -> tuple[str, ...]:
    """Return each clause in which the results are not what their checks make them."""
    return (
        *_verdict(results),
        *_scope(results),
        *_counts(results),
        *_requirements(results),
        *_references(results),
        *_deviations(results),
    )


def verdict_of(checks: tuple[Check, ...]) -> Verdict:
    """Return the verdict of a run that came to its end.

    Any failed check decides; without one, a mandatory check that could not be carried out leaves
    the verdict open, and so does a run in which none was carried out.
    """
    if any(check.outcome == "failed" for check in checks):
        return "not-conformant"
    mandatory = [check.outcome for check in checks if check.level == "must"]
    undecided = "error" in mandatory or "blocked" in mandatory
    return "conformant" if "passed" in mandatory and not undecided else "inconclusive"


def scope_of(results: Results) -> Scope:
    """Return how much was to be tested.

    Full is a run in which no MUST or SHOULD was switched off; generated requests do not count, nor
    does what was left out for the reason why an inconclusive run was broken off.
    """
    if results.options.get("read_only") is True:
        return "read-only"
    broken_off = results.verdict_reason if results.verdict == "inconclusive" else None
    switched_off = any(
        check.outcome == "skipped"
        and check.level != "may"
        and check.section != "fuzzing"
        and check.message != broken_off
        for check in results.checks
    )
    return "subset" if switched_off else "full"


def _verdict(results: Results) -> Iterator[str]:
    """A run that was broken off is inconclusive, whatever the checks until then say."""
    expected = verdict_of(results.checks)
    if results.verdict not in {expected, "inconclusive"}:
        yield f"the verdict is {results.verdict}, its checks make it {expected}"


def _scope(results: Results) -> Iterator[str]:
    expected = scope_of(results)
    if results.scope != expected:
        yield f"the scope is {results.scope}, its checks make it {expected}"


def _counts(results: Results) -> Iterator[str]:
    counted = Counter(check.outcome for check in results.checks)
    expected = {outcome: counted[outcome] for outcome in OUTCOMES} | {"total": len(results.checks)}
    for name, count in expected.items():
        if results.summary[name] != count:
            yield f"the summary counts {results.summary[name]} {name}, there are {count}"
    sent = sum(exchange.direction == "sent" for exchange in results.exchanges)
    if results.summary["requests"] < sent:
        yield f"the summary counts {results.summary['requests']} requests, {sent} are recorded"


def _requirements(results: Results) -> Iterator[str]:
    testing: dict[str, list[Check]] = {}
    for check in results.checks:
        for name in check.requirements:
            testing.setdefault(name, []).append(check)
    for requirement in results.requirements:
        checks = testing.pop(requirement.id, [])
        if set(requirement.checks) != {check.id for check in checks}:
            yield f"requirement {requirement.id} does not name the checks that test it"
            continue
        outcomes = [check.outcome for check in checks]
        expected = min(outcomes, key=_GRAVEST_FIRST.index, default=None)
        if requirement.outcome != expected:
            yield (
                f"the outcome of requirement {requirement.id} is {requirement.outcome}, "
                f"its checks make it {expected}"
            )
    for name in testing:
        yield f"requirement {name} is tested but not listed"


def _references(results: Results) -> Iterator[str]:
    repeated = Counter(check.id for check in results.checks)
    for name, count in repeated.items():
        if count > 1:
            yield f"check {name} is there {count} times"
    numbers = {exchange.n for exchange in results.exchanges}
    for check in results.checks:
        if missing := set(check.exchanges) - numbers:
            yield f"check {check.id} rests on exchange {min(missing)}, which is not recorded"


def _deviations(results: Results) -> Iterator[str]:
    """A failure is only excused by a declaration that is there to be read."""
    used = {one.check for one in results.deviations if one.state == "used"}
    for check in results.checks:
        if (check.outcome == "known-deviation") != (check.id in used):
            yield f"check {check.id} is {check.outcome}, which its declared deviation contradicts"
