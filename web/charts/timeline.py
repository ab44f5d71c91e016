"""A hotspot through time: incidents and clearances by month, and what was done, on one axis."""

from collections.abc import Sequence
from datetime import date

from geodata.posters.interventions import InterventionRecord
from web.charts.drawing import Drawing, Line, Rect, Text, nice_top
from web.services.hotspots.hotspot_dossier import Month

LEFT, RIGHT, TOP = 44.0, 12.0, 12.0
BARS, LANE = 150.0, 22.0
WIDTH = 960.0
MOST_LANES = 12
"""More interventions than this stand in the table alone."""


def timeline(months: Sequence[Month], interventions: Sequence[InterventionRecord]) -> Drawing:
    """Bars of incidents with those of clearances inside, and a lane for each intervention."""
    first, last = months[0].first, _next_month(months[-1].first)
    lanes = [m for m in interventions if m.overlaps(first, last)][-MOST_LANES:]
    height = TOP + BARS + 34 + LANE * len(lanes) + 8
    label = "Incidents and clearances by month, and interventions with their dates"
    drawing = Drawing(WIDTH, height, label)
    _scale(drawing, months)
    _bars(drawing, months)
    for number, intervention in enumerate(lanes):
        _lane(drawing, intervention, TOP + BARS + 34 + LANE * number, first, last)
    return drawing


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _scale(drawing: Drawing, months: Sequence[Month]) -> None:
    top, base = _top(months), TOP + BARS
    for part in range(5):
        y = base - BARS * part / 4
        drawing.lines.append(Line(LEFT, y, WIDTH - RIGHT, y, "chart-grid"))
        drawing.texts.append(Text(LEFT - 6, y + 4, f"{top * part / 4:g}", "end"))
    step = (WIDTH - LEFT - RIGHT) / len(months)
    for i, month in enumerate(months):
        if month.first.month in {1, 7}:
            x = LEFT + step * i
            drawing.lines.append(Line(x, base, x, base + 6))
            drawing.texts.append(Text(x + 2, base + 18, f"{month.first:%b %Y}"))


def _top(months: Sequence[Month]) -> int:
    return nice_top(max(max(m.incidents, m.cleared) for m in months))


def _bars(drawing: Drawing, months: Sequence[Month]) -> None:
    top, base = _top(months), TOP + BARS
    step = (WIDTH - LEFT - RIGHT) / len(months)
    for i, month in enumerate(months):
        label = f"{month.first:%B %Y}: {month.incidents} incidents, {month.cleared} cleared"
        for count, share, css in (
            (month.incidents, 0.8, "chart-dumps"),
            (month.cleared, 0.3, "chart-cleared"),
        ):
            tall = BARS * count / top
            x = LEFT + step * (i + (1 - share) / 2)
            drawing.rects.append(Rect(x, base - tall, step * share, tall, css, label))


def _lane(
    drawing: Drawing, intervention: InterventionRecord, y: float, first: date, last: date
) -> None:
    days = (last - first).days
    reach = WIDTH - LEFT - RIGHT

    def x_of(day: date) -> float:
        return LEFT + reach * min(max((day - first).days, 0), days) / days

    begin, end = x_of(intervention.valid_from), x_of(intervention.valid_to or last)
    label = f"{intervention.name}, from {intervention.valid_from:%d/%m/%Y}"
    drawing.rects.append(Rect(begin, y, max(end - begin, 3), LANE - 8, "chart-intervention", label))
    is_late = begin > LEFT + reach / 2
    drawing.texts.append(
        Text(
            begin - 5 if is_late else begin + 5,
            y + 11,
            intervention.name,
            "end" if is_late else "start",
            "chart-text chart-halo",
        )
    )
