"""A drawing of ReportLab's as PNG, for files and pages that cannot hold it as shapes."""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFont
from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Group,
    Line,
    Path,
    Polygon,
    PolyLine,
    Rect,
    Shape,
    String,
    mmult,
)
from reportlab.lib.colors import Color
from reportlab.pdfbase.pdfmetrics import stringWidth

from web.services.paper.typeface import file_of

DPI = 200
FINER = 2
"""Drawn so many times larger, and then made smaller: lines without steps."""
COLOURS = 64
_OPERANDS = {0: 2, 1: 2, 3: 0}
"""Numbers that an operator of a path takes: move, line, close. The maps have no curves."""
_Matrix = tuple[float, float, float, float, float, float]
_Corner = tuple[float, float]


def as_png(drawing: Drawing) -> bytes:
    """A picture of the drawing on white, at 200 dots an inch.

    Knows the shapes that `paper_map` and `paper_ground` draw, and no others.
    """
    canvas = _Canvas(drawing.width, drawing.height)
    for shape, matrix in _flat(drawing.contents, (1, 0, 0, 1, 0, 0)):
        canvas.draw(shape, matrix)
    return canvas.png()


def _flat(shapes: Sequence[Shape], matrix: _Matrix) -> Iterator[tuple[Shape, _Matrix]]:
    """The shapes of all groups, each with where its group stands."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _flat(shape.contents, mmult(matrix, shape.transform))
        else:
            yield shape, matrix


@cache
def _font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file_of(name), pixels)


def _ink(colour: Color | None) -> tuple[int, int, int] | None:
    if colour is None:
        return None
    red, green, blue = (round(255 * part) for part in colour.rgb())
    return red, green, blue


class _Canvas:
    """Pixels, with the origin of a drawing's points at the lower left."""

    def __init__(self, width: float, height: float) -> None:
        self._dots = DPI / 72 * FINER
        self._size = (round(width * self._dots), round(height * self._dots))
        self._image = Image.new("RGB", self._size, "white")
        self._pen = ImageDraw.Draw(self._image)

    def png(self) -> bytes:
        small = (self._size[0] // FINER, self._size[1] // FINER)
        held = BytesIO()
        shrunk = self._image.resize(small, Image.Resampling.LANCZOS)
        # The maps are grey: with few colours a file is a fifth as large, and looks the same.
        shrunk.quantize(COLOURS).save(held, "PNG", dpi=(DPI, DPI), optimize=True)
        return held.getvalue()

    def draw(self, shape: Shape, matrix: _Matrix) -> None:
        if isinstance(shape, String):
            self._write(shape, matrix)
        elif isinstance(shape, Path):
            self._fill_rings(shape)
        elif isinstance(shape, Circle):
            x, y = self._at((shape.cx, shape.cy))
            reach = shape.r * self._dots
            self._pen.ellipse([x - reach, y - reach, x + reach, y + reach], _ink(shape.fillColor))
        else:
            self._outline(shape)

    def _at(self, corner: _Corner) -> _Corner:
        return corner[0] * self._dots, self._size[1] - corner[1] * self._dots

    def _outline(self, shape: Shape) -> None:
        corners = [self._at(corner) for corner in _corners(shape)]
        if isinstance(shape, Rect | Polygon):
            self._pen.polygon(corners, _ink(shape.fillColor))
            corners.append(corners[0])
        width = max(1, round(shape.strokeWidth * self._dots))
        if ink := _ink(shape.strokeColor):
            self._pen.line(corners, ink, width, joint="curve")

    def _fill_rings(self, path: Path) -> None:
        """By the even-odd rule: a ring in a ring is a hole."""
        rings = [[self._at(corner) for corner in ring] for ring in _rings(path)]
        xs, ys = zip(*(corner for ring in rings for corner in ring), strict=True)
        west, north = int(min(xs)), int(min(ys))
        size = (int(max(xs)) - west + 1, int(max(ys)) - north + 1)
        mask = Image.new("1", size)
        for ring in rings:
            one = Image.new("1", size)
            ImageDraw.Draw(one).polygon([(x - west, y - north) for x, y in ring], fill=1)
            mask = ImageChops.logical_xor(mask, one)
        if ink := _ink(path.fillColor):
            self._image.paste(ink, (west, north), mask)

    def _write(self, text: String, matrix: _Matrix) -> None:
        """Onto a slip of its own, which is then turned about the text's foot and laid down."""
        font = _font(text.fontName, round(text.fontSize * self._dots))
        width = stringWidth(text.text, text.fontName, text.fontSize)
        shift = {"start": 0.0, "middle": width / 2, "end": width}[text.textAnchor]
        a, b, c, d, e, f = matrix
        x, y = a * text.x + c * text.y + e, b * text.x + d * text.y + f
        foot = self._at((x - a * shift, y - b * shift))
        reach = round((width + text.fontSize) * self._dots) + 2
        slip = Image.new("L", (2 * reach, 2 * reach))
        ImageDraw.Draw(slip).text((reach, reach), text.text, 255, font, anchor="ls")
        turned = slip.rotate(_degrees(a, b), Image.Resampling.BICUBIC)
        at = (round(foot[0]) - reach, round(foot[1]) - reach)
        self._image.paste(_ink(text.fillColor) or (0, 0, 0), at, turned)


def _degrees(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a))


def _corners(shape: Shape) -> list[_Corner]:
    if isinstance(shape, Line):
        return [(shape.x1, shape.y1), (shape.x2, shape.y2)]
    if isinstance(shape, Rect):
        right, top = shape.x + shape.width, shape.y + shape.height
        return [(shape.x, shape.y), (right, shape.y), (right, top), (shape.x, top)]
    if isinstance(shape, PolyLine | Polygon):
        return list(zip(shape.points[::2], shape.points[1::2], strict=True))
    raise TypeError(f"{type(shape).__name__} is no shape that the paper maps draw")


def _rings(path: Path) -> list[list[_Corner]]:
    rings: list[list[_Corner]] = []
    at = 0
    for operator in path.operators:
        if operator == 0:
            rings.append([])
        if _OPERANDS[operator]:
            rings[-1].append((path.points[at], path.points[at + 1]))
            at += 2
    return rings
