"""Large cylinders against small chargers, by year."""

from collections.abc import Sequence

from geodata.frames.grouped_counts import YearItems
from web.charts.drawing import Drawing, nice_top
from web.charts.plot import Plot


def items_chart(years: Sequence[YearItems], sentence: str) -> Drawing:
    """Two bars a year: incidents with cylinders, and incidents with chargers."""
    most = max(max(each.with_cylinders, each.with_chargers) for each in years)
    plot = Plot(len(years), nice_top(most), tall=160)
    drawing = plot.drawing(sentence)
    for i, each in enumerate(years):
        for part, (count, css, what) in enumerate(
            (
                (each.with_cylinders, "chart-dumps", "large cylinders"),
                (each.with_chargers, "chart-cleared", "small chargers"),
            )
        ):
            title = f"{each.year}: {count} incidents with {what}"
            drawing.rects.append(plot.bar(i, count, css, title, part, 2))
        drawing.texts.append(plot.below(i + 0.3, str(each.year)))
    return drawing
