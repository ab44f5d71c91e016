"""Posters ready for print: heading, law of the day, QR code to the report form, site code."""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import segno
from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from geodata.gridref import format_gridref
from web.services.poster_campaigns import SiteState

SIZES = {"A4": A4, "A3": A3}
_INK = "#0b0c0c"
_BAND = "#0b3d4c"


def as_pdf(
    wording: dict[str, Any],
    sites: Sequence[SiteState],
    *,
    council: str,
    report_url: str,
    size: str = "A4",
    mark: str = "",
) -> bytes:
    """One poster a page, and a last page that lists the sites.

    Parameters
    ----------
    wording
        ``heading`` and ``law``, as a campaign keeps them.
    report_url
        Address of the report form; ``?site=CODE`` is added.
    size
        ``A4`` or ``A3``.
    mark
        Printed on every page, such as that the data are synthetic.
    """
    target, page = BytesIO(), SIZES[size]
    canvas = Canvas(target, pagesize=page, invariant=True, lang="en-GB")
    canvas.setTitle(f"Posters: {council}")
    scale = page[0] / A4[0]
    for site in sites:
        _poster(canvas, page, scale, wording, site, council, f"{report_url}?site={site.code}", mark)
        canvas.showPage()
    _list(canvas, page, sites, mark)
    canvas.save()
    return target.getvalue()


def _poster(
    canvas: Canvas,
    page: tuple[float, float],
    scale: float,
    wording: dict[str, Any],
    site: SiteState,
    council: str,
    address: str,
    mark: str,
) -> None:
    width, height = page
    edge = 18 * mm * scale
    canvas.setFillColor(_BAND)
    canvas.rect(0, height - 34 * mm * scale, width, 34 * mm * scale, stroke=0, fill=1)
    canvas.setFillColor("white")
    canvas.setFont("Helvetica-Bold", 20 * scale)
    canvas.drawString(edge, height - 21 * mm * scale, council)
    top = height - 46 * mm * scale
    room = width - 2 * edge
    top = _text(canvas, wording["heading"], edge, top, room, 40 * scale, is_bold=True)
    top = _text(canvas, wording["law"], edge, top - 8 * mm * scale, room, 17 * scale)
    side = 88 * mm * scale
    _qr(canvas, address, (width - side) / 2, 46 * mm * scale, side)
    canvas.setFont("Helvetica-Bold", 16 * scale)
    canvas.drawCentredString(width / 2, 38 * mm * scale, "Scan to report canisters at this place")
    canvas.setFont("Helvetica", 12 * scale)
    canvas.drawCentredString(width / 2, 30 * mm * scale, address)
    canvas.drawCentredString(width / 2, 20 * mm * scale, f"Site {site.code}")
    canvas.setFont("Helvetica", 9 * scale)
    canvas.drawCentredString(width / 2, 10 * mm * scale, mark)


def _text(
    canvas: Canvas,
    text: str,
    x: float,
    top: float,
    room: float,
    size: float,
    *,
    is_bold: bool = False,
) -> float:
    """Write a paragraph down from a height; the height where it ends."""
    font = "Helvetica-Bold" if is_bold else "Helvetica"
    style = ParagraphStyle("p", fontName=font, fontSize=size, leading=size * 1.2, textColor=_INK)
    paragraph = Paragraph(escape(text), style)
    _, used = paragraph.wrap(room, top)
    paragraph.drawOn(canvas, x, top - used)
    return float(top - used)


def _qr(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """The code with its quiet zone, level M: it is read with a scratch across it."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    cell = side / len(rows)
    canvas.setFillColor(_INK)
    for down, row in enumerate(rows, 1):
        for across, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(x + across * cell, y + side - down * cell, cell, cell, stroke=0, fill=1)


def _list(canvas: Canvas, page: tuple[float, float], sites: Sequence[SiteState], mark: str) -> None:
    """The sites for who puts posters up, as many pages as they need."""
    edge, line = 18 * mm, 7 * mm
    rows = math.floor((page[1] - 3 * edge) / line)
    for first in range(0, max(len(sites), 1), rows):
        canvas.setFillColor(_INK)
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(edge, page[1] - edge, "Where each poster hangs")
        canvas.setFont("Helvetica", 10)
        for down, site in enumerate(sites[first : first + rows], 2):
            place = format_gridref(site.easting, site.northing, digits=4)
            canvas.drawString(
                edge, page[1] - edge - down * line, f"{site.code}   {place}   {site.name}"
            )
        canvas.drawString(edge, 9 * mm, mark)
        canvas.showPage()
