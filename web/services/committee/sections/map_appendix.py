"""Appendix A: the hotspots on a map that can be printed, and the key to its numbers."""

from collections.abc import Sequence

from reportlab.graphics.shapes import Drawing
from reportlab.lib.units import mm
from shapely.geometry.base import BaseGeometry

from geodata.basemap.kept import Basemap
from hotspots.core.words import counted
from web.services.committee.document import Block, Figure, Heading, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.common.wording import date_in_words
from web.services.hotspots.hotspot_board import BoardRow
from web.services.paper.paper_map import numbered_map
from web.services.paper.picture import as_png

WIDTH, HEIGHT = 175 * mm, 150 * mm
"""On a sheet of A4 under its heading, with room for the key."""


def map_appendix(
    facts: Facts, wards: Sequence[BaseGeometry], basemap: Basemap | None
) -> list[Block]:
    """The map and its key; a sentence where there is no hotspot to draw."""
    heading = Heading("Appendix A: map of the hotspots", is_on_new_page=True)
    rows = facts.board.rows
    if not rows:
        return [heading, Paragraph("No hotspot was flagged: there is nothing to draw.")]
    drawing = hotspot_map(rows, wards, basemap)
    day = date_in_words(facts.run.day)
    ground = "streets and ward boundaries" if basemap else "ward boundaries"
    names = "; ".join(f"{n} {row.name}" for n, row in enumerate(rows, 1))
    return [
        heading,
        Figure(
            f"Hotspots as of {day}, numbered as in the table of hotspots. North is up.",
            f"Map of {counted(len(rows), 'hotspot')} on {ground}, north up, with a bar of scale. "
            f"Each is a dot with its number: {names}.",
            as_png(drawing),
            "map",
        ),
        Table(
            "Key to the map",
            ("No.", "Place", "Class"),
            tuple(
                (str(n), row.name, (row.hotspot_class or "Not classed").capitalize())
                for n, row in enumerate(rows, 1)
            ),
            (0.1, 0.64, 0.26),
        ),
    ]


def hotspot_map(
    rows: Sequence[BoardRow],
    wards: Sequence[BaseGeometry],
    basemap: Basemap | None,
    size: tuple[float, float] = (WIDTH, HEIGHT),
) -> Drawing:
    """The hotspots by their number on the ground, for a sheet of A4 or of another size."""
    points = [row.geometry.representative_point() for row in rows]
    width, height = size
    return numbered_map(points, wards, width=width, height=height, basemap=basemap)
