"""`tmf671 check --dry-run`: every request of a run, and none of them sent to the target."""

from __future__ import annotations

import sys

import click
import msgspec

from conformance.dry_run import Plan, plan_of, rehearsed
from conformance.judging import judge
from conformance.settings import Settings
from mockserver.embedded import running_mock
from mockserver.settings import Settings as MockSettings


def rehearse(settings: Settings) -> Plan:
    """Run the suite against a mock on this machine and return what the run would send."""
    with running_mock(MockSettings(api_version=settings.api_version, seed=settings.seed)) as root:
        rehearsal = rehearsed(settings, root)
        return plan_of(judge(rehearsal), rehearsal, settings)


def show(plan: Plan, *, as_json: bool) -> None:
    """Print a plan: a line a request, then the totals; or all of it as JSON."""
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(plan)) + b"\n")
        return
    wide = len(str(len(plan.requests)))
    between = "(first probe)"
    for request in plan.requests:
        size = f"  ({request.bytes:,} bytes)" if request.bytes else ""
        between = between if request.check is None else "(cleaning)"
        check = request.check or between
        click.echo(f"{request.n:>{wide}}  {check}  {request.method} {request.url}{size}")
    click.echo("\n" + ", ".join(f"{count} {name}" for name, count in plan.totals.items()))
    if plan.unlisted:
        click.echo(f"and {plan.unlisted} requests by schemathesis' engine, which are not listed")
    if plan.token_url:
        click.echo(f"Access tokens are fetched from {plan.token_url} besides.")
    click.echo(
        "Nothing was sent to the target; ids are the mock's. A target that answers otherwise than "
        "the mock is sent other requests: fewer where it offers less, more where a list is longer."
    )
