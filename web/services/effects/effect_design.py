"""How an effect is asked: which months, which ground, and what it is compared with."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.errors import RefusedError
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import date_in_words
from hotspots.effects.comparison_areas import candidate_areas, propose_areas
from hotspots.timing.nights import dump_nights

POINT_RADIUS_M = 100.0
"""Of a intervention that is drawn as a point."""
LONGEST_MONTHS = 12
SELECTION_MONTHS = 12
EACH = 3
CLOSED = ("cleared", "not_found", "not_our_land", "duplicate")
MOSTLY_KNOWN = 0.8
OUTCOMES = ("auto", "cleared", "all")
MOST_OFFERED = 24


@dataclass(frozen=True)
class EffectQuestion:
    """What an officer chose; all of it stands in the page's address.

    Attributes
    ----------
    months
        Of "before" and of "after", 1 to 12; fewer where fewer have passed.
    ring_m
        Width of the ring in which displacement is looked for, 50 to 1,000.
    outcome
        ``cleared`` counts incidents that the contractor found and cleared, ``all`` every incident;
        ``auto`` the former where most outcomes are known.
    leaves_out_year
        The place was chosen by the year before: that year is kept out, and "before" is the year
        before it.
    areas
        Codes of comparison areas; the proposed ones where empty.
    """

    months: int = 12
    ring_m: int = 200
    outcome: str = "auto"
    leaves_out_year: bool = False
    areas: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= self.months <= LONGEST_MONTHS:
            raise RefusedError(f"{self.months} months: choose 1 to {LONGEST_MONTHS}")
        if not 50 <= self.ring_m <= 1_000:
            raise RefusedError(f"a ring of {self.ring_m} m: choose 50 to 1,000")
        if self.outcome not in OUTCOMES:
            raise RefusedError(f"{self.outcome!r} cannot be counted: choose {', '.join(OUTCOMES)}")


@dataclass(frozen=True)
class Span:
    """Nights from ``first`` up to, but without, ``end``."""

    first: pd.Timestamp
    end: pd.Timestamp

    def holds(self, nights: pd.Series) -> np.ndarray:
        inside: np.ndarray = ((nights >= self.first) & (nights < self.end)).to_numpy()
        return inside

    @property
    def days(self) -> tuple[date, date]:
        """First and last day."""
        return self.first.date(), (self.end - pd.Timedelta(days=1)).date()


@dataclass(frozen=True)
class Spans:
    """Before and after have the same calendar months; the choice is a year of its own."""

    before: Span
    after: Span
    selection: Span
    months: int


def spans_of(intervention: InterventionRecord, question: EffectQuestion, *, today: date) -> Spans:
    """The months that are compared.

    Raises
    ------
    RefusedError
        Less than a month has passed since it began.
    """
    start = pd.Timestamp(intervention.valid_from)
    passed = 0
    while start + pd.DateOffset(months=passed + 1) <= pd.Timestamp(today):
        passed += 1
        if passed == question.months:
            break
    if passed == 0:
        raise RefusedError(
            f"{intervention.name} began on {date_in_words(intervention.valid_from)}: an effect "
            "can be "
            f"asked for once a month has passed"
        )
    back = 24 if question.leaves_out_year else 12
    before = _months_from(start - pd.DateOffset(months=back), passed)
    chosen_from = (
        start - pd.DateOffset(months=SELECTION_MONTHS)
        if question.leaves_out_year
        else before.first - pd.DateOffset(months=SELECTION_MONTHS)
    )
    return Spans(
        before, _months_from(start, passed), _months_from(chosen_from, SELECTION_MONTHS), passed
    )


def _months_from(first: pd.Timestamp, months: int) -> Span:
    return Span(first, first + pd.DateOffset(months=months))


@dataclass(frozen=True)
class Area:
    """A comparison area; ``code`` is its centre, such as 554310-173720."""

    code: str
    x: float
    y: float
    incidents: int
    is_proposed: bool
    is_chosen: bool
    geometry: BaseGeometry


@dataclass(frozen=True)
class Ground:
    """Where is counted; rings never hold a target or another's area.

    ``parts`` are the treated sites one by one, ``target`` all of them.
    """

    parts: tuple[BaseGeometry, ...]
    target: BaseGeometry
    ring: BaseGeometry
    areas: tuple[Area, ...]
    comparison: BaseGeometry
    comparison_ring: BaseGeometry


def ground_of(
    intervention: InterventionRecord,
    question: EffectQuestion,
    incidents: gpd.GeoDataFrame,
    spans: Spans,
) -> Ground:
    """The treated sites, their ring, and areas as bad as they that lie outside it.

    Parameters
    ----------
    incidents
        All of the borough's that are counted, EPSG:27700, with ``night``.
    """
    parts = treated_parts(intervention.geometry)
    target = shapely.union_all(parts)
    reach = target.buffer(question.ring_m)
    chosen_by = incidents[spans.selection.holds(incidents["night"])]
    radius = float(np.sqrt(np.mean([part.area for part in parts]) / np.pi))
    candidates = candidate_areas(
        shapely.get_coordinates(chosen_by.geometry.to_numpy()),
        radius_m=radius,
        apart_m=2 * radius + question.ring_m,
        keep_out=reach,
        at_most=max(MOST_OFFERED, 2 * EACH * len(parts)),
    )
    own = np.array([int(chosen_by.intersects(part).sum()) for part in parts])
    areas = _areas(candidates, propose_areas(candidates, own, n_each=EACH), radius, question)
    comparison = shapely.union_all([area.geometry for area in areas if area.is_chosen])
    around = comparison.buffer(question.ring_m).difference(shapely.union(comparison, reach))
    return Ground(parts, target, reach.difference(target), areas, comparison, around)


def treated_parts(shape: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """The sites of a intervention: points with ground about them, outlines as they are."""
    parts = shapely.get_parts(shape)
    grown = [part if part.area else part.buffer(POINT_RADIUS_M) for part in parts]
    merged: tuple[BaseGeometry, ...] = tuple(shapely.get_parts(shapely.union_all(grown)))
    return merged


def _areas(
    candidates: pd.DataFrame, is_proposed: np.ndarray, radius: float, question: EffectQuestion
) -> tuple[Area, ...]:
    areas = []
    for row, proposed in zip(candidates.to_dict("records"), is_proposed.tolist(), strict=True):
        code = f"{row['x']:.0f}-{row['y']:.0f}"
        chosen = code in question.areas if question.areas else proposed
        disc = shapely.Point(row["x"], row["y"]).buffer(radius)
        areas.append(Area(code, row["x"], row["y"], int(row["incidents"]), proposed, chosen, disc))
    return tuple(areas)


def counted_incidents(
    incidents: gpd.GeoDataFrame, outcome: str, spans: Spans
) -> tuple[gpd.GeoDataFrame, str]:
    """Those that count, each with its ``night``; and which they are, ``cleared`` or ``all``.

    Posters and patrols change how many people report, so incidents that the contractor cleared are
    counted where the outcome of most is known.
    """
    dated: Any = incidents.assign(night=dump_nights(incidents))
    inside = spans.before.holds(dated["night"]) | spans.after.holds(dated["night"])
    known = dated.loc[inside, "state"].isin(CLOSED).mean() if inside.any() else 0.0
    if outcome == "auto":
        outcome = "cleared" if known >= MOSTLY_KNOWN else "all"
    return (dated if outcome == "all" else dated[dated["state"] == "cleared"]), outcome
