"""Sheets of A4 with a line at the foot of every page, and one at the head where it is marked."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate

FOOT_SIZE = 8


def a4(
    story: list[Flowable],
    *,
    title: str,
    author: str,
    foot: str,
    font: str,
    head: str = "",
    is_numbered: bool = False,
) -> bytes:
    """A story as PDF; the same story gives the same file.

    Parameters
    ----------
    foot, head
        On every page; the head in the middle above the text.
    """
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=15 * mm,
        rightMargin=15 * mm,
        topMargin=(18 if head else 14) * mm,
        bottomMargin=16 * mm,
        title=title,
        author=author,
        lang="en-GB",
        invariant=True,
    )

    def write_edges(canvas: Any, _: object) -> None:
        canvas.setFont(font, FOOT_SIZE)
        canvas.drawString(15 * mm, 9 * mm, foot)
        if is_numbered:
            page = f"Page {canvas.getPageNumber()}"
            canvas.drawRightString(A4[0] - 15 * mm, 9 * mm, page)
        if head:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 11 * mm, head)

    document.build(story, onFirstPage=write_edges, onLaterPages=write_edges)
    return target.getvalue()
