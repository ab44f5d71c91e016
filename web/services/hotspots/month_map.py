"""The record month by month on a map: what the newest run counted, and which months are whole."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections
from geodata.core.grid_references import format_gridref
from geodata.detections import MonthSquares
from geodata.frames.coverage import coverage
from geodata.rules.days import corresponding_day, date_in_words, local_day
from hotspots.core.words import counted

SPANS = (1, 3, 12)
"""Months that are shown together."""
TOP = 10


@dataclass(frozen=True)
class ShownSquare:
    """A square with its incidents; ``place`` is its south-west corner on the National Grid.

    ``code`` and ``name`` are of the hotspot of the newest run that touches it, or empty.
    """

    place: str
    incidents: int
    code: str
    name: str


@dataclass(frozen=True)
class MonthMap:
    """The months of the newest run's record, the last of which may be under way.

    Attributes
    ----------
    missing
        Of each month, why it is not whole; empty where it is.
    until
        The last day that is counted.
    """

    squares: MonthSquares
    firsts: list[date]
    missing: list[str]
    until: date
    hotspots: list[tuple[str, str, BaseGeometry]]

    def words(self, place: int, span: int) -> str:
        """The time that ends with a month: "October 2026", "August to October 2026"."""
        last = self.firsts[place]
        first = self.firsts[max(place - span + 1, 0)]
        end = f"{last:%B %Y}"
        if place == len(self.firsts) - 1 and self.until < _last_day(last):
            end += f" (up to {date_in_words(self.until)})"
        if first == last:
            return end
        return f"{first:%B} to {end}" if first.year == last.year else f"{first:%B %Y} to {end}"

    def why_not(self, place: int, span: int) -> str:
        """Why these months cannot be counted together; empty where they can."""
        if place - span + 1 < 0:
            return f"the record begins in {self.firsts[0]:%B %Y}"
        months = self.missing[place - span + 1 : place + 1]
        return next((why for why in months if why), "")

    def counts(self, place: int, span: int) -> np.ndarray:
        """Incidents of each square in these months."""
        month = np.array(self.squares.month, dtype=int)
        inside = (month > place - span) & (month <= place)
        return np.bincount(
            np.array(self.squares.square, dtype=int)[inside],
            weights=np.array(self.squares.incidents, dtype=float)[inside],
            minlength=len(self.squares.x),
        ).astype(int)

    def sentence(self, place: int, span: int) -> str:
        """What the map shows, in words."""
        if why := self.why_not(place, span):
            return f"{self.words(place, span)}: no whole record, for {why}"
        counts = self.counts(place, span)
        if not counts.any():
            return f"{self.words(place, span)}: no incident was reported"
        squares = counted(int((counts > 0).sum()), "square")
        side = f"{self.squares.size_m:,.0f} metres"
        incidents = counted(int(counts.sum()), "incident")
        return f"{self.words(place, span)}: {incidents} in {squares} of {side}"

    def fullest(self, place: int, span: int) -> list[ShownSquare]:
        """The squares with the most incidents."""
        if self.why_not(place, span):
            return []
        counts = self.counts(place, span)
        order = np.argsort(-counts, kind="stable")[:TOP]
        return [self._shown(int(n), int(counts[n])) for n in order if counts[n]]

    def _shown(self, number: int, incidents: int) -> ShownSquare:
        x, y, size = self.squares.x[number], self.squares.y[number], self.squares.size_m
        box = shapely.box(x, y, x + size, y + size)
        touching = ((code, name) for code, name, shape in self.hotspots if shape.intersects(box))
        code, name = next(touching, ("", ""))
        return ShownSquare(format_gridref(x, y), incidents, code, name)


def month_map(session: Session) -> MonthMap | None:
    """As the newest run counted; None before the first run, and where an older one did not."""
    run = detections.latest_run(session)
    squares = None if run is None else detections.month_squares_of(session, run.id)
    if run is None or squares is None:
        return None
    until = local_day(run.as_of)
    record, firsts = coverage(session, today=until), squares.firsts
    missing = [record.missing(first, min(_last_day(first), until)) for first in firsts]
    hotspots = [
        (identity.code, identity.name, hotspot.geometry)
        for hotspot, identity in detections.hotspots_of(session, run.id)
    ]
    return MonthMap(squares, firsts, missing, until, hotspots)


def _last_day(first: date) -> date:
    return corresponding_day(first, 1) - timedelta(days=1)
