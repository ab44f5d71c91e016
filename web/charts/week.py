"""The hours of a hotspot's week as a grid, darker where more is dumped."""

from collections.abc import Sequence

from hotspots.timing.hot_hours import DAYS
from web.charts.drawing import Drawing, Rect, Text
from web.services.hotspots.dark_hours import Daylight

CELL_W, CELL_H, LEFT, TOP, STRIP_H = 30.0, 26.0, 46.0, 22.0, 14.0
LEVELS = 5
EVEN = 1 / 168


def level_of(share: float) -> int:
    """0 to ``LEVELS``: how many times an even hour's incidents, each level twice the one before.

    Examples
    --------
    >>> [level_of(times * EVEN) for times in (0.2, 0.6, 1.1, 2.5, 5, 20)]
    [0, 1, 2, 3, 4, 5]
    """
    return level_of_times(share / EVEN)


def level_of_times(times: float) -> int:
    """0 to ``LEVELS``: 1 from half an average on, each level twice the one before."""
    level, limit = 0, 0.5
    while level < LEVELS and times >= limit:
        level, limit = level + 1, limit * 2
    return level


def week_grid(shares: Sequence[float], light: Sequence[Daylight] = ()) -> Drawing:
    """Seven rows of 24 hours; ``shares`` are 168, Monday 00:00 in London first.

    Below them a strip for each day of ``light``: black while the sun is down.
    """
    drawing = Drawing(
        LEFT + 24 * CELL_W + 4,
        TOP + 7 * CELL_H + 4 + (STRIP_H + 4) * len(light),
        "Share of incidents by hour of the week, London time; the table below says the same",
    )
    for hour in range(0, 24, 3):
        drawing.texts.append(Text(LEFT + hour * CELL_W, TOP - 7, f"{hour:02}:00"))
    for day, name in enumerate(DAYS):
        y = TOP + day * CELL_H
        drawing.texts.append(Text(LEFT - 8, y + 17, name, "end"))
        for hour in range(24):
            share = shares[day * 24 + hour]
            label = f"{name} {hour:02}:00-{(hour + 1) % 24:02}:00: {share:.1%} of dumps"
            css = f"chart-heat chart-heat-{level_of(share)}"
            drawing.rects.append(Rect(LEFT + hour * CELL_W, y, CELL_W, CELL_H, css, label))
    for number, sun in enumerate(light):
        _strip(drawing, sun, TOP + 7 * CELL_H + 6 + (STRIP_H + 4) * number)
    return drawing


def _strip(drawing: Drawing, light: Daylight, y: float) -> None:
    label = f"{light.day.day} {light.day:%B}: the sun is up from {light.words}"
    drawing.texts.append(Text(LEFT - 8, y + 11, f"{light.day:%b}", "end"))
    for start, end, css in (
        (0.0, light.rises_h, "chart-dark"),
        (light.rises_h, light.sets_h, "chart-light"),
        (light.sets_h, 24.0, "chart-dark"),
    ):
        x, wide = LEFT + start * CELL_W, (end - start) * CELL_W
        drawing.rects.append(Rect(x, y, wide, STRIP_H, css, label))


def parts_of_day(shares: Sequence[float]) -> list[tuple[str, list[float]]]:
    """The same for a table: each day with its shares in six stretches of four hours."""
    return [
        (name, [sum(shares[day * 24 + h : day * 24 + h + 4]) for h in range(0, 24, 4)])
        for day, name in enumerate(DAYS)
    ]
