"""What pytest-html shows beside a check: level, requirements, and the wire log."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import pytest

from reports.results import Check, Exchange

_LONGEST_BODY = 4096


def extra(check: Check, exchanges: Iterable[Exchange]) -> dict[str, Any]:
    """Return pytest-html's extra for a check's row."""
    from pytest_html import extras  # noqa: PLC0415  (an optional subscriber)

    made: dict[str, Any] = extras.html(_page(check, exchanges))
    return made


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_header(cells: list[str]) -> None:
    """Add the columns check, level and requirement."""
    cells[2:2] = ["<th>Check</th>", "<th>Level</th>", "<th>Requirement</th>"]


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_row(report: pytest.TestReport, cells: list[str]) -> None:
    """Fill them from the report's properties."""
    said = [(name, html.escape(str(value))) for name, value in report.user_properties]
    level = next((value for name, value in said if name == "level"), "")
    rules = "<br>".join(value for name, value in said if name == "requirement")
    name = next((value for name, value in said if name == "check"), "")
    cells[2:2] = [f"<td>{name}</td>", f"<td>{level}</td>", f"<td>{rules}</td>"]


def _page(check: Check, exchanges: Iterable[Exchange]) -> str:
    log = "\n\n".join(_wire(exchange) for exchange in exchanges) or "no exchange"
    facts = f"{check.outcome} · {check.level} · {', '.join(check.requirements)}"
    return (
        f"<p><strong>{html.escape(facts)}</strong><br>{html.escape(check.description)}</p>"
        f"<details><summary>wire log</summary><pre>{html.escape(log)}</pre></details>"
    )


def _wire(exchange: Exchange) -> str:
    request = exchange.request
    lines = [f"#{exchange.n} {exchange.direction} {exchange.at} ({exchange.duration_ms:.1f} ms)"]
    lines.append(f"{request.method} {request.url}")
    lines += [f"{header.name}: {header.value}" for header in request.headers]
    lines += ["", (request.body or "")[:_LONGEST_BODY]]
    if exchange.response is None:
        lines.append(f"no answer: {exchange.error}")
    else:
        lines.append(f"HTTP {exchange.response.status} {exchange.response.reason}")
        lines += [f"{header.name}: {header.value}" for header in exchange.response.headers]
        lines += ["", (exchange.response.body or "")[:_LONGEST_BODY]]
    lines.append(exchange.curl)
    return "\n".join(lines)
