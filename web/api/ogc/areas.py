"""A box that is asked about: coarsely for the store’s index, then exactly in its own system."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geodata.core.spatial import Box
from web.api.faults import Fault, FaultError
from web.api.ogc.systems import System
from web.api.operations import faulty

WHERE = "query.bbox"
AROUND_BRITAIN = shapely.box(-14, 47, 8, 64)
"""Degrees: no row lies beyond, and the National Grid's formulas end not far from it."""
SIDE_DEGREES = 0.05
"""A side of a box in degrees is bent on the grid: so long a piece of it by less than a metre."""
MARGIN_M = 5.0


Faulted = Callable[[str], FaultError]
"""What makes a refusal of a sentence: it knows which parameter that is about."""


@dataclass(frozen=True)
class Area:
    """What a box covers, in its own system, the first axis east; two boxes across 180 degrees."""

    system: System
    shape: Any

    def around(self) -> Box | None:
        """The box on the grid (EPSG:27700) that holds all of it; None: it is nowhere near."""
        shape = self.shape
        if self.system.is_degrees:
            shape = shapely.segmentize(shape & AROUND_BRITAIN, SIDE_DEGREES)
        if shape.is_empty:
            return None
        x0, y0, x1, y1 = self.system.onto_grid(shape).bounds
        return x0 - MARGIN_M, y0 - MARGIN_M, x1 + MARGIN_M, y1 + MARGIN_M

    def meets(self, grid: list[Any]) -> Any:
        """Of each shape (EPSG:27700) whether it meets the area; one without a place does not."""
        shapes = self.system.seen_on_map(np.array(grid, dtype=object))
        return shapely.intersects(shapes, self.shape)


def area_of(text: str, system: System) -> Area:
    """The area of ``bbox``: four numbers in the order of the system's axes, or six with heights.

    Raises
    ------
    FaultError
        It is none.
    """
    return area_of_numbers(_numbers(text), system, _fault)


def area_of_numbers(numbers: list[float], system: System, fault: Faulted) -> Area:
    """The same of numbers.

    Raises
    ------
    FaultError
        They make no box.
    """
    if len(numbers) not in {4, 6}:
        raise fault(f"it has {len(numbers)} numbers: give 4, or 6 with heights")
    half = len(numbers) // 2
    first, last = numbers[:2], numbers[half : half + 2]
    if system.is_north_first:
        first, last = first[::-1], last[::-1]
    (x0, y0), (x1, y1) = first, last
    if y0 > y1 or (x0 > x1 and not system.is_degrees):
        shown = ",".join(f"{number:g}" for number in numbers)
        raise fault(f"it ends before it begins: {shown[:80]!r}; give the lower corner first")
    check_reach((x0, x1), system.furthest[0], system, fault)
    check_reach((y0, y1), system.furthest[1], system, fault)
    if x0 <= x1:
        return Area(system, shapely.box(x0, y0, x1, y1))
    return Area(system, shapely.box(x0, y0, 180, y1) | shapely.box(-180, y0, x1, y1))


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise _fault(f"{text[:80]!r} holds something that is no number") from None
    if not all(math.isfinite(number) for number in numbers):
        raise _fault(f"{text[:80]!r} holds something that is no number")
    return numbers


def check_reach(ends: tuple[float, float], furthest: float, system: System, fault: Faulted) -> None:
    """Refuse what reaches beyond its system, to either side of 0."""
    for end in ends:
        if not abs(end) <= furthest:
            raise fault(f"{end:g} is beyond {furthest:g}, where {system.uri} ends")


def _fault(what: str) -> FaultError:
    return faulty([Fault(WHERE, what)])
