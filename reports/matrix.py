"""The proof of the suite as one HTML page: defects and variants against checks."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

OUTCOME_SIGNS = {"failed": "✗", "warned": "!", "blocked": "·", "error": "E"}
"""What stands in a cell; an outcome without a sign leaves it empty."""


def render(matrix: dict[str, Any]) -> str:
    """Return the page of a matrix: its `runs`, and the lists that have to be empty.

    A run has `subject` (kind, name, api_version, level, requirements, text), `verdict`, and
    `outcomes`, the outcome by check of all that did not pass. Columns are the checks that some
    run does not pass.
    """
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = {
        check
        for run in matrix["runs"]
        for check, outcome in run["outcomes"].items()
        if outcome in OUTCOME_SIGNS
    }
    return environment.get_template("matrix.html.j2").render(
        matrix=matrix,
        checks=sorted(shown),
        signs=OUTCOME_SIGNS,
        groups=(
            ("clean", "Clean mock"),
            ("variant", "Legitimate variants: nothing may fail"),
            ("defect", "Defects: something must"),
        ),
    )
