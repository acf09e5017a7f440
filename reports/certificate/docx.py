"""The document as DOCX (ECMA-376), with Word's own styles, so that Word and LibreOffice edit it."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from reports.certificate import docx_parts as parts
from reports.certificate.blocks import (
    Bullets,
    Facts,
    Link,
    Notice,
    Paragraph,
    Picture,
    Section,
    Table,
)
from reports.certificate.content import WATERMARK
from reports.wellformed import xml_text

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table as WordTable
    from docx.table import _Cell as Cell
    from docx.text.paragraph import Paragraph as WordParagraph

    from reports.certificate.blocks import Block
    from reports.certificate.content import Document

_MARGIN = Mm(25)
_TEXT_WIDTH = Mm(210 - 2 * 25)
_TALLEST_FIGURE = Mm(150)
_INK = RGBColor(0x1B, 0x1F, 0x24)
_QUIET = RGBColor(0x57, 0x60, 0x6A)
_ACCENT = RGBColor(0x12, 0x3A, 0x6B)
_ALERT = RGBColor(0x9A, 0x1C, 0x12)
_HEAD_FILL, _NOTICE_FILL, _DRAFT_FILL = "EEF2F7", "FFF6DF", "FDEEEC"
_LABEL_WIDTH = Mm(55)
_FONT = "Calibri"
_CHINESE_FONT = "Noto Sans CJK SC"


def render(document: Document) -> bytes:
    """Return the DOCX file."""
    word = docx.Document()
    parts.without_thumbnail(word.part.package)
    _page(word, document)
    _styles(word)
    _properties(word, document)
    word.add_heading(xml_text(document.title), level=0)
    if document.draft is not None:
        _notice(word, document.draft, _DRAFT_FILL)
    _facts(word, Facts("Form", document.head))
    _notice(word, document.notice, _NOTICE_FILL)
    _contents(word, document.sections)
    for section in document.sections:
        heading = word.add_heading(xml_text(section.heading), level=1)
        parts.bookmark(heading, section.anchor, section.number)
        for block in section.blocks:
            _block(word, block)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _page(word: Word, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = _MARGIN
    section.top_margin, section.bottom_margin = Mm(26), Mm(24)
    header, footer = section.header.paragraphs[0], section.footer.paragraphs[0]
    header.add_run(xml_text(document.running_title))
    if document.draft is not None:
        mark = section.header.add_paragraph(style="Header").add_run(WATERMARK)
        mark.bold, mark.font.color.rgb = True, _ALERT
        parts.watermark(header, WATERMARK)
    footer.add_run(f"{xml_text(document.running_notice)}\tPage ")
    parts.field(footer, "PAGE", "1")
    footer.add_run(" of ")
    parts.field(footer, "NUMPAGES", "1")


def _styles(word: Word) -> None:
    for name, size, color, before, after in (
        ("Normal", 10.5, _INK, 0, 6),
        ("Title", 23, _ACCENT, 0, 10),
        ("Heading 1", 15, _ACCENT, 20, 6),
        ("Caption", 9, _QUIET, 4, 8),
        ("Header", 8.5, _QUIET, 0, 0),
        ("Footer", 8.5, _QUIET, 0, 0),
        ("List Bullet", 10.5, _INK, 0, 3),
    ):
        style = _style(word, name)
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), color
        parts.fonts(style.element.get_or_add_rPr(), _FONT, _CHINESE_FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
    for name in ("Header", "Footer"):
        stops = _style(word, name).paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _style(word, "Normal").paragraph_format.line_spacing = 1.15
    _style(word, "Caption").font.bold = False
    parts.without_border(_style(word, "Title").element)


def _style(word: Word, name: str) -> ParagraphStyle:
    style = word.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _properties(word: Word, document: Document) -> None:
    properties = word.core_properties
    properties.title = xml_text(document.title)[:255]
    properties.author = xml_text(document.company)[:255]
    properties.last_modified_by = xml_text(document.company)[:255]
    properties.subject = xml_text(document.subject)[:255]
    properties.keywords = xml_text(", ".join(document.keywords))[:255]
    properties.comments = xml_text(document.running_notice)[:255]
    properties.category = "Conformance"
    properties.content_status = "Final" if document.draft is None else "Draft"
    properties.language = "en-GB"
    moment = dt.datetime.combine(document.date, dt.time())
    properties.created = properties.modified = moment


def _contents(word: Word, sections: tuple[Section, ...]) -> None:
    """Add a table of contents without page numbers, right before any program updates it."""
    first = word.add_paragraph()
    parts.begin_field(first, r'TOC \o "1-1" \n \h \z \u')
    paragraph = first
    for section in sections:
        paragraph = first if section.number == 1 else word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        parts.inner_link(paragraph, xml_text(section.heading), section.anchor)
    parts.end_field(paragraph)


def _block(word: Word, block: Block) -> None:
    match block:
        case Paragraph(text):
            word.add_paragraph(xml_text(text))
        case Bullets(items):
            for item in items:
                word.add_paragraph(xml_text(item), style="List Bullet")
        case Notice():
            _notice(word, block, _NOTICE_FILL)
        case Link(label, text, url):
            paragraph = word.add_paragraph(f"{label}: ")
            parts.outer_link(paragraph, xml_text(text), xml_text(url))
        case Facts():
            _facts(word, block)
        case Table():
            _table(word, block)
        case Picture():
            _picture(word, block)


def _notice(word: Word, notice: Notice, fill: str) -> None:
    table = _grid(word, 1, 1, notice.title)
    cell = table.cell(0, 0)
    parts.shade(cell, fill)
    title = cell.paragraphs[0]
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(3)
    title.add_run(xml_text(notice.title)).bold = True
    cell.add_paragraph(xml_text(notice.text)).paragraph_format.space_after = Pt(3)
    for item in notice.items:
        cell.add_paragraph(xml_text(item), style="List Bullet")
    _gap(word)


def _facts(word: Word, facts: Facts) -> None:
    table = _grid(word, len(facts.rows), 2, facts.name)
    table.autofit = False
    widths = _LABEL_WIDTH, Emu(_TEXT_WIDTH - _LABEL_WIDTH)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(table.rows, facts.rows, strict=True), start=1):
        parts.keep_whole(row)
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            paragraph = _fill(cell, text, bold=text is texts[0])
            paragraph.paragraph_format.keep_with_next = number < len(facts.rows)
        parts.shade(row.cells[0], _HEAD_FILL)
    _gap(word)


def _table(word: Word, block: Table) -> None:
    caption = word.add_paragraph(xml_text(block.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = _grid(word, 1 + len(block.rows), len(block.columns), block.caption)
    parts.repeat_as_head(table.rows[0])
    for row, texts in zip(table.rows, (block.columns, *block.rows), strict=True):
        parts.keep_whole(row)
        head = texts is block.columns
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = _fill(cell, text, bold=head or place == 0)
            if place:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if head or place == 0:
                parts.shade(cell, _HEAD_FILL)
    _gap(word)


def _picture(word: Word, picture: Picture) -> None:
    figure = picture.figure
    width = min(_TEXT_WIDTH, _TALLEST_FIGURE * figure.width // figure.height)
    paragraph = word.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(figure.raster), width=Emu(width))
    parts.describe(shape, xml_text(picture.alternative))
    caption = word.add_paragraph(xml_text(picture.caption), style="Caption")
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _grid(word: Word, rows: int, columns: int, description: str) -> WordTable:
    table: WordTable = word.add_table(rows, columns, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    parts.draw_lines_quietly(table, xml_text(description))
    return table


def _fill(cell: Cell, text: str, *, bold: bool = False) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(xml_text(text)).bold = bold
    return paragraph


def _gap(word: Word) -> None:
    """Keep a box apart from what follows: adjoining tables would become one."""
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(8)
