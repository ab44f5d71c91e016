"""The contractor's worklist: what is to be cleared, by when, where and with what care."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.clearances.contracts import EVERYTHING, CrewScope
from geodata.core.geography import from_lonlat, to_lonlat
from geodata.core.grid_references import format_gridref
from geodata.core.vocabulary import IncidentState, band_of
from geodata.exporters import harmless
from geodata.incidents import incident_events, jobs
from geodata.rules.clearances.pauses import due_net
from geodata.rules.days import LONDON
from web.services.common.speaking import N_

if TYPE_CHECKING:
    from geodata.models import Incident

BAND_WORDS = {
    "none": N_("None"),
    "up_to_10": N_("Up to 10"),
    "11_to_50": N_("11 to 50"),
    "51_to_100": N_("51 to 100"),
    "over_100": N_("Over 100"),
    "unknown": N_("Not known"),
}
CARE = {
    "leaking": N_("Hissing or leaking: keep away, no flames or engines near it. Specialist crew."),
    "needles": N_("Needles: sharps kit and puncture-proof gloves. Specialist crew."),
    "glass": N_("Broken glass: cut-proof gloves."),
    "cylinders": N_("Large cylinders: hand-separate, do not compact. They explode in the truck."),
}
SOON_H = 4


@dataclass(frozen=True)
class Job:
    """One open incident as a crew needs it. Who reported it is not part of it.

    Attributes
    ----------
    key
        The reference.
    due_at
        UTC, moved by as long as the clock stood; None where no public report started one.
    urgency
        ``overdue``, ``soon`` (within four hours), ``due``, ``paused`` or ``none``.
    chargers, cylinders
        A band in words; an exact count, None not counted.
    hazards, care
        Of needles, leaking, glass, cylinders; and what to do about each.
    """

    incident_id: int
    key: str
    state: str
    due_at: datetime | None
    urgency: str
    first_reported_at: datetime
    reports: int
    ward: str
    place: str
    landmark: str
    land_type: str
    access: str
    easting: float
    northing: float
    lon: float
    lat: float
    grid_ref: str
    chargers: str
    cylinders: int | None
    hazards: tuple[str, ...]
    care: tuple[str, ...]
    contractor: str
    photo_ids: tuple[int, ...] = ()
    distance_m: float | None = None


@dataclass(frozen=True)
class Filter:
    """What of the worklist is wanted; empty is everything.

    ``near`` is WGS 84 (longitude, latitude) of the crew: then the nearest comes first. ``scope``
    is whose jobs: nothing outside it is found by any other wish.
    """

    ward: str = ""
    urgency: str = ""
    hazard: str = ""
    reference: str = ""
    near: tuple[float, float] | None = None
    scope: CrewScope = EVERYTHING


def worklist(session: Session, wanted: Filter, *, now: datetime) -> list[Job]:
    """Open jobs: overdue and due soonest first, or the nearest first."""
    wanted_jobs = jobs_of(session, jobs.open_jobs(session, wanted.scope), wanted.near, now=now)
    chosen = [job for job in wanted_jobs if _is_wanted(job, wanted)]
    return sorted(chosen, key=_by_distance if wanted.near else _by_due)


def job(session: Session, incident_id: int, *, now: datetime) -> Job:
    """One job, whatever its state."""
    return jobs_of(session, [jobs.of_incident(session, incident_id)], now=now)[0]


def jobs_of(
    session: Session,
    rows: Sequence[jobs.PlacedIncident],
    near: tuple[float, float] | None = None,
    *,
    now: datetime,
) -> list[Job]:
    """The incidents as jobs, in their order; two queries however many they are."""
    ids = [row.incident.id for row in rows]
    stood, photos = incident_events.pauses(session, ids), jobs.photo_ids(session, ids)
    return [
        _job(row, stood.get(row.incident.id, []), photos.get(row.incident.id, []), near, now)
        for row in rows
    ]


def wards(listed_jobs: Sequence[Job]) -> list[str]:
    """The wards in which there is work, by name."""
    return sorted({job.ward for job in listed_jobs if job.ward})


def _job(
    row: jobs.PlacedIncident,
    stood: Sequence[tuple[datetime, datetime | None]],
    photo_ids: Sequence[int],
    near: tuple[float, float] | None,
    now: datetime,
) -> Job:
    incident, ward, spot = row.incident, row.ward, row.spot
    x, y = incident.geometry.x, incident.geometry.y
    lon, lat = to_lonlat(x, y)
    due_at = incident.due_at
    if due_at is not None:
        due_at = due_net(due_at, stood, incident.first_public_at or incident.first_reported_at, now)
    hazards = _hazards(incident)
    return Job(
        incident_id=incident.id,
        key=incident.key,
        state=incident.state,
        due_at=due_at,
        urgency=_urgency(incident.state, due_at, now),
        first_reported_at=incident.first_reported_at,
        reports=incident.reports,
        ward=ward.name if ward else "",
        place=spot.name if spot else "",
        landmark=incident.landmark or (spot.landmark if spot else "") or "",
        land_type=(spot.land_type if spot else "") or "",
        access=(spot.access if spot else "") or "",
        easting=x,
        northing=y,
        lon=float(lon),
        lat=float(lat),
        grid_ref=format_gridref(x, y, digits=4),
        chargers=_band(incident.chargers),
        cylinders=incident.cylinders,
        hazards=hazards,
        care=tuple(CARE[hazard] for hazard in hazards),
        contractor=incident.contractor or "",
        photo_ids=tuple(photo_ids),
        distance_m=_distance_m(x, y, near),
    )


def _band(chargers: int | None) -> str:
    return BAND_WORDS["unknown" if chargers is None else band_of(chargers).value]


def _hazards(incident: Incident) -> tuple[str, ...]:
    has = {
        "leaking": incident.is_leaking,
        "needles": incident.has_needles,
        "glass": incident.has_glass,
        "cylinders": bool(incident.cylinders),
    }
    return tuple(name for name, is_so in has.items() if is_so)


def _urgency(state: str, due_at: datetime | None, now: datetime) -> str:
    if state == IncidentState.PAUSED:
        return "paused"
    if due_at is None:
        return "none"
    if due_at < now:
        return "overdue"
    return "soon" if (due_at - now).total_seconds() <= SOON_H * 3600 else "due"


def _distance_m(x: float, y: float, near: tuple[float, float] | None) -> float | None:
    if near is None:
        return None
    east, north = from_lonlat(*near)
    return math.hypot(x - east, y - north)


def _is_wanted(job: Job, wanted: Filter) -> bool:
    return (
        wanted.ward in ("", job.ward)
        and wanted.urgency in ("", job.urgency)
        and (not wanted.hazard or wanted.hazard in job.hazards)
        and wanted.reference.strip().upper() in ("", job.key)
    )


def _by_due(job: Job) -> tuple[int, datetime, int]:
    """Paused jobs after those whose clock runs, jobs without a clock last."""
    rank = {"paused": 1, "none": 2}.get(job.urgency, 0)
    return (rank, job.due_at or job.first_reported_at, job.incident_id)


def _by_distance(job: Job) -> tuple[float, int]:
    return (job.distance_m or 0.0, job.incident_id)


TOLD_COLUMNS = (
    "report_ref",
    "job_state",
    "due_local_time",
    "first_reported_local_time",
    "ward",
    "reported_place",
    "landmark",
    "access",
    "reported_grid_ref",
    "reported_easting",
    "reported_northing",
    "reported_longitude",
    "reported_latitude",
    "reported_chargers",
    "reported_cylinders",
    "hazards",
    "care",
    "reports",
)
"""What was reported, under names that the import does not take for what was found and done."""
ANSWER_COLUMNS = (
    "occurred_at",
    "outcome",
    "chargers",
    "cylinders",
    "sacks",
    "weight_kg",
    "disposal",
    "land_owner",
    "no_photo_reason",
    "note",
)
"""What the contractor fills in, by the names of the import of clearances."""


def as_csv(listed_jobs: Sequence[Job]) -> str:
    """The worklist for the contractor's own system, with empty columns for its answer.

    Times are London's. The file comes back as an import of clearances: rows without an answer
    are left alone.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*TOLD_COLUMNS, *ANSWER_COLUMNS))
    no_answer = ("",) * len(ANSWER_COLUMNS)
    for job in listed_jobs:
        writer.writerow((*(harmless(value) for value in _csv_row(job)), *no_answer))
    return text.getvalue()


def _local(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


def _csv_row(job: Job) -> tuple[object, ...]:
    return (
        job.key,
        job.state,
        _local(job.due_at),
        _local(job.first_reported_at),
        job.ward,
        job.place,
        job.landmark,
        job.access,
        job.grid_ref,
        round(job.easting),
        round(job.northing),
        round(job.lon, 6),
        round(job.lat, 6),
        job.chargers,
        "" if job.cylinders is None else job.cylinders,
        " ".join(job.hazards),
        " ".join(job.care),
        job.reports,
    )
