"""When which order was in force: a lane an order over the years, and one for the days of none."""

from collections.abc import Iterator
from datetime import date

from web.charts.drawing import Drawing, Line, Rect, Text
from web.services.common.wording import date_in_words
from web.services.enforcement.ordering import Timeline

LEFT, RIGHT, TOP, WIDTH = 12.0, 12.0, 22.0, 960.0
LANE, BAR, NAME = 46.0, 18.0, 15.0


def timeline_sentence(timeline: Timeline, today: date) -> str:
    """Which orders are in force, and up to when."""
    held = [
        f"{row.name} is in force" + (f" up to {date_in_words(end)}" if end else "")
        for row in timeline.rows
        if row.order_id is not None
        for end in _ends(timeline, row.order_id, today)
    ]
    return "; ".join(held) or f"No order is in force on {date_in_words(today)}"


def _ends(timeline: Timeline, order_id: int, today: date) -> list[date | None]:
    """The last day of an order's span that holds today; empty where none does."""
    spans = [s for row in timeline.rows if row.order_id == order_id for s, _ in row.spans]
    return [
        span.valid_to
        for span in spans
        if span.valid_from <= today and (span.valid_to is None or today <= span.valid_to)
    ][-1:]


def order_timeline(timeline: Timeline, today: date, sentence: str) -> Drawing:
    """Filled: in force. Dashed: no order was. A line for today, and one for each year."""
    bottom = TOP + LANE * len(timeline.rows)
    drawing = Drawing(WIDTH, bottom + 30, sentence)
    for year in range(timeline.first.year + 1, timeline.last.year + 1):
        x = _x(timeline, date(year, 1, 1))
        drawing.lines.append(Line(x, TOP - 8, x, bottom, "chart-grid"))
        drawing.texts.append(Text(x + 3, bottom + 16, str(year)))
    for number, row in enumerate(timeline.rows):
        y = TOP + LANE * number
        css = "chart-in-force" if row.order_id else "chart-gap"
        drawing.rects += _bars(timeline, number, css)
        drawing.texts.append(Text(LEFT, y + NAME - 4, row.name, css="chart-text chart-halo"))
    x = _x(timeline, today)
    drawing.lines.append(Line(x, TOP - 8, x, bottom, "chart-today"))
    drawing.texts.append(Text(x, TOP - 11, "Today", "middle"))
    return drawing


def _bars(timeline: Timeline, number: int, css: str) -> Iterator[Rect]:
    row, y = timeline.rows[number], TOP + LANE * number + NAME
    for span, words in row.spans:
        x, end = _x(timeline, span.valid_from), _x(timeline, span.valid_to or timeline.last)
        yield Rect(x, y, max(end - x, 2), BAR, css, f"{row.name}: {words}")


def _x(timeline: Timeline, day: date) -> float:
    days = (timeline.last - timeline.first).days
    return LEFT + (WIDTH - LEFT - RIGHT) * (day - timeline.first).days / days
