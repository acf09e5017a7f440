"""The question before a target that is not on this machine is written to."""

from __future__ import annotations

import math
import sys

import click

from conformance.catalogue import catalogue
from conformance.levels import at_least
from conformance.masking import without_password
from conformance.profiles import level_under
from conformance.settings import Settings, UsageError, is_loopback

_FIRST = 8
"""Creates of the first probe and of what many checks share."""
_BY_CHECK = 0.45
_BY_EXAMPLE = 6


def must_ask(settings: Settings) -> bool:
    """Tell whether the run writes to a target that is not on this machine."""
    return not settings.read_only and not is_loopback(settings.url)


def about_creates(settings: Settings) -> int:
    """Return how many promotions the run creates, roughly, rounded up to tens."""
    infos = catalogue()
    chosen = infos if settings.checks is None else settings.checks
    writing = [
        info
        for info in (infos[name] for name in chosen)
        if info.writes
        and at_least(level_under(settings.profile, info.level, info.requirements), settings.level)
    ]
    fuzzed = settings.examples * any(info.section == "fuzzing" for info in writing)
    count = _FIRST + _BY_CHECK * len(writing) + _BY_EXAMPLE * fuzzed
    most = settings.connection.max_creates
    rounded = math.ceil(count / 10) * 10
    return rounded if most is None else min(rounded, most)


def confirm(settings: Settings, *, yes: bool) -> None:
    """Ask on the terminal whether to go on, where `must_ask` says so.

    Raises UsageError when the answer is no, or when there is nobody to ask.
    """
    if yes or not must_ask(settings):
        return
    shown = without_password(settings.url)
    if not sys.stdin.isatty():
        raise UsageError(
            f"{shown} is not on this machine and would be written to, and nobody can be asked: "
            "give --yes (or TMF671_YES=1) to agree, --read-only to write nothing"
        )
    click.echo(
        f"{shown}\n"
        f"  is not on this machine. The run creates about {about_creates(settings)} promotions "
        f"named “{settings.mark} …”,\n"
        "  changes and deletes only those, and deletes at its end what is left of them. "
        f"What was created stands in\n  {settings.ledger}\n"
        "  so that `tmf671 cleanup` can finish whatever happens. "
        "--dry-run shows every request, --read-only writes nothing.",
        err=True,
    )
    if not click.confirm("Go on?", default=False, err=True):
        raise UsageError("not confirmed: nothing was sent")
