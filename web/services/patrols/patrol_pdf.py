"""The patrol sheet on paper, A4: one page a team where it fits."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    ListFlowable,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.basemap.kept import Basemap
from geodata.rules.days import LONDON
from web.services.paper import a4
from web.services.paper.paper_map import numbered_map
from web.services.patrols.patrol_sheet import PatrolSheet, SheetStop

_SAMPLE = getSampleStyleSheet()
_BODY = ParagraphStyle("body", _SAMPLE["BodyText"], fontName="Helvetica", fontSize=9.5, leading=12)
_SMALL = ParagraphStyle("small", _BODY, fontSize=8.5, leading=10.5)
_TITLE = ParagraphStyle("title", _BODY, fontName="Helvetica-Bold", fontSize=18, leading=23)
_HEADING = ParagraphStyle(
    "heading",
    _BODY,
    fontName="Helvetica-Bold",
    fontSize=12,
    leading=15,
    spaceBefore=5,
    keepWithNext=True,
)
_HEAD_AND_ORDER = 30 * mm
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e6e6e6")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
_WIDTHS = [17 * mm, 40 * mm, 61 * mm, 62 * mm]


def as_pdf(
    sheet: PatrolSheet,
    *,
    council: str,
    wards: Sequence[BaseGeometry] = (),
    basemap: Basemap | None = None,
    mark: str = "",
) -> bytes:
    """The sheet of all teams.

    Parameters
    ----------
    wards
        Outlines to know the ground by, EPSG:27700.
    basemap
        The ground below them; None: wards alone.
    mark
        Printed on every page, such as that the data are synthetic.
    """
    story: list[Flowable] = []
    for number, stops in enumerate(sheet.teams, 1):
        ground = _ground(sheet, stops, wards, basemap)
        story += [*([PageBreak()] if story else []), *_team(sheet, number, council, ground)]
    foot = f"Patrol plan {sheet.plan_id}. For officers only. {mark}"
    return a4(
        story, title=f"Patrol plan {sheet.plan_id}", author=council, foot=foot, font="Helvetica"
    )


def _team(
    sheet: PatrolSheet,
    number: int,
    council: str,
    ground: list[Flowable],
) -> list[Flowable]:
    start, end = sheet.starts_at.astimezone(LONDON), sheet.ends_at.astimezone(LONDON)
    officers = sheet.params["teams"][number - 1]
    checks = ", ".join(f"{moment.astimezone(LONDON):%H:%M}" for moment in sheet.check_ins)
    calls = "; ".join(f"<b>{escape(who)}</b> {escape(call)}" for who, call in sheet.contacts)
    return [
        Paragraph(f"Patrol sheet: team {number}", _TITLE),
        Paragraph(
            f"{escape(council)}. {start:%A} {start.day} {start:%B %Y}, "
            f"{start:%H:%M} to {end:%H:%M}. "
            f"{officers} officer{'' if officers == 1 else 's'}, "
            f"{'on foot' if sheet.params['mode'] == 'foot' else 'by vehicle'}, from "
            f"{escape(sheet.params['start_place'])}.",
            _BODY,
        ),
        *_kept_away(sheet),
        Paragraph("Stops", _HEADING),
        *ground,
        Paragraph("Check in at", _HEADING),
        Paragraph(checks, _BODY),
        Paragraph("Whom to call", _HEADING),
        Paragraph(calls, _BODY),
        Paragraph("At every stop", _HEADING),
        _list(sheet.tasks),
        Paragraph("Hazards", _HEADING),
        _list(list(sheet.hazards)),
        CondPageBreak(_HEAD_AND_ORDER),  # a list does not keep with the heading before it
        Paragraph("Orders in force", _HEADING),
        _list(_orders(sheet)),
    ]


def _ground(
    sheet: PatrolSheet,
    stops: list[SheetStop],
    wards: Sequence[BaseGeometry],
    basemap: Basemap | None,
) -> list[Flowable]:
    """The stops as a table, and on a map by their numbers."""
    if not stops:
        return [Paragraph("No stop for this team.", _BODY)]
    at = sheet.params.get("start_xy")  # plans made before it was kept have none
    start = None if at is None or basemap is None else Point(at)
    points = [Point(stop.easting, stop.northing) for stop in stops]
    tall = 42 * mm if basemap is None else 62 * mm
    paper = numbered_map(
        points, wards, width=sum(_WIDTHS), height=tall, basemap=basemap, start=start
    )
    paper.hAlign = "CENTER"
    return [_stops(stops), Spacer(1, 3 * mm), paper]


def _kept_away(sheet: PatrolSheet) -> list[Flowable]:
    """What is to be avoided, and why; nothing where nothing is."""
    lines = sheet.params.get("avoid") or []
    return [Paragraph(escape(f"Keep away from: {'; '.join(lines)}."), _BODY)] if lines else []


def _orders(sheet: PatrolSheet) -> list[str]:
    lines = []
    for order in sheet.orders:
        ends = (
            f"{order.valid_to.day} {order.valid_to:%B %Y}" if order.valid_to else "further notice"
        )
        forbidden = "; ".join(text.rstrip(".") for text in order.prohibitions)
        what = f" Forbidden: {forbidden}." if forbidden else ""
        lines.append(f"{order.name}: in force until {ends}.{what}")
    return lines or ["None: no public spaces protection order is in force on this day."]


def _list(texts: list[str]) -> Flowable:
    items = [Paragraph(escape(text), _BODY) for text in texts]
    return ListFlowable(items, bulletType="bullet", start="•", leftIndent=12)


def _stops(stops: list[SheetStop]) -> Table:
    rows: list[list[object]] = [
        [Paragraph(f"<b>{head}</b>", _SMALL) for head in ("When", "Place", "Why", "Seen, done")]
    ]
    for number, stop in enumerate(stops, 1):
        start, end = stop.arrives_at.astimezone(LONDON), stop.leaves_at.astimezone(LONDON)
        rows.append(
            [
                Paragraph(f"<b>{start:%H:%M}</b><br/>to {end:%H:%M}", _BODY),
                Paragraph(f"<b>{number}. {escape(stop.name)}</b><br/>{stop.grid_ref}", _BODY),
                Paragraph(escape(stop.reason), _SMALL),
                Paragraph("Arrived ........ Left ........<br/><br/><br/>", _SMALL),
            ]
        )
    return Table(rows, colWidths=_WIDTHS, style=_GRID, repeatRows=1)
