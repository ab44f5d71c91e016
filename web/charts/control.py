"""A control chart: incidents by week as bars, what was expected and the bound as lines."""

from collections.abc import Sequence
from itertools import groupby

from web.charts.drawing import Drawing, Line, Path, Rect, Text, nice_top
from web.services.detection.weekly_watch import Week

LEFT, RIGHT, TOP, TALL, WIDTH = 44.0, 12.0, 26.0, 200.0, 960.0
LABEL = 64.0
"""Room that a month's name takes."""


def control_chart(weeks: Sequence[Week]) -> Drawing:
    """A bar a week, oldest first; a triangle stands above each that exceeds its bound.

    Lines have gaps where a week has no bound.
    """
    drawing = Drawing(
        WIDTH, TOP + TALL + 40, "Incidents by week, against the bound of ordinary weeks"
    )
    top = nice_top(max(max(week.incidents, week.upper or 0) for week in weeks))
    _scale(drawing, weeks, top)
    _bars(drawing, weeks, top)
    for css, values in (
        ("chart-expected", [week.expected for week in weeks]),
        ("chart-line", [week.upper for week in weeks]),
    ):
        drawing.paths += _lines(values, top, css)
    return drawing


def _step(weeks: Sequence[object]) -> float:
    return (WIDTH - LEFT - RIGHT) / len(weeks)


def _y(value: float, top: int) -> float:
    return TOP + TALL * (1 - value / top)


def _scale(drawing: Drawing, weeks: Sequence[Week], top: int) -> None:
    for part in range(5):
        y = _y(top * part / 4, top)
        drawing.lines.append(Line(LEFT, y, WIDTH - RIGHT, y, "chart-grid"))
        drawing.texts.append(Text(LEFT - 6, y + 4, f"{top * part / 4:g}", "end"))
    base, step = TOP + TALL, _step(weeks)
    for i, week in enumerate(weeks):
        is_new_month = i == 0 or week.first.month != weeks[i - 1].first.month
        if is_new_month and (len(weeks) <= 26 or week.first.month % 2):
            x = LEFT + step * i
            drawing.lines.append(Line(x, base, x, base + 6))
            if x < WIDTH - RIGHT - LABEL:
                drawing.texts.append(Text(x + 2, base + 18, f"{week.first:%b %Y}"))


def _bars(drawing: Drawing, weeks: Sequence[Week], top: int) -> None:
    step = _step(weeks)
    for i, week in enumerate(weeks):
        x, y = LEFT + step * (i + 0.15), _y(week.incidents, top)
        label = f"Week from {week.first:%d %b %Y}: {week.incidents} incidents"
        drawing.rects.append(Rect(x, y, step * 0.7, TOP + TALL - y, "chart-dumps", label))
        if week.is_unusual:
            drawing.texts.append(Text(x + step * 0.35, y - 6, "\u25b2", "middle"))


def _lines(values: Sequence[float | None], top: int, css: str) -> list[Path]:
    """A path for each stretch of values; each is drawn over its week's whole width."""
    step = _step(values)
    paths = []
    for is_known, stretch in groupby(enumerate(values), key=lambda each: each[1] is not None):
        if is_known:
            corners = [
                (LEFT + step * (i + side), _y(value or 0, top))
                for i, value in stretch
                for side in (0, 1)
            ]
            paths.append(Path(tuple(corners), css))
    return paths
