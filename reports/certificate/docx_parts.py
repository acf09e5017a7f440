"""Parts of WordprocessingML (ECMA-376 Part 1 §17) for which python-docx has no words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

if TYPE_CHECKING:
    from docx.opc.package import OpcPackage
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.shape import InlineShape
    from docx.table import Table, _Cell, _Row
    from docx.text.paragraph import Paragraph

_LINE_COLOR = "C9D0D8"
_LINK_COLOR = "0B57A4"
_CELL_MARGIN = "100"  # twentieths of a point
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'


def field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add a field such as PAGE; `shown` stands there until a program counts (§17.16)."""
    begin_field(paragraph, instruction)
    paragraph.add_run(shown)
    end_field(paragraph)


def begin_field(paragraph: Paragraph, instruction: str) -> None:
    """Open a complex field whose result follows (§17.16.18)."""
    _field_character(paragraph, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    paragraph.add_run()._r.append(text)  # noqa: SLF001
    _field_character(paragraph, "separate")


def end_field(paragraph: Paragraph) -> None:
    """Close the field that begin_field opened."""
    _field_character(paragraph, "end")


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Put a bookmark around the paragraph's text (§17.13.6)."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph.runs[0]._r.addprevious(start)  # noqa: SLF001
    paragraph.runs[-1]._r.addnext(end)  # noqa: SLF001


def inner_link(paragraph: Paragraph, text: str, anchor: str) -> None:
    """Add a link to a bookmark (§17.16.22)."""
    _link(paragraph, text, "w:anchor", anchor)


def outer_link(paragraph: Paragraph, text: str, url: str) -> None:
    """Add a link to a URL, absolute or relative to the document."""
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    _link(paragraph, text, "r:id", relation)


def watermark(paragraph: Paragraph, text: str) -> None:
    """Anchor slanting grey words behind the text of each page; the paragraph is the header's.

    It is the VML shape that Word's own watermarks are (ECMA-376 Part 4 §19.1).
    """
    style = (
        "position:absolute;margin-left:0;margin-top:0;width:480pt;height:56pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        "mso-position-vertical-relative:margin"
    )
    picture = parse_xml(
        f"<w:pict {nsdecls('w')} {_VML}>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>'
        "</v:shapetype>"
        f'<v:shape id="PowerPlusWaterMarkObject1" type="#_x0000_t136" style="{style}"'
        ' o:allowincell="f" fillcolor="#c9d0d8" stroked="f"><v:fill opacity=".5"/>'
        f"<v:textpath style=\"font-family:'Calibri';font-size:1pt\" string={quoteattr(text)}/>"
        "</v:shape></w:pict>"
    )
    paragraph.add_run()._r.append(picture)  # noqa: SLF001


def describe(shape: InlineShape, text: str) -> None:
    """Give a picture its alternative text (ECMA-376 Part 1 §20.4.2.5), and no room around it.

    Without the distances, programs differ in what they take.
    """
    inline = shape._inline  # noqa: SLF001
    inline.docPr.set("descr", text)
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")


def without_thumbnail(package: OpcPackage) -> None:
    """Take away the preview of the default template, which shows another document."""
    for name, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[name]


def shade(cell: _Cell, fill: str) -> None:
    """Colour a cell's ground; `fill` is RRGGBB (§17.4.32)."""
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001


def keep_whole(row: _Row) -> None:
    """Let no page end within the row (§17.4.6)."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001


def repeat_as_head(row: _Row) -> None:
    """Repeat the row on each page that the table reaches (§17.4.78)."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def draw_lines_quietly(table: Table, description: str) -> None:
    """Give a table thin grey lines, room in its cells, and a description for screen readers."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE_COLOR}"/>' for side in sides
    )
    margins = "".join(
        f'<w:{side} w:w="{_CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right")
    )
    properties = table._tbl.tblPr  # noqa: SLF001
    look = properties.find(qn("w:tblLook"))
    for xml in (
        f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>",
        f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>",
    ):
        look.addprevious(parse_xml(xml))
    look.addnext(parse_xml(f"<w:tblDescription {nsdecls('w')} w:val={quoteattr(description)}/>"))


def fonts(properties: BaseOxmlElement, western: str, chinese: str) -> None:
    """Name the typefaces of a style's run properties, themes set aside (§17.3.2.26)."""
    element = properties.find(qn("w:rFonts"))
    if element is None:
        element = OxmlElement("w:rFonts")
        properties.insert(0, element)
    element.attrib.clear()
    for script, name in (
        ("ascii", western),
        ("hAnsi", western),
        ("cs", western),
        ("eastAsia", chinese),
    ):
        element.set(qn(f"w:{script}"), name)


def without_border(style: BaseOxmlElement) -> None:
    """Take away the line that the default template draws below a title."""
    for border in style.iter(qn("w:pBdr")):
        border.getparent().remove(border)


def _link(paragraph: Paragraph, text: str, attribute: str, value: str) -> None:
    run = paragraph.add_run(text)
    run.underline = True
    link = OxmlElement("w:hyperlink")
    link.set(qn(attribute), value)
    run._r.addprevious(link)  # noqa: SLF001
    link.append(run._r)  # noqa: SLF001
    color = OxmlElement("w:color")
    color.set(qn("w:val"), _LINK_COLOR)
    run._r.get_or_add_rPr().append(color)  # noqa: SLF001


def _field_character(paragraph: Paragraph, kind: str) -> None:
    character = OxmlElement("w:fldChar")
    character.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(character)  # noqa: SLF001
