"""The page docs/checks.md, made from the checks themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from conformance.catalogue import CheckInfo, catalogue

HEAD = """\
# The checks

Made by `tmf671 list --markdown`; do not edit. A failed MUST makes a target not conformant, a failed
SHOULD or MAY is a warning. `tmf671 explain ID` adds where the rule stands and which defect of the
mock proves that the check can fail.
"""


def checks_page() -> str:
    """Return the page: for each section its checks, with what must hold and what passes too."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    for section, members in groupby(catalogue().values(), key=lambda info: info.section):
        yield f"## {section}\n"
        for info in members:
            yield from _entry(info)


def _entry(info: CheckInfo) -> Iterator[str]:
    yield f"### {info.id}\n"
    facts = [info.level.upper(), ", ".join(info.requirements)]
    if info.needs:
        facts.append(f"when offered: {', '.join(info.needs)}")
    if len(info.versions) == 1:
        facts.append(f"v{info.versions[0]} only")
    if not info.writes:
        facts.append("also with --read-only")
    yield f"{' · '.join(facts)}\n"
    yield f"- Must hold: {info.title}"
    yield f"- Passes too: {info.description}\n"
