"""What officers did by month: neutral bars, without an aim, an arrow or a ranking."""

from collections.abc import Sequence

from web.charts.drawing import Drawing, nice_top
from web.charts.plot import Plot
from web.services.enforcement.month_actions import MonthActions


def enforcement_months_chart(months: Sequence[MonthActions], sentence: str) -> Drawing:
    """Two bars a month: penalty notices and other actions; none where nothing is recorded."""
    most = max(max(each.penalties or 0, each.others or 0) for each in months)
    plot = Plot(len(months), nice_top(most), tall=140)
    drawing = plot.drawing(sentence)
    every = max(1, len(months) // 12)
    for i, each in enumerate(months):
        for part, (count, css, what) in enumerate(
            (
                (each.penalties, "chart-acts", "penalty notices"),
                (each.others, "chart-acts-other", "other actions"),
            )
        ):
            if count is not None:
                title = f"{each.first:%B %Y}: {count} {what}"
                drawing.rects.append(plot.bar(i, count, css, title, part, 2))
        if i % every == 0:
            drawing.texts.append(plot.below(i, f"{each.first:%b %Y}"))
    return drawing
