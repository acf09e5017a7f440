"""`tmf671 check`: judge an implementation."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import specs
from conformance.cli.configuration import TARGET, read_config
from conformance.cli.errors import Failure, one_line_errors
from conformance.options import Lines, parse_headers
from conformance.settings import Settings, UsageError, checked_url, validated
from reports.results import Results

EXAMPLES = """\b
Examples:
  tmf671 check
  tmf671 check http://127.0.0.1:8671/tmf-api/promotionManagement/v4
  tmf671 check URL --header 'Authorization: Bearer …' --payload promotion.json
  tmf671 check URL --select 'TMF671-CREATE-*' --select filtering
  tmf671 check URL --read-only
  tmf671 check --ctk-config config.json

\b
Exit codes: 0 conformant, 1 not conformant, 2 usage or configuration error
(nothing was sent), 3 inconclusive (unreachable, interrupted, aborted).
Every option can stand in the file of --config, and in an environment variable
TMF671_…, e.g. TMF671_API_VERSION; a flag goes before a variable before the file.
A variable for a repeatable option holds a line for each, e.g. TMF671_HEADER.
"""


def _env(name: str) -> str:
    return f"TMF671_{name}"


@click.command(epilog=EXAMPLES)
@click.argument("url", required=False, envvar=_env("URL"))
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar=_env("CONFIG"),
    callback=read_config,
    is_eager=True,
    expose_value=False,
    help="TOML file with any of these options.",
)
@click.option(
    "--ctk-config",
    type=click.Path(path_type=Path),
    envvar=_env("CTK_CONFIG"),
    help="An official kit's config.json: its url, headers and payload.",
)
@click.option(
    "--api-version",
    type=click.Choice(["4.0.0", "4.1.0"]),
    default="4.1.0",
    show_default=True,
    envvar=_env("API_VERSION"),
)
@click.option(
    "--header",
    "-H",
    multiple=True,
    metavar="'NAME: VALUE'",
    type=Lines(),
    envvar=_env("HEADER"),
    help="Sent with every request; masked in reports when it looks like a credential. Repeatable.",
)
@click.option(
    "--payload",
    type=click.Path(path_type=Path),
    envvar=_env("PAYLOAD"),
    help="JSON file with the promotion to POST, when the target has mandatory attributes.",
)
@click.option(
    "--level",
    type=click.Choice(["must", "should", "may"]),
    default="should",
    show_default=True,
    envvar=_env("LEVEL"),
    help="The lowest level that runs.",
)
@click.option(
    "--profile",
    type=click.Choice(["default", "strict", "lenient"]),
    default="default",
    show_default=True,
    envvar=_env("PROFILE"),
    help="How the rules inferred from sibling APIs are levelled.",
)
@click.option("--strict", is_flag=True, envvar=_env("STRICT"), help="A failed SHOULD decides too.")
@click.option("--read-only", is_flag=True, envvar=_env("READ_ONLY"), help="Only GET.")
@click.option(
    "--select",
    "-s",
    multiple=True,
    metavar="PATTERN",
    type=Lines(),
    envvar=_env("SELECT"),
    help="Only checks whose id, section or requirement matches this glob. Repeatable.",
)
@click.option("--no-events", is_flag=True, envvar=_env("NO_EVENTS"), help="Leave out the hub.")
@click.option(
    "--callback-url",
    metavar="URL",
    envvar=_env("CALLBACK_URL"),
    help="Where the target reaches this machine's listener, when it is not found out by itself.",
)
@click.option(
    "--event-timeout",
    type=click.FloatRange(min=0, max=600),
    default=5.0,
    show_default=True,
    envvar=_env("EVENT_TIMEOUT"),
    help="Seconds to wait for an event.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=600),
    default=10.0,
    show_default=True,
    envvar=_env("TIMEOUT"),
    help="Seconds to wait for a connection, and for each part of an answer.",
)
@click.option(
    "--fuzz",
    type=click.IntRange(min=0),
    envvar=_env("FUZZ"),
    help="Generated examples an operation (default: 10 on loopback, else 0).",
)
@click.option("--seed", type=click.IntRange(min=0), envvar=_env("SEED"), help="Repeats a run.")
@click.option(
    "--parallel",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    envvar=_env("PARALLEL"),
    help="Sections judged at the same time; worth it when the target is not near.",
)
@click.option(
    "--spec",
    type=click.Path(),
    envvar=_env("SPEC"),
    help="Another API description to validate bodies against (Swagger 2.0 or OpenAPI 3).",
)
@click.option(
    "--target-spec",
    metavar="FILE|URL",
    envvar=_env("TARGET_SPEC"),
    help="The target's own published description, to be compared with TMF671.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("tmf671-report"),
    show_default=True,
    envvar=_env("OUT"),
    help="Folder for results.json, the HTML report and junit.xml; replaced as a whole.",
)
@click.option("--company", envvar=_env("COMPANY"), help="Stands in the report and in its name.")
@click.option(
    "--defect",
    multiple=True,
    metavar="NAME",
    type=Lines(),
    envvar=_env("DEFECT"),
    help="Without URL: a defect that the embedded mock is to have. Repeatable.",
)
@click.option(
    "--variant",
    multiple=True,
    metavar="NAME",
    type=Lines(),
    envvar=_env("VARIANT"),
    help="Without URL: a legitimate way of the embedded mock's own. Repeatable.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    envvar=_env("JSON"),
    help="Print results.json on stdout, nothing else.",
)
@click.option("--quiet", "-q", is_flag=True, envvar=_env("QUIET"), help="Only the verdict.")
@click.option("--no-color", is_flag=True, envvar=_env("NO_COLOR"), help="No colour.")
def check(
    url: str | None,
    ctk_config: Path | None,
    out: Path,
    company: str | None,
    defect: tuple[str, ...],
    variant: tuple[str, ...],
    as_json: bool,
    quiet: bool,
    no_color: bool,
    **options: Any,
) -> None:
    """Judge the implementation of TMF671 at URL, the API root.

    Without URL the embedded mock is started on a free port and judged.
    """
    from conformance.judging import SuiteError, judge  # noqa: PLC0415
    from conformance.terminal import Terminal  # noqa: PLC0415
    from conformance.verdict import EXIT_CODES  # noqa: PLC0415
    from reports.folder import (  # noqa: PLC0415
        ReportError,
        check_writable,
        write_report_folder,
    )
    from reports.storage import encode  # noqa: PLC0415

    with one_line_errors():
        settings, target_url = _settings(url, ctk_config, company, options)
        if target_url and (defect or variant):
            raise UsageError("--defect and --variant are for the embedded mock: leave out the URL")
        if settings.spec is not None:
            _check_spec(settings.spec)
        if settings.target_spec and "://" not in settings.target_spec:
            specs.load(settings.target_spec)
        check_writable(out)
        with _target(target_url, settings, defect, variant) as running:
            terminal = Terminal(quiet=quiet or as_json, color=not no_color)
            with terminal:
                try:
                    results = judge(running, [terminal])
                except SuiteError as problem:
                    raise Failure(f"{problem}; please report this", exit_code=3) from None
        if as_json:
            sys.stdout.buffer.write(encode(results))
        ended = results.summary["total"] - results.summary["skipped"]
        if not ended and not results.cleanup.left:
            raise Failure(results.verdict_reason, EXIT_CODES[results.verdict])
        try:
            written = write_report_folder(results, out, company)
        except ReportError as problem:
            raise Failure(f"{problem}; {_rescued(results)}", EXIT_CODES["inconclusive"]) from None
        if not as_json:
            terminal.summary(results, [written])
    sys.exit(EXIT_CODES[results.verdict])


def _rescued(results: Results) -> str:
    """Keep the results of a run whose folder cannot be written; tell where."""
    from reports.storage import write  # noqa: PLC0415

    path = Path(tempfile.mkdtemp(prefix="tmf671-")) / "results.json"
    try:
        write(results, path)
    except OSError as problem:
        return f"nor can {path} ({problem.strerror}): the results are lost"
    return f"the results are in {path}: `tmf671 report {path} --out FOLDER` makes the report"


def _settings(
    url: str | None, ctk_config: Path | None, company: str | None, options: dict[str, Any]
) -> tuple[Settings, str | None]:
    """Return the settings, and the URL of the target, None for the embedded mock."""
    from conformance.adaptation import check_payload, read_rules  # noqa: PLC0415
    from conformance.catalogue import selected  # noqa: PLC0415
    from conformance.payload import (  # noqa: PLC0415
        DEFAULT,
        inline_payload,
        read_ctk_config,
        read_payload,
    )

    headers, payload = parse_headers(options.pop("header")), options.pop("payload")
    promotion = None if payload is None else read_payload(payload)
    own = click.get_current_context().meta.get(TARGET, {})
    rules = read_rules(own.get("attributes", {}))
    promotion = promotion or inline_payload(own.get("payload"), "target.payload")
    further = [
        inline_payload(one, f"target.payloads[{number}]")
        for number, one in enumerate(own.get("payloads", ()))
    ]
    if ctk_config is not None:
        kit = read_ctk_config(ctk_config)
        url = url or kit.url
        headers = {**kit.headers, **headers}
        promotion = promotion or kit.payload
    patterns = options.pop("select")
    names = selected(patterns) if patterns else None
    check_payload(promotion or DEFAULT, rules)
    seed, no_events = options.pop("seed"), options.pop("no_events")
    settings = validated(
        Settings(
            url="" if url is None else checked_url(url),
            checks=names,
            headers=headers,
            payload=promotion,
            payloads=tuple(one for one in further if one is not None),
            attributes=rules,
            company=company,
            seed=random.SystemRandom().randrange(2**32) if seed is None else seed,
            events=not no_events,
            **options,
        )
    )
    return settings, url


def _check_spec(source: str) -> None:
    """Raise SpecError when the description cannot serve to validate bodies."""
    api = specs.load(source)
    for name in ("Promotion", "Error"):
        api.validator(name)


@contextmanager
def _target(
    url: str | None, settings: Settings, defects: tuple[str, ...], variants: tuple[str, ...]
) -> Iterator[Settings]:
    """Give the settings with the URL of the target, or of the mock that is started for it."""
    import msgspec  # noqa: PLC0415

    if url is not None:
        yield settings
        return
    from mockserver.cli import Registered  # noqa: PLC0415
    from mockserver.defects import DEFECTS  # noqa: PLC0415
    from mockserver.embedded import running_mock  # noqa: PLC0415
    from mockserver.settings import Settings as MockSettings  # noqa: PLC0415
    from mockserver.variants import VARIANTS  # noqa: PLC0415

    defect, variant = Registered("defect", DEFECTS), Registered("variant", VARIANTS)
    mock = MockSettings(
        api_version=settings.api_version,
        seed=settings.seed,
        defects=tuple(defect.convert(name, None, None) for name in defects),
        variants=tuple(variant.convert(name, None, None) for name in variants),
    )
    with running_mock(mock) as root:
        yield msgspec.structs.replace(settings, url=root)
