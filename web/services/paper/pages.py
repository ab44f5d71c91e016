"""Sheets of A4 with a line at the foot of every page."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate


def a4(story: list[Flowable], *, title: str, author: str, foot: str, font: str) -> bytes:
    """A story as PDF; the same story gives the same file."""
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=15 * mm,
        rightMargin=15 * mm,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=title,
        author=author,
        lang="en-GB",
        invariant=True,
    )

    def write_foot(canvas: Any, _: object) -> None:
        canvas.setFont(font, 8)
        canvas.drawString(15 * mm, 9 * mm, foot)

    document.build(story, onFirstPage=write_foot, onLaterPages=write_foot)
    return target.getvalue()
