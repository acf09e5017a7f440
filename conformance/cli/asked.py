"""From the options of `tmf671 check` to the settings of a run."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import click

import specs
from conformance.adaptation import check_payload, read_rules
from conformance.catalogue import selected
from conformance.cli.configuration import DEVIATIONS, TARGET
from conformance.cli.options.connection import connection_of
from conformance.deviations import read_deviations
from conformance.options import parse_headers
from conformance.payload import DEFAULT, inline_payload, read_ctk_config, read_payload
from conformance.reception import Reception
from conformance.secrets import resolved
from conformance.settings import Settings, UsageError, checked_url, validated


def settings_of(
    url: str | None, ctk_config: Path | None, options: dict[str, Any]
) -> tuple[Settings, str | None]:
    """Return the settings, and the URL of the target, None for the embedded mock.

    Raises UsageError, or SpecError for a description that cannot be used.
    """
    given = parse_headers(options.pop("header"))
    headers = {name: resolved(value) for name, value in given.items()}
    payload = options.pop("payload")
    promotion = None if payload is None else read_payload(payload)
    meta = click.get_current_context().meta
    own = meta.get(TARGET, {})
    where, declared = meta.get(DEVIATIONS, ("[[deviation]]", []))
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
            deviations=read_deviations(declared, where),
            seed=random.SystemRandom().randrange(2**32) if seed is None else seed,
            events=not no_events,
            connection=connection_of(options),
            reception=_reception(options),
            **options,
        )
    )
    if settings.spec is not None:
        _check_spec(settings.spec)
    if settings.target_spec and "://" not in settings.target_spec:
        specs.load(settings.target_spec)
    return settings, url


def _reception(options: dict[str, Any]) -> Reception:
    given = {
        name: options.pop(f"listener_{option}")
        for name, option in (
            ("host", "host"),
            ("port", "port"),
            ("certificate", "cert"),
            ("key", "key"),
        )
    }
    if given["key"] is not None and given["certificate"] is None:
        raise UsageError("--listener-key is the key of --listener-cert: give that too")
    for name in ("certificate", "key"):
        given[name] = None if given[name] is None else str(given[name])
    return Reception(**given)


def _check_spec(source: str) -> None:
    """Raise SpecError when the description cannot serve to validate bodies."""
    api = specs.load(source)
    for name in ("Promotion", "Error"):
        api.validator(name)
