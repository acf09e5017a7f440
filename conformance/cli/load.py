"""`tmf671 load`: whether an implementation holds under load."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from conformance.cli.errors import Failure, one_line_errors
from conformance.cli.options import ENVIRONMENT
from conformance.cli.options.connection import connection_of, connection_options
from conformance.cli.options.events import event_options
from conformance.load.mix import ACTIVITIES, DEFAULT_MIX
from conformance.load.quantities import Duration, Share, Weights
from conformance.options import parse_headers
from conformance.secrets import resolved
from conformance.settings import UsageError, checked_url, is_loopback

if TYPE_CHECKING:
    from conformance.load.callbacks import Callbacks
    from conformance.load.plan import Plan
    from conformance.load.processes import Formation

EXAMPLES = """\b
Examples:
  tmf671 load http://127.0.0.1:8671/tmf-api/promotionManagement/v4 --users 20
  tmf671 load URL --yes --users 200 --workers 2 --duration 5m --payload promotion.json
  tmf671 load URL --read-only --max-p95 200ms --max-errors 1% --min-rate 100
  tmf671 load URL --yes --master --master-bind-host 10.0.0.5 --workers 2
  tmf671 load URL --yes --worker --master-host 10.0.0.5

\b
Exit codes: 0 thresholds met, or none given; 1 not met; 2 usage error (nothing was
sent); 3 no numbers (unreachable, interrupted before anything was counted).
Ctrl-C ends the load early: what was counted is judged, what was created is deleted.
"""
_NEEDS_LOCUST = "tmf671 load needs Locust: install it with pip install 'tmf671[load]'"
_NOT_LENT = frozenset({"proxy", "retries", "max_wait", "event_timeout"})
"""Options of a connection that have no meaning here: users go straight, and send once."""
_LENT_EVENTS = (
    "no_events",
    "callback_url",
    "listener_host",
    "listener_port",
    "listener_cert",
    "listener_key",
)


def _lent() -> list[click.Parameter]:
    """Return the options that `tmf671 check` has too."""

    @click.command()
    @connection_options
    @event_options
    def check() -> None:
        """Carry the options."""

    return [one for one in check.params if one.name not in _NOT_LENT]


@click.command(epilog=EXAMPLES, context_settings=ENVIRONMENT, params=_lent())
@click.argument("url")
@click.option(
    "--users",
    "-u",
    type=click.IntRange(1, 100_000),
    default=10,
    show_default=True,
    help="Users at work at the same time.",
)
@click.option(
    "--spawn-rate",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Users that begin each second (default: all within 5 s).",
)
@click.option("--duration", "-d", type=Duration(), default="60s", show_default=True)
@click.option(
    "--think-time",
    type=Duration(zero=True),
    default="1s",
    show_default=True,
    help="A user's mean pause between two requests; 0 for none.",
)
@click.option(
    "--mix",
    type=Weights(),
    default=",".join(f"{name}={weight}" for name, weight in DEFAULT_MIX.items()),
    show_default=True,
    help=f"How often users do what: {', '.join(n for one in ACTIVITIES.values() for n in one)}.",
)
@click.option("--read-only", is_flag=True, help="Only GET, on data that is there.")
@click.option(
    "--payload",
    type=click.Path(path_type=Path),
    help="JSON file with the promotion to POST, when the target has mandatory attributes.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, help="What users choose by.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=0,
    metavar="N",
    help="Processes that send; with --master, workers elsewhere to wait for.",
)
@click.option("--master", is_flag=True, help="Lead workers on other machines.")
@click.option("--worker", is_flag=True, help="Send for a master on another machine.")
@click.option("--master-host", default="127.0.0.1", show_default=True, help="For --worker.")
@click.option(
    "--master-bind-host",
    default="127.0.0.1",
    show_default=True,
    help="For --master: the address workers reach it by. They are not authenticated.",
)
@click.option("--master-port", type=click.IntRange(1, 65535), default=5557, show_default=True)
@click.option("--max-p95", type=Duration(), help="Threshold: 95 % of answers within, e.g. 200ms.")
@click.option("--max-p99", type=Duration(), help="Threshold: 99 % of answers within.")
@click.option("--max-errors", type=Share(), help="Threshold: share of failed requests, e.g. 1%.")
@click.option(
    "--min-rate", type=click.FloatRange(min=0, min_open=True), help="Threshold: requests a second."
)
@click.option("--yes", is_flag=True, help="Write to a target that is not on this machine.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tmf671-load"),
    show_default=True,
    help="Folder for load.html and load.json.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    envvar="TMF671_JSON",
    help="Print load.json on stdout, nothing else.",
)
@click.option("--quiet", "-q", is_flag=True, help="Only the last line.")
@click.option("--no-color", is_flag=True, help="No colour.")
def load(
    url: str,
    out: Path,
    as_json: bool,
    quiet: bool,
    no_color: bool,
    yes: bool,
    max_p95: float | None,
    max_p99: float | None,
    max_errors: float | None,
    min_rate: float | None,
    **options: Any,
) -> None:
    """Put load on the implementation of TMF671 at URL, the API root, and measure.

    Users behave like those of a CRM: they page, search, look, create, change, remove, subscribe.
    Everything created carries a mark in its name and is deleted at the end.
    """
    from conformance.load.preparation import NothingMeasured  # noqa: PLC0415
    from conformance.load.processes import is_installed  # noqa: PLC0415
    from conformance.load.run import run  # noqa: PLC0415
    from conformance.load.terminal import Terminal  # noqa: PLC0415
    from conformance.load.thresholds import EXIT_CODES, Limits  # noqa: PLC0415
    from reports.load_results import encode  # noqa: PLC0415

    if not is_installed():
        raise Failure(_NEEDS_LOCUST)
    with one_line_errors():
        formation = _formation(options)
        listening = {name: options.pop(name) for name in _LENT_EVENTS}
        plan = _plan(checked_url(url), options)
        _check_may_write(plan, yes=yes)
        if formation.role != "worker":
            _check_writable(out)
        limits = Limits(p95=max_p95, p99=max_p99, errors=max_errors, rate=min_rate)
        terminal = Terminal(quiet=quiet or as_json, color=not no_color)
        with _callbacks(plan, listening) as callbacks, terminal:
            try:
                asked = _with_callback(plan, callbacks)
                outcome = run(asked, formation, limits, callbacks, terminal.progress)
            except NothingMeasured as problem:
                raise Failure(str(problem), exit_code=3) from None
        results = outcome.results
        if results is None:
            terminal.cleanup(outcome.cleanup)
            return
        page = _written(results, out)
        if as_json:
            sys.stdout.buffer.write(encode(results))
        else:
            terminal.summary(results, page)
    sys.exit(EXIT_CODES[results.verdict])


def _plan(url: str, options: dict[str, Any]) -> Plan:
    from conformance.load.plan import Plan  # noqa: PLC0415
    from conformance.payload import read_payload  # noqa: PLC0415

    headers = parse_headers(options.pop("header"))
    payload, users = options.pop("payload"), options.pop("users")
    spawn_rate = options.pop("spawn_rate")
    rate, mix = options.pop("rate"), options.pop("mix")
    asked = {name: options.pop(name) for name in ("read_only", "duration", "think_time", "seed")}
    timeout = options.pop("timeout")
    return Plan(
        url=url,
        mark=f"tmf671-load-{uuid.uuid4().hex[:8]}",
        users=users,
        spawn_rate=spawn_rate or max(1.0, users / 5),
        mix=dict(mix),
        rate=rate,
        payload=None if payload is None else read_payload(payload),
        headers={name: resolved(value) for name, value in headers.items()},
        timeout=timeout,
        connection=connection_of(
            {**options, "rate": None, "proxy": "none", "retries": 2, "max_wait": 0.0}
        ),
        **asked,
    )


def _formation(options: dict[str, Any]) -> Formation:
    from conformance.load.processes import Formation  # noqa: PLC0415

    master, worker, workers = (options.pop(name) for name in ("master", "worker", "workers"))
    there, here = options.pop("master_host"), options.pop("master_bind_host")
    port = options.pop("master_port")
    if master and worker:
        raise UsageError("--master and --worker exclude each other: start one of each")
    if master and not workers:
        raise UsageError("--master needs --workers, how many it is to wait for")
    role: Literal["alone", "master", "worker"]
    role = "master" if master else "worker" if worker else "alone"
    if role == "alone":
        return Formation(role, workers)
    return Formation(role, workers, here if master else there, port)


def _check_may_write(plan: Plan, *, yes: bool) -> None:
    if plan.read_only or yes or is_loopback(plan.url):
        return
    raise UsageError(
        f"this load would create, change and delete promotions at {plan.recorded()['url']}: "
        "confirm that with --yes, or use --read-only"
    )


@contextlib.contextmanager
def _callbacks(plan: Plan, asked: Mapping[str, Any]) -> Iterator[Callbacks | None]:
    """Listen for events while users subscribe; None when they do not."""
    from conformance.load.callbacks import Callbacks  # noqa: PLC0415
    from conformance.reception import Reception, ReceptionError  # noqa: PLC0415

    if plan.read_only or asked["no_events"] or not plan.mix["events"]:
        yield None
        return
    files = {name: asked[f"listener_{name}"] for name in ("cert", "key")}
    reception = Reception(
        host=asked["listener_host"],
        port=asked["listener_port"],
        certificate=None if files["cert"] is None else str(files["cert"]),
        key=None if files["key"] is None else str(files["key"]),
    )
    try:
        callbacks = Callbacks(reception, plan.url, asked["callback_url"])
    except ReceptionError as problem:
        raise UsageError(str(problem)) from None
    with callbacks:
        yield callbacks


def _with_callback(plan: Plan, callbacks: Callbacks | None) -> Plan:
    import msgspec  # noqa: PLC0415

    return plan if callbacks is None else msgspec.structs.replace(plan, callback=callbacks.base)


def _check_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"{out} cannot be written: {problem.strerror}") from None
    if not os.access(out, os.W_OK):
        raise UsageError(f"nothing may be written to {out}: choose another folder with --out")


def _written(results: Any, out: Path) -> Path:
    from reports.load_page import render  # noqa: PLC0415
    from reports.load_results import FILE_NAME, write  # noqa: PLC0415
    from reports.storage import PRIVATE, write_atomically  # noqa: PLC0415

    page = out / "load.html"
    try:
        write(results, out / FILE_NAME)
        write_atomically(page, render(results).encode(), PRIVATE)
    except OSError as problem:
        raise Failure(f"{out} cannot be written: {problem.strerror}", exit_code=3) from None
    return page
