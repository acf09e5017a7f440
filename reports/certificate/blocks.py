"""What a document consists of, apart from how a format draws it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from reports.certificate.figure import Figure

_CJK = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_ITEM = re.compile(r"^- ", re.MULTILINE)
_LIST = re.compile(r"- .*(?:\n(?:- |[ \t]).*)*")
_WRAPPED_CJK = re.compile(f"(?<={_CJK})[ \t]*\n[ \t]*(?={_CJK})")


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    kind: ClassVar = "paragraph"
    text: str


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    kind: ClassVar = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A box that nobody overlooks."""

    kind: ClassVar = "notice"
    title: str
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A label and the words that lead to `url`, absolute or relative to the document."""

    kind: ClassVar = "link"
    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Facts:
    """Names with their values; `name` says what they have in common."""

    kind: ClassVar = "facts"
    name: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Numbers in rows and columns; the first column names the row."""

    kind: ClassVar = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """The figure with its caption; `alternative` says what it shows to those who cannot see it."""

    kind: ClassVar = "picture"
    figure: Figure
    caption: str
    alternative: str


Block = Paragraph | Bullets | Notice | Link | Facts | Table | Picture


@dataclass(frozen=True)
class Section:
    """A numbered chapter; `anchor` is its name in links."""

    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The section's name in links: letters, digits and a hyphen."""
        return f"section-{self.number}"

    @property
    def heading(self) -> str:
        """Number and title."""
        return f"{self.number}. {self.title}"


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the paragraphs and lists of a text whose lines were wrapped by hand.

    Blank lines part paragraphs. A paragraph that begins with "- " is a list when each further line
    begins an item in the same way or is indented.
    """
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(
        Bullets(tuple(_unwrapped(item) for item in _ITEM.split(part)[1:]))
        if _LIST.fullmatch(part)
        else Paragraph(_unwrapped(part))
        for part in parts
        if part.strip()
    )


def _unwrapped(text: str) -> str:
    """Join lines with a space, but not where both sides are Chinese, Japanese or Korean."""
    return " ".join(_WRAPPED_CJK.sub("", text).split())
