"""JUnit XML of a run, as Jenkins and GitLab read it (junit-10.xsd of Jenkins' xunit plugin).

JUnit knows three ways of not passing. A failed check is a `failure`, one that could not be carried
out an `error`; blocked, skipped and not-applicable checks are `skipped`. A warned check or a known
deviation must not turn a pipeline red: it passes, and says so in `system-out`. That schema has no
properties on a test case, so level, requirements and outcome stand on the suite as `ID.level`,
`ID.requirements` and `ID.outcome`. Nor has it a `file`, and there is none to name: a check's source
is not in the repository whose pipeline runs it.

GitLab groups by `classname`, the section, and tells a test from another by `classname` and `name`
("Unit test reports", docs.gitlab.com); both are the same in every run of a check.
"""

from __future__ import annotations

import io
import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from reports.wellformed import xml_text

if TYPE_CHECKING:
    from reports.results import Check, Results

_PASSING_BUT_NOTABLE = ("warned", "known-deviation")
_UNJUDGED = ("blocked", "skipped", "not-applicable")
_LONGEST_VALUE = 4096


def render(results: Results) -> str:
    """Return the JUnit document: one test suite a section, one test case a check, seconds."""
    document = JUnitXml(f"TMF671 v{results.target.api_version}")
    for section, checks in _sections(results.checks):
        document.add_testsuite(_suite(section, checks, results))
    document.update_statistics()  # type: ignore[no-untyped-call]  # junitparser leaves it bare
    # The schema has no such attribute on the root; each suite carries its own.
    document._elem.attrib.pop("skipped", None)  # noqa: SLF001
    written = io.BytesIO()
    document.write(written)
    return written.getvalue().decode()


def _sections(checks: tuple[Check, ...]) -> list[tuple[str, list[Check]]]:
    order = {section: i for i, section in enumerate(dict.fromkeys(c.section for c in checks))}
    ordered = sorted(checks, key=lambda check: order[check.section])
    return [(name, list(group)) for name, group in groupby(ordered, key=lambda c: c.section)]


def _suite(section: str, checks: list[Check], results: Results) -> TestSuite:
    suite = TestSuite(xml_text(section))
    suite.timestamp = results.started[:19]
    suite.add_property("target", xml_text(results.target.url))
    suite.add_property("verdict", results.verdict)
    for check in checks:
        suite.add_property(f"{check.id}.level", check.level)
        suite.add_property(f"{check.id}.requirements", " ".join(check.requirements))
        suite.add_property(f"{check.id}.outcome", check.outcome)
        suite.add_testcase(_case(check))
    return suite


def _case(check: Check) -> TestCase:
    case = TestCase(
        name=xml_text(f"{check.id} {check.title}"),
        classname=f"tmf671.{xml_text(check.section)}",
        time=round(check.duration_ms / 1000, 3),
    )
    message = xml_text(check.message)
    if check.outcome == "failed":
        case.result = _explained(Failure(message, check.level), check)
    elif check.outcome == "error":
        case.result = _explained(Error(message, check.level), check)
    elif check.outcome in _UNJUDGED:
        case.result = Skipped(_unjudged(check, message), check.outcome)
    elif check.outcome in _PASSING_BUT_NOTABLE:
        case.system_out = f"{check.outcome}: {message}\n{_details(check)}"
    return case


def _explained(result: Failure | Error, check: Check) -> Failure | Error:
    result.text = _details(check)
    return result


def _unjudged(check: Check, message: str) -> str:
    if check.blocked_by:
        return f"blocked by {check.blocked_by}: {message}"
    return message


def _details(check: Check) -> str:
    lines = [
        f"check: {check.id} ({check.level})",
        f"requirements: {', '.join(check.requirements)}",
        f"expected: {_value(check.expected)}",
        f"observed: {_value(check.observed)}",
    ]
    if check.hint:
        lines.append(f"hint: {check.hint}")
    if check.exchanges:
        lines.append(f"exchanges: {', '.join(map(str, check.exchanges))} in results.json")
    return xml_text("\n".join(lines))


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]} …"
