"""The map of the hotspots on one sheet of A3, with its key beside it: to hang up."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from web.services.paper import typeface
from web.services.paper.typeface import BOLD, PLAIN

SHEET = landscape(A3)
MARGIN = 12 * mm
MAP = (300 * mm, 255 * mm)
"""Width and height of the drawing; the key has what is left of the width."""
LINE = 13
LONGEST = 40


def a3_map(
    drawing: Drawing,
    names: Sequence[str],
    *,
    title: str,
    subtitle: str,
    council: str,
    head: str,
    foot: str,
) -> bytes:
    """A PDF of one page; ``names`` are of the numbers on the map, from 1 on."""
    typeface.prepare()
    target = BytesIO()
    canvas = Canvas(target, pagesize=SHEET, invariant=True, lang="en-GB")
    canvas.setTitle(title)
    canvas.setAuthor(council)
    top = SHEET[1] - MARGIN
    canvas.setFont(BOLD, 16)
    canvas.drawString(MARGIN, top - 14, title)
    canvas.setFont(PLAIN, 9)
    canvas.drawRightString(SHEET[0] - MARGIN, top - 14, subtitle)
    canvas.drawCentredString(SHEET[0] / 2, SHEET[1] - 6 * mm, head)
    canvas.drawString(MARGIN, 6 * mm, foot)
    renderPDF.draw(drawing, canvas, MARGIN, MARGIN)
    _write_key(canvas, names, top - 40)
    canvas.save()
    return target.getvalue()


def _write_key(canvas: Canvas, names: Sequence[str], y: float) -> None:
    x = 2 * MARGIN + MAP[0]
    canvas.setFont(BOLD, 11)
    canvas.drawString(x, y, "Hotspots, the strongest evidence first")
    canvas.setFont(PLAIN, 9)
    for number, name in enumerate(names, 1):
        label = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        canvas.drawString(x, y - LINE * (number + 0.5), f"{number}  {label}")
    if not names:
        canvas.drawString(x, y - LINE * 1.5, "No hotspot was flagged.")
