"""The HTML report: one self-contained document that opens from the disk and asks nobody."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from reports import differences, excerpts, overview
from reports.results import LEVELS, OUTCOMES
from reports.wellformed import visible_text

if TYPE_CHECKING:
    from reports.results import Outcome, Results, Scope, Verdict

VERDICTS: dict[Verdict, str] = {
    "conformant": "Conformant",
    "not-conformant": "Not conformant",
    "inconclusive": "Inconclusive",
}
OUTCOME_NAMES: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "failed",
    "warned": "warned",
    "known-deviation": "known deviation",
    "blocked": "blocked",
    "skipped": "skipped",
    "not-applicable": "not applicable",
    "error": "error",
}
OUTCOME_MEANINGS: dict[Outcome, str] = {
    "passed": "the target does what the rule says",
    "failed": "a binding rule is broken; this decides the verdict",
    "warned": "an advisory rule is not followed; the verdict does not depend on it",
    "known-deviation": "a rule is broken, and the deviation was declared beforehand",
    "blocked": "an earlier step that the check needs has failed",
    "skipped": "switched off by the options or the mode of the run",
    "not-applicable": "the target does not offer the optional feature, or the version lacks it",
    "error": "the check itself could not be carried out",
}
JUDGED: tuple[Outcome, ...] = ("passed", "failed", "warned", "known-deviation")
SCOPES: dict[Scope, str] = {
    "full": "Full suite",
    "read-only": "Read-only: nothing was created or changed",
    "subset": "Subset: a selection of the checks",
}


def render(results: Results, company: str | None = None) -> str:
    """Return the report as one HTML document without any reference to another file.

    `company` and the option `product` of the run name whose implementation it was. A content
    security policy lets only the document's own script and style run, whatever a target sent.
    """
    style, script = _asset("report.css"), _asset("report.js")
    page = _environment().get_template("report.html.j2")
    text = page.render(
        results=results,
        company=company or _named(results, "company"),
        product=_named(results, "product"),
        requirements={requirement.id: requirement for requirement in results.requirements},
        titles={check.id: check.title for check in results.checks},
        levels=overview.levels(results),
        sections=overview.sections(results),
        mend={
            "failed": overview.to_mend(results, "failed"),
            "warned": overview.to_mend(results, "warned"),
            "unjudged": overview.to_mend(results, "error", "blocked"),
        },
        other_exchanges=_outside_of_checks(results),
        log=Markup(htmlsafe_json_dumps(excerpts.exchanges(results), dumps=_compact)),  # noqa: S704
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        style_digest=_digest(style),
        script_digest=_digest(script),
    )
    return visible_text(text)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": overview.duration_text,
        "instant": overview.instant_text,
        "size": overview.size_text,
        "sentence": _sentence,
        "json": _pretty,
    }
    environment.globals |= {
        "VERDICTS": VERDICTS,
        "OUTCOMES": OUTCOMES,
        "OUTCOME_NAMES": OUTCOME_NAMES,
        "OUTCOME_MEANINGS": OUTCOME_MEANINGS,
        "JUDGED": JUDGED,
        "SCOPES": SCOPES,
        "LEVELS": LEVELS,
        "compare": differences.compare,
        "run_milliseconds": overview.run_milliseconds,
    }
    return environment


def _asset(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text("utf-8")


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _named(results: Results, option: str) -> str | None:
    value = results.options.get(option)
    return value if isinstance(value, str) and value else None


def _outside_of_checks(results: Results) -> tuple[int, ...]:
    in_checks = {number for check in results.checks for number in check.exchanges}
    return tuple(e.n for e in results.exchanges if e.n not in in_checks)


def _sentence(text: str) -> str:
    """Return `text` with a capital at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _compact(value: Any, **_options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
