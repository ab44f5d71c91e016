"""The report as DOCX: headings, captions, alt text and table heads as Word checks them."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from web.services.committee.document import (
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
)
from web.services.committee.drawn.word_template import edges, empty, text_width_mm

FONT = "Arial"
LANGUAGE = "en-GB"
BLACK = RGBColor(0, 0, 0)


def as_docx(report: Document, *, now: datetime, template: bytes | None = None) -> bytes:
    """The report; its marking is in the header of every page.

    ``template`` is a Word file that `checked_template` has passed: its styles, page and edges are
    taken, and its text is not. None: A4 in black Arial.
    """
    made = _Maker(report, now, template)
    for block in report.blocks:
        made.add(block)
    return made.content()


class _Maker:
    """One file while it is made; counts its tables and figures."""

    def __init__(self, report: Document, now: datetime, template: bytes | None) -> None:
        self._word: WordDocument = docx.Document(BytesIO(template) if template else None)
        self._tables, self._figures = count(1), count(1)
        self._drawn: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Note: self._note,
            Bullets: self._bullets,
            Table: self._table,
            Figure: self._figure,
        }
        _say_what_it_is(self._word, report, now)
        empty(self._word)
        if not template:
            _lay_out(self._word)
        self._text_mm = text_width_mm(self._word)
        _write_edges(self._word, report)
        self._word.add_heading(report.title, 0)
        self._word.add_paragraph(f"{report.council}. {report.subtitle}", "Subtitle")

    def add(self, block: object) -> None:
        self._drawn[type(block)](block)

    def content(self) -> bytes:
        held = BytesIO()
        self._word.save(held)
        return held.getvalue()

    def _heading(self, block: Heading) -> None:
        heading = self._word.add_heading(block.text, block.level)
        heading.paragraph_format.page_break_before = block.is_on_new_page

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self._word.add_paragraph()
        if block.lead:
            paragraph.add_run(f"{block.lead} ").bold = True
        paragraph.add_run(block.text)

    def _note(self, block: Note) -> None:
        self._word.add_paragraph(block.text, "Intense Quote")

    def _bullets(self, block: Bullets) -> None:
        for item in block.items:
            self._word.add_paragraph(item, "List Bullet")

    def _table(self, block: Table) -> None:
        self._caption("Table", next(self._tables), block.caption).keep_with_next = True
        table = self._word.add_table(1, len(block.columns), "Table Grid")
        table.autofit = False
        # LibreOffice takes the widths of the grid, and Word those of the cells.
        for column, share in zip(table.columns, block.widths, strict=True):
            column.width = Mm(self._text_mm * share)
        _repeat_head(table)
        wide = self._text_mm
        _fill(table.rows[0].cells, block, block.columns, wide, is_bold=True)
        for row in block.rows:
            _fill(table.add_row().cells, block, row, wide)
        for row in table.rows:
            _keep_whole(row)
        if block.is_short:
            _keep_together(table)
        _describe(table, block.caption)
        self._word.add_paragraph().paragraph_format.line_spacing = Pt(8)

    def _figure(self, block: Figure) -> None:
        picture = self._word.add_picture(BytesIO(block.png), width=Mm(self._text_mm - 5))
        facts = picture._inline.docPr
        facts.set("descr", block.alt)
        facts.set("name", block.name.capitalize())
        self._word.paragraphs[-1].paragraph_format.keep_with_next = True
        self._caption("Figure", next(self._figures), block.caption)

    def _caption(self, kind: str, number: int, text: str) -> Any:
        """With a field that Word counts, so that a list of tables can be made of them."""
        paragraph = self._word.add_paragraph(f"{kind} ", "Caption")
        _add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(f": {text}")
        return paragraph.paragraph_format


def _say_what_it_is(word: WordDocument, report: Document, now: datetime) -> None:
    """Nothing of who made it, on which machine, or from which template."""
    facts = word.core_properties
    facts._element[:] = []  # identifiers, versions and when it was printed too
    facts.title, facts.author, facts.language = report.title, report.council, LANGUAGE
    facts.created = facts.modified = now.replace(tzinfo=None)
    facts.revision = 1


def _lay_out(word: WordDocument) -> None:
    """A4, with the styles in black Arial and in British English."""
    page = word.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin, page.bottom_margin = Mm(20), Mm(18)
    for name in (
        "Normal",
        "Title",
        "Subtitle",
        "Heading 1",
        "Heading 2",
        "Caption",
        "Intense Quote",
    ):
        font = word.styles[name].font
        font.name, font.color.rgb = FONT, BLACK
        fonts = word.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    word.styles["Normal"].font.size = Pt(11)
    word.styles["Caption"].font.size = Pt(10)
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _write_edges(word: WordDocument, report: Document) -> None:
    """Marking and page number, below what a template has there, on pages of every kind."""
    for header, footer in edges(word):
        if report.marking:
            head = _line(header)
            head.text, head.alignment = report.marking, WD_ALIGN_PARAGRAPH.CENTER
            head.runs[0].bold = True
        foot = _line(footer)
        foot.text = f"{report.mark} Page ".lstrip()
        _add_field(foot, "PAGE", "1")


def _line(edge: Any) -> WordParagraph:
    """An empty paragraph: the one that a new edge has, or one more."""
    lines: list[WordParagraph] = edge.paragraphs
    if lines and not lines[-1].text and lines[-1]._p.find(qn("w:r")) is None:
        return lines[-1]
    added: WordParagraph = edge.add_paragraph()
    return added


def _add_field(paragraph: WordParagraph, code: str, shown: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run(shown)
    paragraph._p.remove(run._r)
    field.append(run._r)
    paragraph._p.append(field)


def _fill(
    cells: Any, block: Table, texts: tuple[str, ...], wide_mm: float, *, is_bold: bool = False
) -> None:
    for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        cell.width = Mm(wide_mm * block.widths[place])
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold, run.font.size = is_bold, Pt(8.5)
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.keep_with_next = is_bold
        if place in block.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat_head(table: WordTable) -> None:
    """The first row again on each page, and told as the head to those who hear the table."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def _keep_whole(row: Any) -> None:
    """Not broken across two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _keep_together(table: WordTable) -> None:
    """All rows on one page: each but the last with the one after it."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _describe(table: WordTable, caption: str) -> None:
    element = OxmlElement("w:tblCaption")
    element.set(qn("w:val"), caption)
    table._tbl.tblPr.append(element)
