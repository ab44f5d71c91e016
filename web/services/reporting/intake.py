"""Taking a report in: stored once, joined to an incident, with the due time that it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import reports
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import BAND_ESTIMATE, ChargerBand, IncidentState, Moderation, Source
from geodata.incidents import incident_changes, incident_totals, open_incidents
from geodata.places import whereabouts
from geodata.rules.days import EARLIEST, LONDON, date_in_words, local_day
from geodata.store.engine import lock
from web.services.incidents import incident_assignment

if TYPE_CHECKING:
    from geodata.models import Incident, Report

CLOCK_SKEW = timedelta(minutes=5)
"""How far another machine's clock may be ahead of ours."""


@dataclass(frozen=True)
class NewReport:
    """What somebody tells.

    Attributes
    ----------
    position
        EPSG:27700.
    accuracy_m
        How far off the position may be, None unknown.
    source, channel
        A `Source`, and how it came: ``web``, ``phone``, ``partner`` …
    reported_at
        When the council was told, aware.
    charger_band
        A `ChargerBand`.
    cylinders
        Large ones, None not counted.
    idempotency_key
        Of the form: the same key is the same report.
    poster_code
        Of the poster site whose QR code led here.
    joins_incident_id
        An open incident that the reporter pointed at; overrides the linking rule.
    """

    position: Point
    source: str
    channel: str
    reported_at: datetime
    accuracy_m: float | None = None
    charger_band: str = ChargerBand.UNKNOWN.value
    cylinders: int | None = None
    has_balloons: bool = False
    has_needles: bool = False
    has_glass: bool = False
    is_leaking: bool = False
    from_vehicle: bool | None = None
    first_seen_at: datetime | None = None
    last_clean_at: datetime | None = None
    description: str | None = None
    landmark: str | None = None
    idempotency_key: str | None = None
    user_id: int | None = None
    poster_code: str | None = None
    joins_incident_id: int | None = None


class CanisterFacts(TypedDict):
    """What a form says of the canisters, by the names of a `NewReport`."""

    charger_band: str
    cylinders: int | None
    has_balloons: bool
    has_needles: bool
    has_glass: bool
    is_leaking: bool
    landmark: str | None
    description: str | None
    idempotency_key: str | None


@dataclass(frozen=True)
class TakenReport:
    """What became of it.

    Attributes
    ----------
    report_id, reference
        Of the report.
    incident_id, incident_key
        Of the incident that it joined or opened.
    due_at, due_rule
        UTC; None where no public clock runs.
    is_new
        False where the same form had been sent before.
    has_opened, has_reopened
        Whether it opened an incident, or showed that one not found is still there.
    """

    report_id: int
    reference: str
    incident_id: int
    incident_key: str
    due_at: datetime | None
    due_rule: str | None
    is_new: bool
    has_opened: bool
    has_reopened: bool


def take_report(session: Session, new: NewReport, *, now: datetime) -> TakenReport:
    """Store a report and let it join an open incident or open one.

    Sent twice with one idempotency key, it is one report, and both calls answer alike.

    Raises
    ------
    RefusedError
        A time lies in the future, or before 1990.
    NotFoundError
        The incident that it is to join is not there.
    """
    lock(session, incident_assignment.LOCK)
    if new.idempotency_key is not None:
        known = reports.by_idempotency_key(session, new.idempotency_key)
        if known is not None:
            incident = open_incidents.by_key(session, known.reference)
            before = incident_assignment.Joined(incident, has_opened=False, has_reopened=False)
            return _taken(known, before, is_new=False)
    _refuse_impossible(new, now)
    report = reports.add(session, **_columns(session, new, now))
    chosen = _chosen(session, new)
    if chosen is not None:
        incident_changes.pin_report(report)
        incident_totals.pin(session, chosen.id)
        return _taken(
            report, incident_assignment.join(session, report, chosen, now=now), is_new=True
        )
    return _taken(report, incident_assignment.join_or_open(session, report, now=now), is_new=True)


def _chosen(session: Session, new: NewReport) -> Incident | None:
    """The incident that was pointed at, unless it closed while the form lay open."""
    if new.joins_incident_id is None:
        return None
    incident = open_incidents.by_id(session, new.joins_incident_id)
    may_still_be_there = (*open_incidents.OPEN, IncidentState.LAPSED.value)
    return incident if incident.state in may_still_be_there else None


def _refuse_impossible(new: NewReport, now: datetime) -> None:
    for words, moment in (
        ("The time of the report", new.reported_at),
        ("The time when it was first seen", new.first_seen_at),
        ("The time when the place was last clean", new.last_clean_at),
    ):
        if moment is not None and moment < EARLIEST:
            raise RefusedError(
                f"{words} (in {moment:%Y}) lies before {EARLIEST:%Y}: check the year"
            )
        if moment is not None and moment > now + CLOCK_SKEW:
            raise RefusedError(f"{words} ({_written(moment, now)}) lies in the future: check it")


def _written(moment: datetime, now: datetime) -> str:
    if moment.year > now.year + 1:  # the calendar's last days have no London time
        return f"in {moment:%Y}"
    return f"{moment.astimezone(LONDON):%H:%M on} {date_in_words(local_day(moment))}"


def _columns(session: Session, new: NewReport, now: datetime) -> dict[str, object]:
    band = ChargerBand(new.charger_band)
    day = new.reported_at.astimezone(LONDON).date()
    return {
        "idempotency_key": new.idempotency_key,
        "reported_at": min(new.reported_at, now),
        "recorded_at": now,
        "geometry": new.position,
        "accuracy_m": new.accuracy_m,
        "place_id": whereabouts.places_of(session, [new.position], [day])[0],
        "landmark": new.landmark,
        "source": Source(new.source).value,
        "channel": new.channel,
        "poster_site_id": reports.poster_site(session, new.poster_code or ""),
        "charger_band": band.value,
        "chargers": BAND_ESTIMATE[band],
        "cylinders": new.cylinders,
        "has_balloons": new.has_balloons,
        "has_needles": new.has_needles,
        "has_glass": new.has_glass,
        "is_leaking": new.is_leaking,
        "from_vehicle": new.from_vehicle,
        "first_seen_at": new.first_seen_at,
        "last_clean_at": new.last_clean_at,
        "description": new.description,
        "description_state": Moderation.PENDING.value,
        "user_id": new.user_id,
    }


def _taken(report: Report, joined: incident_assignment.Joined, *, is_new: bool) -> TakenReport:
    incident = joined.incident
    return TakenReport(
        report_id=report.id,
        reference=report.reference,
        incident_id=incident.id,
        incident_key=incident.key,
        due_at=incident.due_at,
        due_rule=incident.due_rule,
        is_new=is_new,
        has_opened=joined.has_opened,
        has_reopened=joined.has_reopened,
    )
