"""The documents that are made from a run, by the name of their format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reports import har, html, junit, markdown, storage, table
from reports.language import Language
from reports.results import Results

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s.]+')
_LONGEST_COMPANY = 160  # bytes, of the 255 that a file name has on most systems


@dataclass(frozen=True)
class Edition:
    """What a run is rendered for: whose report, in which language, from which results.json."""

    company: str | None = None
    lang: Language = "en"
    results_sha256: str | None = None


@dataclass(frozen=True)
class Format:
    """A kind of document: its file's name, the pattern of all such names, and how it is made."""

    file_name: Callable[[Results, Edition], str]
    file_pattern: str
    render: Callable[[Results, Edition], str]


def report_name(api_version: str, company: str | None) -> str:
    """Return the HTML report's file name, in the pattern of the certification's own reports.

    >>> report_name("4.1.0", "China Telecom")
    'China-Telecom-TMF671-v4.1.0-HTMLReport.html'
    """
    words = _UNSAFE.sub("-", company or "").strip("-")
    safe = words.encode("utf-8", "ignore")[:_LONGEST_COMPANY].decode("utf-8", "ignore").strip("-")
    prefix = f"{safe}-" if safe else ""
    return f"{prefix}TMF671-v{api_version}-HTMLReport.html"


def _named(name: str, render: Callable[[Results, Edition], str]) -> Format:
    return Format(lambda _results, _edition: name, name, render)


def _html_name(results: Results, edition: Edition) -> str:
    return report_name(results.target.api_version, edition.company)


def _html(results: Results, edition: Edition) -> str:
    return html.render(results, edition.company, edition.lang, edition.results_sha256)


def _markdown(results: Results, edition: Edition) -> str:
    return markdown.render(results, edition.company, _html_name(results, edition))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "html": Format(_html_name, "*-HTMLReport.html", _html),
        "junit": _named("junit.xml", lambda results, _: junit.render(results)),
        "markdown": _named("summary.md", _markdown),
        "csv": _named("checks.csv", lambda results, _: table.render(results)),
        "har": _named("exchanges.har", lambda results, _: har.render(results)),
        "json": _named(storage.FILE_NAME, lambda results, _: storage.encode(results).decode()),
    }
)
DEFAULT_FORMATS = ("html", "junit")
