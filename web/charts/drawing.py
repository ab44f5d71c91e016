"""A drawing as a page shows it: plain shapes, coloured by classes of ``site.css``."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rect:
    """``title`` is what a pointer at rest on it shows."""

    x: float
    y: float
    width: float
    height: float
    css: str
    title: str = ""


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    css: str = "chart-axis"


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    anchor: str = "start"
    css: str = "chart-text"


@dataclass(frozen=True)
class Path:
    """Straight lines from point to point."""

    points: tuple[tuple[float, float], ...]
    css: str

    @property
    def d(self) -> str:
        return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in self.points)


@dataclass(frozen=True)
class Shape:
    """An area of one or more rings; what lies in an even number of them is outside."""

    rings: tuple[tuple[tuple[float, float], ...], ...]
    css: str
    title: str = ""

    @property
    def d(self) -> str:
        return " ".join(Path(ring, self.css).d + " Z" for ring in self.rings)


@dataclass
class Drawing:
    """Shapes in units of its own, about a pixel each on a desk; ``label`` says what it shows."""

    width: float
    height: float
    label: str
    shapes: list[Shape] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def nice_top(largest: float) -> int:
    """The top of a scale at least as large, of which a quarter is a whole number: 4, 8, 12, 20, 40…

    Examples
    --------
    >>> [nice_top(n) for n in (0, 4, 5, 13, 21, 120)]
    [4, 4, 8, 20, 40, 120]
    """
    for power in range(9):
        for step in (4, 8, 12, 20):
            if largest <= step * 10**power:
                return int(step * 10**power)
    raise OverflowError(f"{largest} is no count of dumps")
