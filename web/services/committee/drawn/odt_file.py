"""The report as OpenDocument text (ODT), which LibreOffice and Word open without loss."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element

from web.services.committee.document import (
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
)
from web.services.committee.drawn.odt_parts import facts, package, put, root
from web.services.committee.drawn.odt_styles import TEXT_MM, styles


def as_odt(report: Document, *, now: datetime) -> bytes:
    """The report; its marking is at the head of every page."""
    made = _Maker(report)
    for block in report.blocks:
        made.add(block)
    parts = {
        "content.xml": made.content,
        "styles.xml": styles(report.marking, report.mark),
        "meta.xml": facts(report.title, report.council, now),
    }
    return package(parts, made.pictures)


class _Maker:
    """The content of one file while it is made; counts its tables and figures."""

    def __init__(self, report: Document) -> None:
        self.content = root("office:document-content")
        self.pictures: dict[str, bytes] = {}
        self._styles = put(self.content, "office:automatic-styles")
        self._text = put(put(self.content, "office:body"), "office:text")
        self._tables, self._figures = count(1), count(1)
        self._drawn: dict[type, Callable[[Any], None]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Note: self._note,
            Bullets: self._bullets,
            Table: self._table,
            Figure: self._figure,
        }
        _lay_out_cells(self._styles)
        _count_what_is_numbered(self._text)
        put(self._text, "text:p", report.title, text_style_name="Title")
        put(
            self._text,
            "text:p",
            f"{report.council}. {report.subtitle}",
            text_style_name="Subtitle",
        )

    def add(self, block: object) -> None:
        self._drawn[type(block)](block)

    def _heading(self, block: Heading) -> None:
        style = f"Heading_{block.level}{'_new' if block.is_on_new_page else ''}"
        put(
            self._text,
            "text:h",
            block.text,
            text_style_name=style,
            text_outline_level=str(block.level),
        )

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = put(self._text, "text:p", text_style_name="Standard")
        if block.lead:
            lead = put(paragraph, "text:span", block.lead, text_style_name="Bold")
            lead.tail = f" {block.text}"
        else:
            paragraph.text = block.text

    def _note(self, block: Note) -> None:
        put(self._text, "text:p", block.text, text_style_name="Note")

    def _bullets(self, block: Bullets) -> None:
        items = put(self._text, "text:list", text_style_name="Bullets")
        for item in block.items:
            put(put(items, "text:list-item"), "text:p", item, text_style_name="Standard")

    def _table(self, block: Table) -> None:
        number = next(self._tables)
        self._caption("Table", number, block.caption, "Caption")
        name = f"Table{number}"
        _lay_out_table(self._styles, name, block)
        table = put(self._text, "table:table", table_name=name, table_style_name=name)
        put(table, "table:desc", block.caption)
        for place in range(len(block.columns)):
            put(table, "table:table-column", table_style_name=f"{name}.{place}")
        head = put(table, "table:table-header-rows")
        _fill(head, block, block.columns, "Head", "Number_head")
        for row in block.rows:
            _fill(table, block, row, "Cell", "Number")
        put(self._text, "text:p", text_style_name="Standard")

    def _figure(self, block: Figure) -> None:
        path = f"Pictures/{block.name}.png"
        self.pictures[path] = block.png
        width, height = block.size
        paragraph = put(self._text, "text:p", text_style_name="Figure")
        frame = put(
            paragraph,
            "draw:frame",
            draw_name=block.name.capitalize(),
            text_anchor_type="as-char",
            svg_width=f"{TEXT_MM:.1f}mm",
            svg_height=f"{TEXT_MM * height / width:.1f}mm",
        )
        put(
            frame,
            "draw:image",
            xlink_href=path,
            xlink_type="simple",
            xlink_show="embed",
            xlink_actuate="onLoad",
        )
        put(frame, "svg:desc", block.alt)
        self._caption("Figure", next(self._figures), block.caption, "Figure_caption")

    def _caption(self, kind: str, number: int, words: str, style: str) -> None:
        """With a field that is counted, so that a list of tables can be made of them."""
        paragraph = put(self._text, "text:p", f"{kind} ", text_style_name=style)
        field = put(
            paragraph,
            "text:sequence",
            str(number),
            text_name=kind,
            text_formula=f"ooow:{kind}+1",
            text_ref_name=f"ref{kind}{number}",
            style_num_format="1",
        )
        field.tail = f": {words}"


def _count_what_is_numbered(text: Element) -> None:
    declared = put(text, "text:sequence-decls")
    for kind in ("Table", "Figure"):
        put(declared, "text:sequence-decl", text_display_outline_level="0", text_name=kind)


def _lay_out_cells(styles_: Element) -> None:
    cell = put(styles_, "style:style", style_name="Cell", style_family="table-cell")
    put(
        cell,
        "style:table-cell-properties",
        fo_padding_top="0.5mm",
        fo_padding_bottom="0.5mm",
        fo_padding_left="1mm",
        fo_padding_right="1mm",
        fo_border_bottom="0.5pt solid #b1b4b6",
    )
    row = put(styles_, "style:style", style_name="Row", style_family="table-row")
    put(row, "style:table-row-properties", fo_keep_together="always")


def _lay_out_table(styles_: Element, name: str, block: Table) -> None:
    style = put(styles_, "style:style", style_name=name, style_family="table")
    put(
        style,
        "style:table-properties",
        style_width=f"{TEXT_MM:.1f}mm",
        table_align="left",
        style_may_break_between_rows="false" if block.is_short else "true",
    )
    for place, share in enumerate(block.widths):
        column = put(
            styles_, "style:style", style_name=f"{name}.{place}", style_family="table-column"
        )
        put(
            column,
            "style:table-column-properties",
            style_column_width=f"{TEXT_MM * share:.1f}mm",
        )


def _fill(parent: Element, block: Table, texts: tuple[str, ...], plain: str, number: str) -> None:
    row = put(parent, "table:table-row", table_style_name="Row")
    for place, text in enumerate(texts):
        cell = put(row, "table:table-cell", table_style_name="Cell", office_value_type="string")
        style = number if place in block.numeric else plain
        put(cell, "text:p", text, text_style_name=style)
