"""The installer's sheet: every site of a campaign on a map and in a list with boxes to tick."""

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle
from shapely.geometry.base import BaseGeometry

from geodata.basemap.kept import Basemap
from web.services.common.wording import date_in_words
from web.services.paper import a4, typeface
from web.services.paper.paper_map import numbered_map
from web.services.paper.typeface import BOLD, PLAIN
from web.services.posters.poster_standing import SiteState

STATE_WORDS = {
    "planned": "To be put up",
    "up": "Up",
    "damaged": "Damaged: put up a new one",
    "down": "Down",
}
_BOX = "\u2610"
_WIDTHS = [8 * mm, 18 * mm, 60 * mm, 30 * mm, 30 * mm, 14 * mm, 20 * mm]
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e6e6e6")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
)


def as_pdf(
    name: str,
    sites: Sequence[SiteState],
    *,
    council: str,
    printed_on: date,
    wards: Sequence[BaseGeometry] = (),
    basemap: Basemap | None = None,
    mark: str = "",
) -> bytes:
    """The sheet, A4.

    Parameters
    ----------
    name
        Of the campaign.
    sites
        Numbered on the map in this order.
    wards
        Outlines to know the ground by, EPSG:27700.
    basemap
        The ground below them; None: wards alone.
    mark
        Printed on every page, such as that the data are synthetic.
    """
    typeface.prepare()
    story: list[Flowable] = [
        _paragraph(name, BOLD, 15),
        _paragraph(f"{council}. Poster sites as of {date_in_words(printed_on)}.", PLAIN, 9),
        Spacer(1, 3 * mm),
        numbered_map(
            [site.point for site in sites],
            wards,
            width=178 * mm,
            height=90 * mm,
            basemap=basemap,
        ),
        Spacer(1, 3 * mm),
        _list(sites),
        _paragraph("A damaged poster is printed again from the site's page.", PLAIN, 9),
    ]
    return a4(story, title=f"Sites: {name}", author=council, foot=mark, font=PLAIN)


def _paragraph(text: str, font: str, size: float) -> Paragraph:
    return Paragraph(
        escape(text), ParagraphStyle("p", fontName=font, fontSize=size, leading=size * 1.3)
    )


def _list(sites: Sequence[SiteState]) -> Table:
    heads = ("", "Code", "Where", "Grid reference", "State", "Put up", "Taken down")
    rows: list[list[object]] = [[_paragraph(head, BOLD, 7.5) for head in heads]]
    for number, site in enumerate(sites, 1):
        texts = (str(number), site.code, site.name, site.grid_ref, STATE_WORDS[site.state])
        boxes = [_paragraph(_BOX, PLAIN, 15) for _ in range(2)]
        rows.append([*(_paragraph(text, PLAIN, 8.5) for text in texts), *boxes])
    return Table(rows, colWidths=_WIDTHS, style=_GRID, repeatRows=1)
