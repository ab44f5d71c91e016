"""Did it work? Counts before and after an intervention, judged with all that speaks against it."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames, interventions, places
from geodata.interventions import Measure
from geodata.types import SRID
from hotspots.comparison import Placebos, placebo_distribution
from hotspots.difference_in_differences import (
    DifferenceInDifferences,
    difference_in_differences,
)
from hotspots.displacement import BeforeAfter
from hotspots.effects import Effect, judge_effect
from hotspots.errors import ParameterError, TooFewError
from hotspots.grid import square_grid
from hotspots.regression_to_mean import expected_fall
from web.services.effect_design import (
    SELECTION_MONTHS,
    EffectQuestion,
    Ground,
    Spans,
    counted_incidents,
    ground_of,
    spans_of,
)
from web.services.effect_warnings import warnings_about
from web.services.measure_places import in_words

LEAST_PLACEBOS = 19
"""With fewer, no share of them is below 5 %."""


@dataclass(frozen=True)
class MonthRow:
    """One month from the start of a span on; ``is_after``: of the later span."""

    first: date
    is_after: bool
    target: int
    ring: int
    comparison: int
    comparison_ring: int


@dataclass(frozen=True)
class EffectReport:
    """All that the page shows; None with its reason beside it where a part cannot be told.

    Attributes
    ----------
    outcome
        What is counted: ``cleared`` or ``all``.
    counts
        Before and after by area: ``target``, ``ring``, ``comparison``, ``comparison_ring``.
    by_model, no_model
        The main estimate, or why there is none.
    placebos, no_placebos
        The same change at other places and dates, or why it cannot be told.
    fall
        Dumps to expect "after" if the place was chosen by "before" and nothing was done; null
        where nothing can fall.
    """

    measure: Measure
    question: EffectQuestion
    spans: Spans
    ground: Ground
    outcome: str
    counts: dict[str, BeforeAfter]
    effect: Effect
    by_model: DifferenceInDifferences | None
    no_model: str
    placebos: Placebos | None
    no_placebos: str
    fall: float
    months: list[MonthRow]
    area_names: dict[str, str]
    warnings: list[str]


def report_effect(
    session: Session, source: str, key: int, question: EffectQuestion, *, today: date
) -> EffectReport:
    """Judge an intervention or an order.

    Raises
    ------
    NotFoundError
        There is no such measure.
    RefusedError
        It began less than a month ago.
    """
    measure = interventions.find_measure(session, source, key)
    spans = spans_of(measure, question, today=today)
    incidents, outcome = counted_incidents(frames.incidents(session), question.outcome, spans)
    ground = ground_of(measure, question, incidents, spans)
    counts = {name: _count(incidents, area, spans) for name, area in _areas_of(ground).items()}
    effect = judge_effect(
        counts["target"], counts["comparison"], counts["ring"], counts["comparison_ring"]
    )
    by_model, no_model = _model(incidents, ground, spans)
    cells = _cells(places.borough(session), ground)
    placebos, no_placebos = _placebos(incidents, ground, cells, spans)
    fall = _fall(incidents, ground, cells, spans)
    report = EffectReport(
        measure=measure,
        question=question,
        spans=spans,
        ground=ground,
        outcome=outcome,
        counts=counts,
        effect=effect,
        by_model=by_model,
        no_model=no_model,
        placebos=placebos,
        no_placebos=no_placebos,
        fall=fall,
        months=_month_rows(incidents, ground, spans),
        area_names={area.code: in_words(session, area.geometry) for area in ground.areas},
        warnings=[],
    )
    report.warnings.extend(
        warnings_about(session, measure, question, spans, ground, counts, effect, fall)
    )
    return report


def _areas_of(ground: Ground) -> dict[str, BaseGeometry]:
    return {
        "target": ground.target,
        "ring": ground.ring,
        "comparison": ground.comparison,
        "comparison_ring": ground.comparison_ring,
    }


def _count(incidents: gpd.GeoDataFrame, area: BaseGeometry, spans: Spans) -> BeforeAfter:
    inside = incidents.intersects(area).to_numpy()
    before, after = (span.holds(incidents["night"]) for span in (spans.before, spans.after))
    return BeforeAfter(int((inside & before).sum()), int((inside & after).sum()))


def _month_edges(first: pd.Timestamp, months: int) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([first + pd.DateOffset(months=m) for m in range(months + 1)])


def _monthly(incidents: gpd.GeoDataFrame, edges: pd.DatetimeIndex) -> np.ndarray:
    """(months,) dumps between one edge and the next."""
    at = np.searchsorted(edges, incidents["night"].to_numpy(), side="right") - 1
    inside = (at >= 0) & (at < len(edges) - 1)
    return np.bincount(at[inside], minlength=len(edges) - 1)


def _within(incidents: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    return incidents[incidents.intersects(area)]


def _month_rows(incidents: gpd.GeoDataFrame, ground: Ground, spans: Spans) -> list[MonthRow]:
    inside = [_within(incidents, area) for area in _areas_of(ground).values()]
    rows = []
    for is_after, span in ((False, spans.before), (True, spans.after)):
        edges = _month_edges(span.first, spans.months)
        table = np.array([_monthly(some, edges) for some in inside])
        rows += [
            MonthRow(edges[m].date(), is_after, *(int(n) for n in table[:, m]))
            for m in range(spans.months)
        ]
    return rows


def _model(
    incidents: gpd.GeoDataFrame, ground: Ground, spans: Spans
) -> tuple[DifferenceInDifferences | None, str]:
    """The estimate over sites and months."""
    sites = [*ground.parts, *(area.geometry for area in ground.areas if area.is_chosen)]
    edges = [_month_edges(span.first, spans.months) for span in (spans.before, spans.after)]

    def series(some: gpd.GeoDataFrame) -> np.ndarray:
        return np.concatenate([_monthly(some, edge) for edge in edges])

    counts = np.array([series(_within(incidents, site)) for site in sites])
    is_treated = np.arange(len(sites)) < len(ground.parts)
    is_after = np.arange(2 * spans.months) >= spans.months
    if is_treated.all():
        return None, "there is no comparison area"
    try:
        return difference_in_differences(counts, is_treated, is_after, series(incidents)), ""
    except TooFewError as error:
        return None, str(error)


def _cells(borough: BaseGeometry | None, ground: Ground) -> np.ndarray:
    """Squares as big as a treated site, over the borough but away from the treated ones."""
    if borough is None:
        return np.array([], dtype=object)
    side = float(np.sqrt(np.mean([part.area for part in ground.parts])))
    squares = square_grid(borough, side).polygons(SRID).to_numpy()
    away: np.ndarray = squares[~shapely.intersects(squares, ground.target)]
    return away


def _cell_counts(
    incidents: gpd.GeoDataFrame, cells: np.ndarray, edges: pd.DatetimeIndex
) -> np.ndarray:
    """(cells, months) dumps."""
    table = np.zeros((len(cells), len(edges) - 1), dtype=int)
    if len(cells) == 0 or incidents.empty:
        return table
    points = incidents.geometry.to_numpy()
    cell, row = shapely.STRtree(points).query(cells, predicate="intersects")
    _, once = np.unique(row, return_index=True)  # a dump on an edge belongs to one cell
    month = np.searchsorted(edges, incidents["night"].to_numpy()[row[once]], side="right") - 1
    inside = (month >= 0) & (month < table.shape[1])
    np.add.at(table, (cell[once][inside], month[inside]), 1)
    return table


def _placebos(
    incidents: gpd.GeoDataFrame, ground: Ground, cells: np.ndarray, spans: Spans
) -> tuple[Placebos | None, str]:
    """The same change at every square and month that the same choice might have fallen on."""
    if incidents.empty or len(cells) == 0:
        return None, "there is no dump, or no borough, to draw them from"
    start = spans.after.first
    earliest = incidents["night"].min()
    back = 0
    while start - pd.DateOffset(months=back + 1) >= earliest:
        back += 1
    edges = _month_edges(start - pd.DateOffset(months=back), back + spans.months)
    parts = np.array([_monthly(_within(incidents, part), edges) for part in ground.parts])
    counts = np.vstack([parts.sum(axis=0), _cell_counts(incidents, cells, edges)])
    first = max(back - spans.months, 0)
    chosen_by = parts[:, max(first - SELECTION_MONTHS, 0) : first].sum(axis=1)
    try:
        placebos = placebo_distribution(
            counts,
            np.arange(len(counts)) == 0,
            start=back,
            length=spans.months,
            selection=SELECTION_MONTHS,
            least_selected=max(1, int(chosen_by.min())),
        )
    except ParameterError:
        return None, f"the record begins only {back} months before it: too late to choose others"
    if (n := len(placebos.ratios)) < LEAST_PLACEBOS:
        return None, f"only {n} places and dates are like it: it takes {LEAST_PLACEBOS}"
    return placebos, ""


def _fall(incidents: gpd.GeoDataFrame, ground: Ground, cells: np.ndarray, spans: Spans) -> float:
    """Dumps to expect after, were the sites chosen by "before" and nothing done."""
    edges = pd.DatetimeIndex([spans.before.first, spans.before.end])
    own = np.array([int(_monthly(_within(incidents, p), edges).sum()) for p in ground.parts])
    others = _cell_counts(incidents, cells, edges).sum(axis=1)
    before, after = (int(s.holds(incidents["night"]).sum()) for s in (spans.before, spans.after))
    if not (own.sum() and before and after):
        return float("nan")
    counts = np.concatenate([own, others])
    fall = expected_fall(counts, np.arange(len(own)), borough_ratio=after / before)
    return float(fall.expected.sum())
