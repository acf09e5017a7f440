"""The comparison of runs as one self-contained HTML page: a matrix of checks by runs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.comparison import Change, Comparison, Mode, Row
from reports.results import OUTCOMES, Outcome, Verdict
from reports.wellformed import visible_text

SIGNS: Mapping[Outcome, str] = MappingProxyType(
    {
        "passed": "✓",
        "failed": "✕",
        "warned": "!",
        "known-deviation": "≈",
        "blocked": "⊘",
        "skipped": "–",  # noqa: RUF001
        "not-applicable": "·",
        "error": "?",
    }
)
"""What stands in a cell beside, or with many runs instead of, the outcome's name."""
VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        "conformant": "Conformant",
        "not-conformant": "Not conformant",
        "inconclusive": "Inconclusive",
    }
)
_MODES: Mapping[Mode, str] = MappingProxyType(
    {"successive": "Two runs of one product", "side-by-side": "Runs side by side"}
)
CHANGES: Mapping[Change, tuple[str, str]] = MappingProxyType(
    {
        "broken": ("Broken", "the outcome became worse"),
        "fixed": ("Fixed", "the outcome became better"),
        "no-longer-judged": ("No longer judged", "skipped or not applicable in the later run"),
        "now-judged": ("Now judged", "skipped or not applicable in the earlier run"),
        "changed": ("Changed otherwise", "neither better nor worse"),
        "new": ("New checks", "the earlier run does not have them"),
        "gone": ("Gone checks", "the later run does not have them"),
    }
)
MOST_NAMED_COLUMNS = 3
"""With more runs a cell has the sign alone; its name is in the tooltip and for screen readers."""


def render(comparison: Comparison, reports: Sequence[str | None] = ()) -> str:
    """Return the page. `reports` are the addresses of the runs' HTML reports, None for none.

    A content security policy lets only the page's own script and style run, whatever stands in the
    results.
    """
    style, script = _asset("base.css") + _asset("compare.css"), _asset("compare.js")
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("compare.html.j2").render(
        comparison=comparison,
        reports=[*reports, *(None for _ in comparison.runs[len(reports) :])],
        sections=_sections(comparison.rows),
        rows={row.id: row for row in comparison.rows},
        differing=len(comparison.differing),
        named=len(comparison.runs) <= MOST_NAMED_COLUMNS,
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        style_digest=_digest(style),
        script_digest=_digest(script),
        OUTCOMES=OUTCOMES,
        SIGNS=SIGNS,
        VERDICTS=VERDICTS,
        MODES=_MODES,
        CHANGES=CHANGES,
    )
    return visible_text(text)


def _sections(rows: Sequence[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.section, []).append(row)
    return grouped


def _asset(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text("utf-8")


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
