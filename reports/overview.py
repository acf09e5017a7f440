"""What the first page of a report says: counts, sections, what to fix, how long it took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reports.results import LEVELS, OUTCOMES, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.results import Check, Level, Results

_MOST_BINDING_FIRST = {level: place for place, level in enumerate(LEVELS)}
_WORST_FIRST: tuple[Outcome, ...] = (
    "failed",
    "error",
    "blocked",
    "warned",
    "known-deviation",
    "passed",
    "skipped",
    "not-applicable",
)


@dataclass(frozen=True)
class Bar:
    """A stacked bar: `parts` are (outcome, count, start, width), the last two in percent."""

    total: int
    parts: tuple[tuple[Outcome, int, float, float], ...]


@dataclass(frozen=True)
class Section:
    """A chapter of the suite with its checks in the order in which they ran."""

    name: str
    checks: tuple[Check, ...]
    counts: Counter[Outcome]
    bar: Bar

    @property
    def ran(self) -> int:
        """How many of the checks were neither skipped nor not applicable."""
        return self.bar.total - self.counts["skipped"] - self.counts["not-applicable"]

    @property
    def worst(self) -> Outcome:
        """The gravest outcome; a pass outweighs what was not carried out."""
        return min((check.outcome for check in self.checks), key=_WORST_FIRST.index)


def bar(checks: Iterable[Check]) -> Bar:
    """Return the outcomes of `checks` as a stacked bar in the order of OUTCOMES."""
    counts = Counter(check.outcome for check in checks)
    total = counts.total()
    parts: list[tuple[Outcome, int, float, float]] = []
    start = 0.0
    for outcome in OUTCOMES:
        if count := counts[outcome]:
            width = 100 * count / total
            parts.append((outcome, count, round(start, 3), round(width, 3)))
            start += width
    return Bar(total, tuple(parts))


def levels(results: Results) -> tuple[tuple[Level, Bar], ...]:
    """Return a bar for each level that has checks, most binding first."""
    bars = ((level, bar(c for c in results.checks if c.level == level)) for level in LEVELS)
    return tuple((level, drawn) for level, drawn in bars if drawn.total)


def sections(results: Results) -> tuple[Section, ...]:
    """Return the sections in the order in which they first occur."""
    grouped: dict[str, list[Check]] = {}
    for check in results.checks:
        grouped.setdefault(check.section, []).append(check)
    return tuple(
        Section(name, tuple(checks), Counter(check.outcome for check in checks), bar(checks))
        for name, checks in grouped.items()
    )


def to_mend(results: Results, *outcomes: Outcome) -> tuple[Check, ...]:
    """Return the checks with one of `outcomes`, most binding level first."""
    found = [check for check in results.checks if check.outcome in outcomes]
    return tuple(sorted(found, key=lambda check: _MOST_BINDING_FIRST[check.level]))


def duration_text(milliseconds: float) -> str:
    """Return a duration for people: "<1 ms", "8 ms", "1.2 s", "3 min 5 s"."""
    if milliseconds < 1:
        return "<1 ms"
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def latency_text(milliseconds: float) -> str:
    """Return a short duration with as many digits as it deserves: "0.58 ms", "12.3 ms", "170 ms".

    From a second on it reads like any other duration.
    """
    if milliseconds >= 99.95:
        return duration_text(milliseconds)
    return f"{milliseconds:.2f} ms" if milliseconds < 9.995 else f"{milliseconds:.1f} ms"


def run_milliseconds(results: Results) -> float:
    """Return the time between start and end of the run."""
    span = datetime.fromisoformat(results.ended) - datetime.fromisoformat(results.started)
    return max(span.total_seconds() * 1000, 0.0)


def instant_text(instant: str) -> str:
    """Return an RFC 3339 instant for people: "24 November 2026, 21:31:05 UTC"."""
    moment = datetime.fromisoformat(instant)
    return f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"
