"""Months of the whole borough: in control or not, and this year against the last."""

from collections.abc import Sequence
from datetime import date

from web.charts.drawing import Drawing, Line, Text, nice_top
from web.charts.plot import TOP, Plot
from web.services.hotspots.borough_record import ControlMonths, YearPair


def control_months_chart(record: ControlMonths, *, tall: float = 200.0) -> Drawing:
    """A line of incidents by month, within the limits of each stretch between two breaks."""
    counts = [month.incidents for month in record.months]
    tops = [part.limits.upper for part in record.stretches if part.limits]
    top = nice_top(max([n or 0 for n in counts] + [round(t) for t in tops]))
    plot = Plot(len(counts), top, tall=tall)
    drawing = plot.drawing(record.sentence)
    for part in record.stretches:
        if part.limits:
            span = (part.start, part.end)
            drawing.paths.append(plot.level(*span, part.limits.mean, "chart-expected"))
            for limit in (part.limits.lower, part.limits.upper):
                drawing.paths.append(plot.level(*span, limit, "chart-limit"))
    drawing.paths += plot.line(counts, "chart-main")
    for i in record.unusual:
        value = counts[i] or 0
        drawing.texts.append(Text(plot.x(i + 0.5), plot.y(value) - 8, "\u25b2", "middle"))
    for i, what in record.breaks:
        x = plot.x(i)
        drawing.lines.append(Line(x, TOP - 6, x, plot.base, "chart-start"))
        is_late = i > len(counts) / 2
        drawing.texts.append(Text(x, TOP - 10, what, "end" if is_late else "start"))
    drawing.texts += _month_names(plot, [month.first for month in record.months])
    return drawing


def _month_names(plot: Plot, months: Sequence[date]) -> list[Text]:
    """Every third, so that they do not touch."""
    return [
        plot.below(i, f"{month:%b %Y}")
        for i, month in enumerate(months)
        if month.month % 3 == 1 and i < len(months) - 1
    ]


def year_pair_chart(pair: YearPair) -> Drawing:
    """Two lines over twelve months: this year's thick, the last one's dashed."""
    plot = Plot(12, nice_top(max(n or 0 for n in (*pair.this_year, *pair.last_year))), tall=160)
    drawing = plot.drawing(pair.sentence)
    for counts, css, name in (
        (pair.last_year, "chart-expected", str(pair.year - 1)),
        (pair.this_year, "chart-main", str(pair.year)),
    ):
        drawing.paths += plot.line(counts, css)
        known = [(i, n) for i, n in enumerate(counts) if n is not None]
        if known:
            i, n = known[-1]
            x, y = plot.x(i + 0.5), plot.y(n) - 8
            drawing.texts.append(Text(x, y, name, "middle", "chart-text chart-halo"))
    drawing.texts += [plot.below(m + 0.3, f"{date(2000, m + 1, 1):%b}") for m in range(12)]
    return drawing
