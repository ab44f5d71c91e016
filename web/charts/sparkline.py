"""A row of small bars, for a cell of a table."""

from collections.abc import Sequence

from hotspots.core.words import counted
from web.charts.drawing import Drawing, Line, Rect

BAR, GAP, TALL = 8.0, 2.0, 26.0


def sparkline(counts: Sequence[int]) -> Drawing:
    """A bar a month, oldest first, to the row's own scale: its shape is read, not its height."""
    months = counted(len(counts), "month")
    label = f"Incidents in each of {months}, oldest first: {', '.join(map(str, counts))}"
    drawing = Drawing((BAR + GAP) * len(counts), TALL + 2, label)
    unit = TALL / max(*counts, 4)
    for i, count in enumerate(counts):
        tall = count * unit
        drawing.rects.append(Rect((BAR + GAP) * i, TALL - tall, BAR, tall, "chart-dumps"))
    drawing.lines.append(Line(0, TALL + 1, drawing.width, TALL + 1, "chart-grid"))
    return drawing
