"""Posters ready for print: heading, law of their days, QR code to the report form, site code."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

import segno
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A3, A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from geodata.posters.campaign_wordings import PosterTexts
from web.services.common.wording import date_in_words
from web.services.paper import typeface
from web.services.paper.typeface import BOLD, PLAIN
from web.services.posters.poster_standing import SiteState
from web.services.posters.poster_versions import PosterVersion

SIZES = {"A4": A4, "A3": A3}
_INK = "#0b0c0c"
_BAND = "#0b3d4c"
_EDGE, _BAND_HEIGHT = 16 * mm, 30 * mm
_QR_SIDE, _QR_FOOT = 84 * mm, 52 * mm
_SHRINK = 0.94


@dataclass(frozen=True)
class Print:
    """What is the same on all posters of a print.

    Attributes
    ----------
    report_url
        Address of the report form; ``?site=CODE`` is added.
    size
        ``A4`` or ``A3``.
    mark
        Printed on every page, such as that the data are synthetic.
    """

    council: str
    report_url: str
    size: str = "A4"
    mark: str = ""


def as_pdf(versions: Sequence[PosterVersion], sites: Sequence[SiteState], wanted: Print) -> bytes:
    """One poster a page: every site with every version, the versions of a site together.

    The drawing is A4's; A3 has the same shape and is drawn twice as large in area.
    """
    typeface.prepare()
    target, page = BytesIO(), SIZES[wanted.size]
    canvas = Canvas(target, pagesize=page, invariant=True, lang="en-GB")
    canvas.setTitle(f"Posters: {wanted.council}")
    for site in sites:
        for version in versions:
            canvas.scale(page[0] / A4[0], page[1] / A4[1])
            _poster(canvas, version, site, wanted)
            canvas.showPage()
    canvas.save()
    return target.getvalue()


def _poster(canvas: Canvas, version: PosterVersion, site: SiteState, wanted: Print) -> None:
    width, height = A4
    canvas.setFillColor(_BAND)
    canvas.rect(0, height - _BAND_HEIGHT, width, _BAND_HEIGHT, stroke=0, fill=1)
    canvas.setFillColor("white")
    _centred(canvas, wanted.council, height - 19 * mm, BOLD, 20)
    canvas.setFillColor(_INK)
    _words(canvas, version, height - _BAND_HEIGHT - 9 * mm, _QR_FOOT + _QR_SIDE + 3 * mm)
    address = f"{wanted.report_url}?site={site.code}"
    _qr(canvas, address, (width - _QR_SIDE) / 2, _QR_FOOT, _QR_SIDE)
    _centred(canvas, version.main.call, 45 * mm, BOLD, 16)
    step_mm = min(5.5, 16.5 / max(len(version.others), 1))
    for line, other in enumerate(version.others):
        _centred(canvas, other.call, (38.5 - step_mm * line) * mm, PLAIN, 2 * step_mm)
    _centred(canvas, address, 19 * mm, PLAIN, 11)
    _centred(canvas, f"{site.code}: {site.name}", 13 * mm, PLAIN, 9)
    _centred(canvas, " ".join((_days(version), wanted.mark)).strip(), 8 * mm, PLAIN, 7)


def _days(version: PosterVersion) -> str:
    until = "" if version.last is None else f" to {date_in_words(version.last)}"
    return f"To hang from {date_in_words(version.first)}{until}."


def _centred(canvas: Canvas, text: str, y: float, font: str, size: float) -> None:
    """One line, made smaller where it would be wider than the page."""
    room, paper_font = A4[0] - 2 * _EDGE, font
    font = typeface.font_for(text, paper_font)
    # Letters that are not shaped yet are no narrower than those that are.
    fitting = min(size, size * room / max(canvas.stringWidth(text, font, size), 1))
    if typeface.needs_shaping(text):
        line = _paragraph(text, paper_font, fitting, alignment=TA_CENTER)
        _, height = line.wrap(A4[0], fitting * 2)
        line.drawOn(canvas, 0, y + fitting - height)
        return
    canvas.setFont(font, fitting)
    canvas.drawCentredString(A4[0] / 2, y, text)


def _words(canvas: Canvas, version: PosterVersion, top: float, foot: float) -> None:
    """The words down from a height, as large as they fit above another."""
    room, factor = A4[0] - 2 * _EDGE, 1.0
    while True:
        paragraphs = _paragraphs(version, factor)
        heights = [p.wrap(room, top)[1] + p.getSpaceBefore() for p in paragraphs]
        if sum(heights) <= top - foot or factor < 0.2:
            break
        factor *= _SHRINK
    for paragraph, height in zip(paragraphs, heights, strict=True):
        top -= height
        paragraph.drawOn(canvas, _EDGE, top)


def _paragraphs(version: PosterVersion, factor: float) -> list[Paragraph]:
    main = version.main
    paragraphs = [
        _paragraph(main.heading, BOLD, 38 * factor),
        _paragraph(main.law, PLAIN, 16 * factor),
    ]
    if main.extra:
        paragraphs.append(_paragraph(main.extra, BOLD, 16 * factor))
    for other in version.others:
        paragraphs += _in_other_language(other, factor)
    return paragraphs


def _in_other_language(texts: PosterTexts, factor: float) -> list[Paragraph]:
    small = " ".join(text for text in (texts.law, texts.extra) if text)
    return [_paragraph(texts.heading, BOLD, 14 * factor), _paragraph(small, PLAIN, 11 * factor)]


def _paragraph(text: str, font: str, size: float, *, alignment: int = TA_LEFT) -> Paragraph:
    # Signs of vowels stand below the line too.
    is_shaped = typeface.needs_shaping(text)
    style = ParagraphStyle(
        "p",
        fontName=typeface.font_for(text, font),
        fontSize=size,
        leading=size * (1.35 if is_shaped else 1.2),
        textColor=_INK,
        spaceBefore=size * (0.2 if font == PLAIN else 0.5),
        alignment=alignment,
        shaping=is_shaped,
    )
    return Paragraph(escape(text), style)


def _qr(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """The code with its quiet zone, level M: it is read with a scratch across it."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=4))
    cell = side / len(rows)
    canvas.setFillColor(_INK)
    for down, row in enumerate(rows, 1):
        for across, is_dark in enumerate(row):
            if is_dark:
                canvas.rect(x + across * cell, y + side - down * cell, cell, cell, stroke=0, fill=1)
