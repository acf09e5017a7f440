"""What runs are called where several stand beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from reports.results import Results


def run_labels(results: Sequence[Results], given: Sequence[str] = ()) -> list[str]:
    """Return a label for each run: the one given in its place, or its company and product.

    A run that names neither is called by its host. Labels that would be the same are told apart by
    the time at which the run began, and by their number.
    """
    own = [given[i] if i < len(given) else _own_label(run) for i, run in enumerate(results)]
    dated = [
        label if i < len(given) or own.count(label) == 1 else f"{label}, {_second(run.started)}"
        for i, (run, label) in enumerate(zip(results, own, strict=True))
    ]
    return [
        label if dated.count(label) == 1 else f"{label} ({i})"
        for i, label in enumerate(dated, start=1)
    ]


def _own_label(result: Results) -> str:
    named = [value for name in ("company", "product") if (value := option_text(result, name))]
    host = result.target.url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    return " ".join(named) or host or result.target.url


def _second(instant: str) -> str:
    return instant[:19].replace("T", " ")


def option_text(result: Results, name: str) -> str | None:
    """Return an option of the run that is text, None when it is missing, empty or no text."""
    value = result.options.get(name)
    return value if isinstance(value, str) and value else None
