"""The texts of the report's interface in each language, from message catalogues.

A catalogue is a TOML file of tables. An entry is a text with {named} places, or, where a number n
decides the form, a table of the forms `one` and `other`. `section.create` names the entry `create`
of the table `section`. The checks' own texts are not in it: they stay as the suite wrote them.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Texts:
    """The catalogue of one language; `tag` is its BCP 47 tag for the `lang` attribute."""

    tag: str
    entries: Mapping[str, str | Mapping[str, str]]

    def __call__(self, key: str, **values: Any) -> Markup:
        """Return the text of `key` for HTML, each value in its place, escaped unless Markup.

        `n`, where given, chooses the form. Raises KeyError when there is no such entry or value.
        """
        entry = self.entries[key]
        if not isinstance(entry, str):
            entry = entry.get("one", entry["other"]) if values["n"] == 1 else entry["other"]
        return escape(entry).format_map({name: escape(value) for name, value in values.items()})

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def table(self, name: str) -> dict[str, str | Mapping[str, str]]:
        """Return the entries of one table by their names in it."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): entry
            for key, entry in self.entries.items()
            if key.startswith(prefix)
        }

    def reason(self, text: str) -> Markup | None:
        """Return the reason of a verdict in this language, None for one that is not in its list."""
        for key, pattern in _reasons():
            if found := pattern.fullmatch(text.rstrip(".")):
                return self(key, **{name: int(value) for name, value in found.groupdict().items()})
        return None

    @property
    def original(self) -> Markup:
        """The attribute that marks a text of the suite, which is English, in another language."""
        return Markup() if self.tag == "en" else Markup(' lang="en"')

    def quoted(self, text: str, css_class: str = "") -> Markup:
        """Return a text of the suite, marked as English in a page of another language."""
        named = Markup(' class="{}"').format(css_class) if css_class else Markup()
        return Markup("<span{}{}>{}</span>").format(named, self.original, text)

    def date(self, instant: str) -> Markup:
        """Return an RFC 3339 instant for people, e.g. "24 November 2026, 21:31:05 UTC"."""
        moment = datetime.fromisoformat(instant)
        return self(
            "date.long",
            year=moment.year,
            month=self(f"date.month-{moment.month}"),
            day=moment.day,
            time=f"{moment:%H:%M:%S}",
        )


@functools.cache
def texts(language: Language) -> Texts:
    """Return the catalogue of `language`; raises ValueError when there is none."""
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue of {language!r}: there are {', '.join(LANGUAGES)}")
    source = resources.files("reports").joinpath("catalogues", f"{language}.toml")
    tables = tomllib.loads(source.read_text("utf-8"))
    tag = tables.pop("tag")
    entries = {f"{table}.{name}": text for table in tables for name, text in tables[table].items()}
    return Texts(tag, entries)


@functools.cache
def _reasons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the reasons that a verdict has, as patterns of their English texts."""
    patterns = []
    for name, entry in texts("en").table("reason").items():
        for form in (entry,) if isinstance(entry, str) else entry.values():
            pieces = _PLACE.split(form)
            pieces[::2] = map(re.escape, pieces[::2])
            pieces[1::2] = (f"(?P<{place}>[0-9]+)" for place in pieces[1::2])
            patterns.append((f"reason.{name}", re.compile("".join(pieces))))
    return tuple(patterns)
