"""Did it work? Counts before and after an intervention, judged with all that speaks against it."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames, places
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from hotspots.core.errors import TooFewError
from hotspots.core.frames import LONDON
from hotspots.effects import Effect, held_to_steady, judge_effect
from hotspots.effects.comparison_sites import Placebos
from hotspots.effects.difference_in_differences import (
    DifferenceInDifferences,
    difference_in_differences,
)
from hotspots.effects.displacement import BeforeAfter
from hotspots.timing.channels import reporting_change
from web.services.common.written_places import in_words
from web.services.effects.effect_design import (
    EffectQuestion,
    Ground,
    Spans,
    counted_incidents,
    ground_of,
    spans_of,
)
from web.services.effects.effect_warnings import warnings_about
from web.services.effects.month_counts import month_edges, monthly, within
from web.services.effects.placebo_sites import fall_by_itself, placebos_of, squares_like
from web.services.effects.record_coverage import refuse_extension, refuse_without_record


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
        Incidents to expect "after" if the place was chosen by "before" and nothing was done; null
        where nothing can fall.
    """

    intervention: InterventionRecord
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
        There is no such intervention.
    RefusedError
        It began less than a month ago, it only went on from before, or the record does not hold
        all the days that would be compared.
    """
    intervention = interventions.find_record(session, source, key)
    refuse_extension(session, intervention)
    spans = spans_of(intervention, question, today=today)
    every = frames.with_channels(session, frames.incidents(session))
    incidents, outcome = counted_incidents(every, question.outcome, spans)
    ground = ground_of(intervention, question, incidents, spans)
    refuse_without_record(session, intervention, spans, ground, today=today)
    counts = _counts(incidents, ground, spans)
    effect = _effect(incidents, ground, spans)
    by_model, no_model = _model(incidents, ground, spans)
    cells = squares_like(places.borough(session), ground)
    placebos, no_placebos = placebos_of(incidents, ground, cells, spans)
    fall = fall_by_itself(incidents, ground, cells, spans)
    report = EffectReport(
        intervention=intervention,
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
        warnings_about(session, intervention, question, spans, ground, counts, effect, fall)
    )
    return report


def _effect(incidents: gpd.GeoDataFrame, ground: Ground, spans: Spans) -> Effect:
    """Where reporting changed between the spans, only what its steady part shows too."""
    effect = _judged(_counts(incidents, ground, spans))
    since, as_of = (pd.Timestamp(day, tz=LONDON) for day in (spans.before.first, spans.after.end))
    change = reporting_change(incidents, since=since, as_of=as_of)
    if change is None or not change.is_enough:
        return effect
    by_steady = _judged(_counts(incidents[change.is_steady], ground, spans))
    return held_to_steady(effect, by_steady, change.words)


def _judged(counts: dict[str, BeforeAfter]) -> Effect:
    return judge_effect(
        counts["target"], counts["comparison"], counts["ring"], counts["comparison_ring"]
    )


def _counts(incidents: gpd.GeoDataFrame, ground: Ground, spans: Spans) -> dict[str, BeforeAfter]:
    return {name: _count(incidents, area, spans) for name, area in _areas_of(ground).items()}


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


def _month_rows(incidents: gpd.GeoDataFrame, ground: Ground, spans: Spans) -> list[MonthRow]:
    inside = [within(incidents, area) for area in _areas_of(ground).values()]
    rows = []
    for is_after, span in ((False, spans.before), (True, spans.after)):
        edges = month_edges(span.first, spans.months)
        table = np.array([monthly(some, edges) for some in inside])
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
    edges = [month_edges(span.first, spans.months) for span in (spans.before, spans.after)]

    def series(some: gpd.GeoDataFrame) -> np.ndarray:
        return np.concatenate([monthly(some, edge) for edge in edges])

    counts = np.array([series(within(incidents, site)) for site in sites])
    is_treated = np.arange(len(sites)) < len(ground.parts)
    is_after = np.arange(2 * spans.months) >= spans.months
    if is_treated.all():
        return None, "there is no comparison area"
    try:
        return difference_in_differences(counts, is_treated, is_after, series(incidents)), ""
    except TooFewError as error:
        return None, str(error)
