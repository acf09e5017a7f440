"""The HTML report: one self-contained document that opens from the disk and asks nobody."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from reports import adaptations, causes, differences, excerpts, language, latency, overview
from reports.results import OUTCOMES
from reports.wellformed import visible_text

if TYPE_CHECKING:
    from reports.language import Language, Texts
    from reports.results import Outcome, Results

JUDGED: tuple[Outcome, ...] = ("passed", "failed", "warned", "known-deviation")
MENDABLE: tuple[Outcome, ...] = ("failed", "warned", "known-deviation", "error")
_STYLES = (
    "base.css",
    "overview.css",
    "checks.css",
    "appendix.css",
    "narrow.css",
    "print.css",
)
_SCRIPTS = (
    "elements.js",
    "filters.js",
    "json_layout.js",
    "wire.js",
    "printing.js",
    "opening.js",
)


def render(
    results: Results,
    company: str | None = None,
    lang: Language = "en",
    results_sha256: str | None = None,
) -> str:
    """Return the report as one HTML document without any reference to another file.

    `company` and the option `product` of the run name whose implementation it was; `lang` is the
    language of the interface, while the checks' own texts stay English. `results_sha256` is the
    digest of the results.json that the report belongs to, in hex. A content security policy lets
    only the document's own script and style run, whatever a target sent. Raises ValueError when
    there is no catalogue of `lang`.
    """
    texts = language.texts(lang)
    style = "\n".join(map(_asset, _STYLES))
    script = f"(() => {{\n{''.join(map(_asset, _SCRIPTS))}}})();\n"
    page = _environment(lang).get_template("report.html.j2")
    text = page.render(
        results=results,
        results_sha256=results_sha256,
        company=company or _named(results, "company"),
        product=_named(results, "product"),
        reason=_reason(results, texts),
        requirements={requirement.id: requirement for requirement in results.requirements},
        titles={check.id: check.title for check in results.checks},
        levels=overview.levels(results),
        sections=overview.sections(results),
        causes=causes.causes(results),
        unjudged=causes.unjudged(results),
        deviations=[check for check in results.checks if check.outcome == "known-deviation"],
        adaptations=adaptations.adaptations(results, texts),
        declared={one.check: one for one in results.deviations},
        overdue=[one for one in results.deviations if one.state in {"expired", "stale"}],
        operations=latency.operations(results),
        other_exchanges=_outside_of_checks(results),
        texts=_embedded(texts.table("script")),
        log=_embedded(excerpts.exchanges(results)),
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        style_digest=_digest(style),
        script_digest=_digest(script),
    )
    return visible_text(text)


@functools.cache
def _environment(lang: Language) -> Environment:
    texts = language.texts(lang)
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": overview.duration_text,
        "milliseconds": overview.latency_text,
        "sentence": _sentence,
        "prose": _prose,
        "json": _pretty,
    }
    environment.globals |= {
        "t": texts,
        "original": texts.original,
        "section_name": functools.partial(_section_name, texts),
        "OUTCOMES": OUTCOMES,
        "JUDGED": JUDGED,
        "MENDABLE": MENDABLE,
        "bar": overview.bar,
        "compare": differences.compare,
        "run_milliseconds": overview.run_milliseconds,
    }
    return environment


def _asset(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text("utf-8")


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _embedded(value: Any) -> Markup:
    """Return a JSON value for a script element, with nothing in it that could end the element."""
    return Markup(htmlsafe_json_dumps(value, dumps=_compact))  # noqa: S704


def _named(results: Results, option: str) -> str | None:
    value = results.options.get(option)
    return value if isinstance(value, str) and value else None


def _reason(results: Results, texts: Texts) -> Markup:
    """Return the reason of the verdict, in the page's language when it is a standing phrase."""
    said = results.verdict_reason.removesuffix(".")
    known = None if texts.tag == "en" else texts.reason(said)
    if known is None:
        return texts.quoted(said, "reason")
    return Markup('<span class="reason">{}</span>').format(known)


def _section_name(texts: Texts, name: str) -> str:
    key = f"section.{name}"
    return texts(key) if key in texts else _sentence(name)


def _outside_of_checks(results: Results) -> tuple[int, ...]:
    in_checks = {number for check in results.checks for number in check.exchanges}
    return tuple(e.n for e in results.exchanges if e.n not in in_checks)


def _sentence(text: str) -> str:
    """Return `text` with a capital at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def _prose(text: str) -> Markup:
    """Return `text` with what stands between two backticks as code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    made = (
        Markup("<code>{}</code>").format(piece) if i % 2 else escape(piece)
        for i, piece in enumerate(pieces)
    )
    return Markup().join(made)


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _compact(value: Any, **_options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
