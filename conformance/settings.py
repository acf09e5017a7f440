"""What a run is asked to do: one frozen record, whoever asks (command line, pytest, Python)."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from pathlib import PurePath
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from conformance.connection import Connection
from conformance.masking import MASK, is_secret, secrets_of, without_password
from conformance.reception import Reception
from reports.results import Level

LONGEST_WAIT = 600
_PREFIX = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 _.:-]{0,38}[A-Za-z0-9_.:-])?")
"""Characters that mean nothing else in a query, an expression or a log."""


class UsageError(Exception):
    """The run cannot begin as asked: one line with the cause and the way out. Nothing was sent."""


class AttributeRule(
    msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True
):
    """A way of the target's own with one attribute (see conformance.adaptation).

    `values` is a closed list, of which the first is used.
    """

    server_set: bool = False
    given_by_client: bool = False
    mandatory: bool = False
    immutable: bool = False
    values: tuple[Any, ...] | None = None


class Deviation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that the target is known to break, until a day (see conformance.deviations)."""

    check: str
    reason: str
    until: dt.date


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a run; times are in seconds.

    `checks` are the ids to run (None: all). `payload` is the promotion that creates are derived
    from, `payloads` are further ones that must be accepted, `attributes` are the target's own
    ways, `deviations` the failures declared beforehand; `profile` levels the inferred rules. `spec`
    is the description that bodies are validated against, `target_spec` the target's own, a file or
    a URL. `events` is whether event checks run; `fuzz` is the number of generated examples an
    operation (None: 10 on a loopback target, 0 elsewhere). `name_prefix` begins the name of
    everything created, `run` is the id of the run, given when it begins; `ledger` is the file that
    tells what was created, None for none.
    """

    url: str
    api_version: str = "4.1.0"
    level: Level = "should"
    strict: bool = False
    read_only: bool = False
    checks: tuple[str, ...] | None = None
    headers: dict[str, str] = {}
    payload: dict[str, Any] | None = None
    payloads: tuple[dict[str, Any], ...] = ()
    attributes: dict[str, AttributeRule] = {}
    deviations: tuple[Deviation, ...] = ()
    profile: Literal["default", "strict", "lenient"] = "default"
    spec: str | None = None
    target_spec: str | None = None
    seed: int = 0
    events: bool = True
    callback_url: str | None = None
    reception: Reception = Reception()
    event_timeout: float = 5.0
    timeout: float = 10.0
    connection: Connection = Connection()
    fuzz: int | None = None
    parallel: int = 1
    company: str | None = None
    product: str | None = None
    name_prefix: str = "tmf671-check"
    run: str = ""
    ledger: str | None = None

    @property
    def mark(self) -> str:
        """What the name of everything created begins with: no other run has it."""
        return f"{self.name_prefix}-{self.run}"

    @property
    def examples(self) -> int:
        """How many generated examples an operation gets."""
        if self.fuzz is not None:
            return self.fuzz
        return 10 if is_loopback(self.url) and not self.read_only else 0

    def secrets(self) -> frozenset[str]:
        """Return the values among the options that must not be shown."""
        urls = (self.url, self.callback_url, self.spec, self.target_spec)
        found = secrets_of(self.headers) | self.connection.secrets()
        return found.union(*(secrets_of({}, url) for url in urls))

    def recorded(self) -> dict[str, Any]:
        """Return the options as they stand in results.json: no credential's value."""
        options: dict[str, Any] = msgspec.to_builtins(self)
        options["headers"] = {
            name: MASK if is_secret(name) else value for name, value in self.headers.items()
        }
        for name in ("url", "callback_url", "spec", "target_spec"):
            given = options[name]
            options[name] = None if given is None else without_password(given)
        options["reception"] = self.reception.recorded()
        options["connection"] = self.connection.recorded()
        options["fuzz"] = self.examples
        options["ledger"] = None if self.ledger is None else PurePath(self.ledger).name
        del options["run"]
        return options


def checked_url(url: str) -> str:
    """Return the API root without a final slash (both forms are the same root).

    Raises UsageError when it is not an absolute http or https URL.
    """
    parts = urlsplit(url)
    if not _is_absolute(url):
        raise UsageError(
            f"{url!r} is not an API root: give an absolute http:// or https:// URL, "
            "such as http://127.0.0.1:8671/tmf-api/promotionManagement/v4"
        )
    try:
        parts.port  # noqa: B018  (the property validates)
    except ValueError:
        raise UsageError(f"{url!r} has no valid port: it must be between 0 and 65535") from None
    if parts.query or parts.fragment:
        raise UsageError(f"{url!r} is not an API root: leave out the query and the fragment")
    root = url.rstrip("/")
    return root.removesuffix("/promotion")


def validated(settings: Settings) -> Settings:
    """Return the settings when they can be used. Raises UsageError naming the one that cannot."""
    for name in ("timeout", "event_timeout"):
        if not 0 <= getattr(settings, name) <= LONGEST_WAIT:
            raise UsageError(f"{name} must be a number of seconds between 0 and {LONGEST_WAIT}")
    if settings.parallel < 1:
        raise UsageError("parallel must be at least 1")
    connection = settings.connection
    if settings.parallel > 1 and (connection.max_requests or connection.max_creates):
        raise UsageError(
            "--max-requests and --max-creates are counted by one worker: no --parallel"
        )
    if settings.callback_url is not None and not _is_absolute(settings.callback_url):
        raise UsageError(
            f"{settings.callback_url!r} cannot be called back: "
            "give an absolute http:// or https:// URL"
        )
    if not _PREFIX.fullmatch(settings.name_prefix):
        raise UsageError(
            "name_prefix must be 1 to 40 of A-Z, a-z, 0-9, blank and _.:- and begin with "
            "a letter or digit: it stands in names and in filters by name"
        )
    for promotion in (settings.payload, *settings.payloads):
        if promotion is not None and not str(promotion.get("name") or "").strip():
            raise UsageError('a payload needs a "name", the one mandatory attribute')
    return settings


def _is_absolute(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_loopback(url: str) -> bool:
    """Tell whether the URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
