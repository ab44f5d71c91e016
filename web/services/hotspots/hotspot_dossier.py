"""All that is known of one hotspot: its runs, its incidents over time, what was done and noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.errors import NotFoundError
from geodata.detections import hotspot_records
from geodata.detections.hotspot_records import Note, Watcher
from geodata.posters import interventions
from geodata.posters.interventions import InterventionRecord
from geodata.rules.days import LONDON, corresponding_day, day_starts, local_day
from hotspots.timing.nights import dump_nights
from web.services.hotspots.hotspot_board import NEAR_M
from web.services.hotspots.hotspot_evidence import Evidence, evidence_of
from web.services.hotspots.revisits import go_back_by

if TYPE_CHECKING:
    from geodata.models import DetectionRun, Hotspot

TIMELINE_MONTHS = 36


@dataclass(frozen=True)
class RunEntry:
    """What one run said of it; ``moved_m`` from the run before that flagged it."""

    run_id: int
    as_of: datetime
    rank: int
    incidents: int
    expected: float
    q_value: float
    area_m2: float
    hotspot_class: str | None
    moved_m: float | None


@dataclass(frozen=True)
class SuccessionEntry:
    """A split or merge: ``code`` and ``name`` are the other's; ``is_from``: it came out of it."""

    as_of: datetime
    kind: str
    code: str
    name: str
    is_from: bool

    @property
    def sentence(self) -> str:
        if self.kind == "split":
            return "It split off" if self.is_from else "This split off it:"
        return "This went into it:" if self.is_from else "It went into"


@dataclass(frozen=True)
class Month:
    """A calendar month, by the night of the incidents and the day of the clearances."""

    first: date
    incidents: int
    cleared: int


@dataclass(frozen=True)
class Dossier:
    """One hotspot. ``is_current``: the newest run flags it. What is drawn is the newest outline.

    ``go_back_by`` is the last day on which to pass again, where one incident draws the next.
    """

    id: int
    code: str
    name: str
    is_named_by_hand: bool
    is_current: bool
    first_seen_on: date
    owner_id: int | None
    review_on: date | None
    sara: dict[str, str]
    dismissed_until: date | None
    dismissed_reason: str | None
    geometry: BaseGeometry
    reason: str
    suspicion: str | None
    evidence: Evidence
    runs: list[RunEntry]
    successions: list[SuccessionEntry]
    months: list[Month]
    intervention_records: list[InterventionRecord]
    notes: list[Note]
    watchers: Sequence[Watcher]
    go_back_by: date | None


def dossier(session: Session, code: str, *, now: datetime) -> Dossier:
    """The hotspot of a code.

    Raises
    ------
    NotFoundError
        There is none, or no run holds it.
    """
    identity = detections.find_by_code(session, code)
    history = detections.history_of(session, identity.id)
    if not history:
        raise NotFoundError(f"no detection run holds {code}")
    run, newest = history[0]
    latest = detections.latest_run(session)
    near = newest.geometry.buffer(NEAR_M)
    today = local_day(now)
    inside = frames.incidents(
        session, within=newest.geometry, spoken_of_since=day_starts(timeline_begins(today))
    )
    is_current = latest is not None and latest.id == run.id
    return Dossier(
        id=identity.id,
        code=identity.code,
        name=identity.name,
        is_named_by_hand=identity.is_named_by_hand,
        is_current=is_current,
        first_seen_on=identity.first_seen_on,
        owner_id=identity.owner_id,
        review_on=identity.review_on,
        sara={step: (identity.sara or {}).get(step, "") for step in hotspot_records.SARA_STEPS},
        dismissed_until=identity.dismissed_until,
        dismissed_reason=identity.dismissed_reason,
        geometry=newest.geometry,
        reason=newest.reason,
        suspicion=newest.suspicion,
        evidence=evidence_of(newest.evidence, int(run.params["months"])),
        runs=_run_entries(history),
        successions=_successions(session, identity.id),
        months=_months(inside, today),
        intervention_records=interventions.records(session, near),
        notes=hotspot_records.notes(session, identity.id),
        watchers=hotspot_records.watchers_of(session, identity.id),
        go_back_by=go_back_by(run, newest.last_incident_at, now) if is_current else None,
    )


def _run_entries(history: Sequence[tuple[DetectionRun, Hotspot]]) -> list[RunEntry]:
    """Newest first, as they came."""
    older = [hotspot for _, hotspot in history[1:]]
    return [
        RunEntry(
            run_id=run.id,
            as_of=run.as_of,
            rank=hotspot.rank,
            incidents=hotspot.incidents,
            expected=hotspot.expected,
            q_value=hotspot.q_value,
            area_m2=hotspot.area_m2,
            hotspot_class=hotspot.hotspot_class or hotspot.evidence.get("class"),
            moved_m=None if before is None else _apart(hotspot, before),
        )
        for (run, hotspot), before in zip(history, [*older, None], strict=True)
    ]


def _apart(one: Hotspot, other: Hotspot) -> float:
    return float(np.hypot(one.centre_x - other.centre_x, one.centre_y - other.centre_y))


def _successions(session: Session, key: int) -> list[SuccessionEntry]:
    entries = []
    rows = detections.successions_of(session, key)
    others = detections.identities_by_key(
        session, {each for _, row in rows for each in (row.from_identity_id, row.to_identity_id)}
    )
    for run, row in rows:
        is_to = row.to_identity_id == key
        other = others[row.from_identity_id if is_to else row.to_identity_id]
        entries.append(SuccessionEntry(run.as_of, row.kind, other.code, other.name, is_to))
    return entries


def timeline_begins(today: date) -> date:
    """The first day that a hotspot's page shows, so that it costs the same in later years."""
    return corresponding_day(today.replace(day=1), 1 - TIMELINE_MONTHS)


def _months(incidents: gpd.GeoDataFrame, today: date) -> list[Month]:
    """The last ``TIMELINE_MONTHS``, the running one included."""
    span = pd.period_range(end=pd.Period(today, "M"), periods=TIMELINE_MONTHS, freq="M")
    cleared = incidents.loc[incidents["state"] == "cleared", "cleared_at"].dropna()
    local = cleared.dt.tz_convert(LONDON).dt.tz_localize(None)
    dumped = _by_month(dump_nights(incidents), span)
    done = _by_month(local, span)
    return [Month(m.start_time.date(), dumped[i], done[i]) for i, m in enumerate(span)]


def _by_month(moments: pd.Series, span: pd.PeriodIndex) -> list[int]:
    counts = moments.dt.to_period("M").value_counts().reindex(span, fill_value=0)
    return [int(n) for n in counts]
