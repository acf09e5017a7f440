"""`tmf671 explain ID`: what a check or a requirement is about."""

from __future__ import annotations

import difflib
import textwrap

import click

from conformance.cli.errors import Failure


@click.command(
    epilog="\b\nExamples:\n  tmf671 explain TMF671-FILTER-AND\n  tmf671 explain R-G40-LOCATION"
)
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """Explain the check or the requirement ID: rule, source, what passes, what proves it."""
    import specs  # noqa: PLC0415
    from conformance.catalogue import catalogue  # noqa: PLC0415

    checks, rules = catalogue(), specs.requirements()
    hidden = {rule.id: rule for rule in specs.not_observable()}
    wanted = name.upper()
    if wanted in checks:
        _explain_check(wanted)
    elif wanted in rules:
        _explain_rule(rules[wanted])
        of_rule = [info.id for info in checks.values() if wanted in info.requirements]
        _say("Checks", ", ".join(of_rule) or "none yet")
    elif wanted in hidden:
        _say(wanted, hidden[wanted].text)
        _say("Not tested", hidden[wanted].reason)
    else:
        close = difflib.get_close_matches(wanted, [*checks, *rules, *hidden], n=3)
        hint = f"; close to it: {', '.join(close)}" if close else "; see `tmf671 list`"
        raise Failure(f"nothing is called {name}{hint}")


def _explain_check(name: str) -> None:
    import specs  # noqa: PLC0415
    from conformance.catalogue import catalogue  # noqa: PLC0415
    from mockserver.defects import DEFECTS  # noqa: PLC0415

    info = catalogue()[name]
    _say(f"{info.id} ({info.level})", info.title)
    _say("Passes too", info.description)
    if info.needs:
        _say("Only when offered", ", ".join(info.needs))
    if len(info.versions) == 1:
        _say("Only in", f"v{info.versions[0]}")
    for requirement in info.requirements:
        _explain_rule(specs.requirements()[requirement])
    proving = [
        f"{defect.name} ({defect.text})"
        for defect in DEFECTS.values()
        if set(defect.requirements) & set(info.requirements)
    ]
    _say("Defects of the mock that break it", "; ".join(proving) or "none yet")
    _say("Run it alone", f"tmf671 check URL --select {info.id}")


def _explain_rule(rule: object) -> None:
    from specs import Requirement  # noqa: PLC0415

    assert isinstance(rule, Requirement)
    _say(f"{rule.id} ({rule.level}, {rule.certainty})", rule.text)
    _say("Source", rule.source)
    if rule.condition:
        _say("Condition", rule.condition)
    if rule.note:
        _say("Note", rule.note)


def _say(label: str, text: str) -> None:
    click.echo(
        textwrap.fill(
            f"{label}: {text}", width=96, subsequent_indent="    ", break_on_hyphens=False
        )
    )
