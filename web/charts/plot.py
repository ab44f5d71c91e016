"""What charts by month or year share: a frame with a scale, bars, lines and names below."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from web.charts.drawing import Drawing, Line, Path, Rect, Text

LEFT, RIGHT, TOP, BELOW = 48.0, 12.0, 26.0, 40.0


@dataclass(frozen=True)
class Plot:
    """Slots side by side above a scale from 0 to ``top``; ``unit`` follows each of its numbers."""

    slots: int
    top: float
    unit: str = ""
    width: float = 960.0
    tall: float = 200.0

    @property
    def step(self) -> float:
        return (self.width - LEFT - RIGHT) / self.slots

    @property
    def base(self) -> float:
        return TOP + self.tall

    def x(self, slot: float) -> float:
        """Where a slot begins."""
        return LEFT + self.step * slot

    def y(self, value: float) -> float:
        return TOP + self.tall * (1 - value / self.top)

    def drawing(self, label: str) -> Drawing:
        """An empty frame with its scale."""
        drawing = Drawing(self.width, self.base + BELOW, label)
        for part in range(5):
            y = self.y(self.top * part / 4)
            drawing.lines.append(Line(LEFT, y, self.width - RIGHT, y, "chart-grid"))
            text = f"{self.top * part / 4:g}{self.unit}"
            drawing.texts.append(Text(LEFT - 6, y + 4, text, "end"))
        return drawing

    def bar(
        self, slot: int, value: float, css: str, title: str, part: int = 0, parts: int = 1
    ) -> Rect:
        """A bar, or one of several side by side in a slot."""
        wide = self.step * 0.7 / parts
        x, y = self.x(slot + 0.15) + wide * part, self.y(value)
        return Rect(x, y, wide, self.base - y, css, title)

    def line(self, values: Sequence[float | None], css: str) -> list[Path]:
        """Through the middle of each slot, with a gap where there is no value."""
        paths = []
        for is_known, stretch in groupby(enumerate(values), key=lambda each: each[1] is not None):
            if is_known:
                points = tuple((self.x(i + 0.5), self.y(value or 0)) for i, value in stretch)
                paths.append(Path(points if len(points) > 1 else points * 2, css))
        return paths

    def level(self, start: int, end: int, value: float, css: str) -> Path:
        """A level line from where a slot begins to where another does."""
        return Path(((self.x(start), self.y(value)), (self.x(end), self.y(value))), css)

    def below(self, slot: float, text: str) -> Text:
        """A name below a slot."""
        return Text(self.x(slot), self.base + 18, text)
