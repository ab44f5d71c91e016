"""Before and after, month by month: the target's incidents as bars, the comparison's as a line."""

import math
from collections.abc import Sequence

from web.charts.drawing import Drawing, Line, Path, Rect, Text, nice_top
from web.services.effects import EffectReport, MonthRow

LEFT, RIGHT, TOP, TALL, WIDTH, GAP = 44.0, 12.0, 26.0, 190.0, 960.0, 26.0


def effect_sentence(report: EffectReport) -> str:
    """What the chart says, as counts: whether it is an effect is the estimates' to say."""
    target, others = report.counts["target"], report.counts["comparison"]
    went = f"The target area went from {target.before} to {target.after} incidents"
    if math.isnan(report.effect.expected):
        return f"{went}, the comparison areas from {others.before} to {others.after}"
    return f"{went}, where {report.effect.expected:.0f} were to be expected had nothing been done"


def expected_months(rows: Sequence[MonthRow]) -> list[float | None]:
    """By month, the comparison areas' incidents at the size that the target had before.

    After, that is the counterfactual. None where they had no incident before.
    """
    scale = _scale_of(rows)
    return [scale * row.comparison if scale else None for row in rows]


def effect_chart(rows: Sequence[MonthRow], sentence: str) -> Drawing:
    """Bars of the target, and a line of what was to be expected; dashed from the start on."""
    drawing = Drawing(WIDTH, TOP + TALL + 40, sentence)
    expected = expected_months(rows)
    largest = max([*(r.target for r in rows), *(each or 0 for each in expected)])
    top, base = nice_top(largest), TOP + TALL
    for part in range(5):
        y = base - TALL * part / 4
        drawing.lines.append(Line(LEFT, y, WIDTH - RIGHT, y, "chart-grid"))
        drawing.texts.append(Text(LEFT - 6, y + 4, f"{top * part / 4:g}", "end"))
    half = len(rows) // 2
    step = (WIDTH - LEFT - RIGHT - GAP) / len(rows)
    for is_after, name in ((False, "Before"), (True, "After")):
        start = LEFT + (step * half + GAP) * is_after
        drawing.texts.append(Text(start, TOP - 10, name))
        part_rows = [row for row in rows if row.is_after == is_after]
        _bars(drawing, part_rows, start, step, TALL / top)
        points = [
            (start + step * (i + 0.5), base - TALL / top * value)
            for i, value in enumerate(expected[half * is_after :][:half])
            if value is not None
        ]
        if points:
            css = "chart-counterfactual" if is_after else "chart-line"
            drawing.paths.append(Path(tuple(points), css))
    middle = LEFT + step * half + GAP / 2
    drawing.lines.append(Line(middle, TOP - 20, middle, base, "chart-start"))
    return drawing


def _scale_of(rows: Sequence[MonthRow]) -> float:
    own = sum(row.target for row in rows if not row.is_after)
    others = sum(row.comparison for row in rows if not row.is_after)
    return own / others if others else 0.0


def _bars(
    drawing: Drawing, rows: Sequence[MonthRow], start: float, step: float, unit: float
) -> None:
    base = TOP + TALL
    for i, row in enumerate(rows):
        tall, x = row.target * unit, start + step * (i + 0.15)
        label = f"{row.first:%d %b %Y} on: {row.target} dumps"
        drawing.rects.append(Rect(x, base - tall, step * 0.7, tall, "chart-dumps", label))
        if len(rows) <= 6 or i % 3 == 0:
            drawing.texts.append(Text(x, base + 18, f"{row.first:%b %Y}"))
