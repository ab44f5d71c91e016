"""The report as PDF, A4."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Image,
    KeepTogether,
    ListFlowable,
    PageBreak,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from web.services.committee.document import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
)
from web.services.paper import a4, typeface
from web.services.paper.typeface import BOLD, PLAIN

WIDTH = 175 * mm
_BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=10, leading=14, spaceAfter=6)
_CELL = ParagraphStyle("cell", _BODY, fontSize=7.5, leading=9.5, spaceAfter=0)
_NUMBER = ParagraphStyle("number", _CELL, alignment=2)
_HEAD = ParagraphStyle("head", _CELL, fontName=BOLD)
_NUMBER_HEAD = ParagraphStyle("number head", _HEAD, alignment=2)
_TITLE = ParagraphStyle("title", _BODY, fontName=BOLD, fontSize=19, leading=24)
_HEADING_1 = ParagraphStyle(
    "heading 1", _BODY, fontName=BOLD, fontSize=14, leading=18, spaceBefore=12, keepWithNext=1
)
_HEADING_2 = ParagraphStyle("heading 2", _HEADING_1, fontSize=11.5, leading=15, spaceBefore=8)
_CAPTION = ParagraphStyle("caption", _BODY, fontName=BOLD, fontSize=9, leading=12, spaceBefore=6)
_NOTE = ParagraphStyle(
    "note",
    _BODY,
    borderColor=colors.HexColor("#505a5f"),
    borderWidth=0.7,
    borderPadding=5,
    spaceBefore=8,
    spaceAfter=12,
    leftIndent=6,
    rightIndent=6,
)
_GRID = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#b1b4b6")),
        ("LINEBELOW", (0, 0), (-1, 0), 1, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def as_pdf(report: Document) -> bytes:
    """The report; its marking is at the head of every page."""
    typeface.prepare()
    story: list[Flowable] = [
        Text(escape(report.title), _TITLE),
        Text(escape(f"{report.council}. {report.subtitle}"), _BODY),
    ]
    for block in report.blocks:
        story += _drawn(block)
    return a4(
        story,
        title=report.title,
        author=report.council,
        foot=report.mark,
        font=PLAIN,
        head=report.marking,
        is_numbered=True,
    )


def _drawn(block: Block) -> list[Flowable]:
    draw: Callable[[Any], list[Flowable]] = _DRAWN[type(block)]
    return draw(block)


def _heading(block: Heading) -> list[Flowable]:
    if block.level == 1:
        start = PageBreak() if block.is_on_new_page else CondPageBreak(45 * mm)
        return [start, Text(escape(block.text), _HEADING_1)]
    return [CondPageBreak(35 * mm), Text(escape(block.text), _HEADING_2)]


def _paragraph(block: Paragraph) -> list[Flowable]:
    lead = f'<font name="{BOLD}">{escape(block.lead)}</font> ' if block.lead else ""
    return [Text(lead + escape(block.text), _BODY)]


def _note(block: Note) -> list[Flowable]:
    return [KeepTogether([Text(escape(block.text), _NOTE)])]


def _bullets(block: Bullets) -> list[Flowable]:
    items = [Text(escape(item), _BODY) for item in block.items]
    return [
        ListFlowable(items, bulletType="bullet", start="•", bulletFontName=PLAIN, leftIndent=14)
    ]


def _table(block: Table) -> list[Flowable]:
    def style(place: int, number: ParagraphStyle, other: ParagraphStyle) -> ParagraphStyle:
        return number if place in block.numeric else other

    rows = [
        [Text(escape(t), style(i, _NUMBER_HEAD, _HEAD)) for i, t in enumerate(block.columns)],
        *(
            [Text(escape(t), style(i, _NUMBER, _CELL)) for i, t in enumerate(row)]
            for row in block.rows
        ),
    ]
    grid = Grid(rows, [share * WIDTH for share in block.widths], style=_GRID, repeatRows=1)
    caption = Text(escape(block.caption), _CAPTION)
    if block.is_short:
        return [KeepTogether([caption, grid]), Spacer(1, 4 * mm)]
    return [CondPageBreak(40 * mm), caption, grid, Spacer(1, 4 * mm)]


def _figure(block: Figure) -> list[Flowable]:
    width, height = block.size
    picture = Image(BytesIO(block.png), WIDTH, WIDTH * height / width)
    picture.keepWithNext = 1
    return [picture, Text(escape(block.caption), _CAPTION)]


_DRAWN: dict[type, Callable[[Any], list[Flowable]]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Note: _note,
    Bullets: _bullets,
    Table: _table,
    Figure: _figure,
}
