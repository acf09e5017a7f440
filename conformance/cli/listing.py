"""`tmf671 list`: the checks and the requirements; nothing is sent."""

from __future__ import annotations

import json
from typing import Any

import click


@click.command(
    "list", epilog="\b\nExamples:\n  tmf671 list\n  tmf671 list --coverage\n  tmf671 list --json"
)
@click.option("--coverage", is_flag=True, help="Requirements with their checks.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--markdown", is_flag=True, help="As the page docs/checks.md.")
def list_checks(coverage: bool, as_json: bool, markdown: bool) -> None:
    """List the checks with their level and requirements; nothing is sent."""
    if markdown:
        from conformance.documentation import checks_page  # noqa: PLC0415

        click.echo(checks_page(), nl=False)
        return
    rows = _requirements() if coverage else _checks()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        tail = row["checks"] if coverage else row["requirements"]
        names = ", ".join(tail) if tail else f"— {row['not_tested_because']}"
        click.echo(f"{row['id']:<32} {row['level']:<7} {names}")
    if coverage:
        tested = sum(bool(row["checks"]) for row in rows)
        click.echo(f"{tested} of {len(rows)} requirements have a check")
    else:
        click.echo(f"{len(rows)} checks")


def _checks() -> list[dict[str, Any]]:
    from conformance.catalogue import catalogue  # noqa: PLC0415

    return [
        {
            "id": info.id,
            "level": info.level,
            "section": info.section,
            "title": info.title,
            "requirements": list(info.requirements),
            "needs": list(info.needs),
            "versions": list(info.versions),
        }
        for info in catalogue().values()
    ]


def _requirements() -> list[dict[str, Any]]:
    import specs  # noqa: PLC0415
    from conformance.catalogue import catalogue  # noqa: PLC0415

    testing: dict[str, list[str]] = {}
    for info in catalogue().values():
        for name in info.requirements:
            testing.setdefault(name, []).append(info.id)
    rows: list[dict[str, Any]] = [
        {
            "id": rule.id,
            "level": rule.level,
            "source": rule.source,
            "text": rule.text,
            "checks": testing.get(rule.id, []),
            "not_tested_because": None if rule.id in testing else "no check yet",
        }
        for rule in specs.requirements().values()
    ]
    rows += [
        {
            "id": rule.id,
            "level": "-",
            "source": "",
            "text": rule.text,
            "checks": [],
            "not_tested_because": rule.reason,
        }
        for rule in specs.not_observable()
    ]
    return rows
