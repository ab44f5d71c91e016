"""What a crew did about an incident, recorded once, corrected by a new row, never deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import clearances
from geodata.clearances import time_gaps
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import (
    BAND_ESTIMATE,
    CLOSING,
    ChargerBand,
    IncidentEventKind,
    Moderation,
    Outcome,
)
from geodata.incidents import incident_events, incident_totals, open_incidents
from geodata.media import photos
from geodata.people.personal_data import taken_out
from geodata.rules.clearances.device_times import counted_time
from geodata.store.engine import lock
from web.services.clearing.new_clearance import NewClearance, faults
from web.services.common.speaking import gettext as _
from web.services.incidents import incident_assignment
from web.services.incidents.casework import merge_into

if TYPE_CHECKING:
    from geodata.models import Clearance, Incident

REOPEN_WITHIN = timedelta(days=7)
STILL_THERE = "It is still there"
TIMES = (
    "occurred_at",
    "device_at",
    "time_accepted_at",
    "time_accepted_by_id",
    "time_reason",
)


@dataclass(frozen=True)
class Recorded:
    """What became of it; ``is_new`` is False where the same form had been sent before."""

    clearance_id: int
    incident_id: int
    incident_key: str
    state: str
    is_new: bool


def record(session: Session, new: NewClearance, *, now: datetime) -> Recorded:
    """Store an outcome and bring the incident in line with it.

    An outcome that comes late, from a telephone without signal, takes effect when it happened:
    what was reported after it is a new dump. One that comes later than the council's longest gap
    takes effect when it is received, until an officer accepts the time that it tells.

    Raises
    ------
    RefusedError
        What was told is incomplete; the message names each fault.
    NotFoundError
        There is no such incident, or no such entry to correct.
    """
    new = _left_to_join(_naming_nobody(new))
    lock(session, incident_assignment.LOCK)
    if new.idempotency_key is not None:
        known = clearances.by_idempotency_key(session, new.idempotency_key)
        if known is not None:
            return _recorded(session, known, known.incident_id or 0, is_new=False)
    incident = open_incidents.by_id(session, new.incident_id)
    _refuse_incomplete(session, new)
    corrected = _corrected(session, new, incident)
    reports = incident_totals.members(session, incident.id)
    row = clearances.add(
        session,
        **_columns(new, incident),
        **_times(session, new, incident, corrected, now),
        report_id=reports[0].id,
        recorded_at=now,
    )
    photos.carry_over(session, _kept_photos(session, new), clearance_id=row.id)
    for picture in new.pictures:
        photos.add(session, picture, now=now, clearance_id=row.id)
    at = row.occurred_at
    _note(session, new, incident, row, at=at, now=now)
    if corrected is not None:
        _undo_pause(session, incident, corrected, now)
    _stop_or_start_clock(session, new, incident, at=at, now=now)
    incident_assignment.settle(session, incident)
    if new.outcome == Outcome.DUPLICATE and new.duplicate_of:
        into = open_incidents.by_key(session, new.duplicate_of)
        merge_into(session, incident, into, reason=new.note, user_id=new.user_id, now=now)
    else:
        incident_assignment.rehome_later_reports(session, incident, now=now)
    return _recorded(session, row, incident.id, is_new=True)


def reopen(
    session: Session,
    incident_id: int,
    *,
    now: datetime,
    reason: str = STILL_THERE,
    user_id: int | None = None,
) -> Incident:
    """Open an incident again that was said to be done, with its first clock; the incident.

    One that is open already stays as it is: two people may say so.

    Raises
    ------
    RefusedError
        It closed more than seven days ago: then what lies there is a new dump.
    """
    lock(session, incident_assignment.LOCK)
    incident = open_incidents.by_id(session, incident_id)
    if incident.closed_at is None:
        return incident
    if now - incident.closed_at > REOPEN_WITHIN:
        raise RefusedError(
            _(
                "This was closed more than %(days)s days ago: report it again",
                days=REOPEN_WITHIN.days,
            )
        )
    taken_back = clearances.void_closing(session, incident.id, now=now)
    incident_events.append(
        session,
        incident.id,
        IncidentEventKind.REOPENED,
        at=now,
        now=now,
        user_id=user_id,
        reason=reason,
        details={"clearances": taken_back},
    )
    incident_assignment.settle(session, incident)
    return incident


def faults_of(session: Session, new: NewClearance) -> dict[str, str]:
    """What is missing or wrong, by field, with the photos that stay from an entry before."""
    return faults(new, kept_photos=len(_kept_photos(session, new)))


def _kept_photos(session: Session, new: NewClearance) -> list[int]:
    owner = clearances.get(session, new.photos_of_id) if new.photos_of_id else None
    if owner is None or owner.incident_id != new.incident_id:
        return []
    return [
        photo.id
        for photo in photos.of_owner(session, clearance_id=owner.id)
        if photo.state != Moderation.REJECTED and photo.id not in new.without_photos
    ]


def _times(
    session: Session,
    new: NewClearance,
    incident: Incident,
    corrected: Clearance | None,
    now: datetime,
) -> dict[str, object]:
    """Columns of when it was; a correction that tells the same time is not a later visit."""
    if corrected is None or new.occurred_at != clearances.told_at(corrected):
        at = _counts_at(session, new, incident, now)
        return {"occurred_at": at, "device_at": new.occurred_at}
    return {name: getattr(corrected, name) for name in TIMES}


def _counts_at(session: Session, new: NewClearance, incident: Incident, now: datetime) -> datetime:
    reopened_at = incident_events.last_reopened_at(session, incident.id)
    not_before = max(filter(None, (incident.first_reported_at, reopened_at)))
    gap = time_gaps.most_gap(session)
    return counted_time(new.occurred_at, received_at=now, not_before=not_before, most_gap=gap).at


def _refuse_incomplete(session: Session, new: NewClearance) -> None:
    faults_of_form = faults_of(session, new)
    if faults_of_form:
        raise RefusedError("; ".join(faults_of_form.values()))
    if new.duplicate_of:
        open_incidents.by_key(session, new.duplicate_of)


def _corrected(session: Session, new: NewClearance, incident: Incident) -> Clearance | None:
    if new.replaces_id is None:
        return None
    earlier = clearances.get(session, new.replaces_id)
    if earlier is None or earlier.incident_id != incident.id:
        raise NotFoundError(f"incident {incident.key} has no entry {new.replaces_id} to correct")
    if new.replaces_id not in {c.id for c in clearances.standing(session, incident.id)}:
        raise RefusedError(_("This entry was corrected already: correct the newer one"))
    return earlier


def _columns(new: NewClearance, incident: Incident) -> dict[str, object]:
    band = ChargerBand(new.charger_band) if new.charger_band else None
    return {
        "idempotency_key": new.idempotency_key,
        "incident_id": incident.id,
        "outcome": new.outcome,
        "geometry": new.position,
        "accuracy_m": new.accuracy_m,
        "charger_band": band,
        "chargers": BAND_ESTIMATE[band] if band else None,
        "cylinders": new.cylinders,
        "sacks": new.sacks,
        "weight_kg": new.weight_kg,
        "disposal": new.disposal,
        "land_owner": new.land_owner,
        "no_photo_reason": new.no_photo_reason,
        "note": new.note,
        "contractor": incident.contractor,
        "user_id": new.user_id,
        "replaces_id": new.replaces_id,
    }


def _naming_nobody(new: NewClearance) -> NewClearance:
    """The outcome without names in its texts.

    They are taken out and not refused: an entry that waited on a telephone must not be lost, nor
    its time, for the sake of a word.
    """
    return replace(
        new,
        note=new.note and taken_out(new.note),
        no_photo_reason=new.no_photo_reason and taken_out(new.no_photo_reason),
        land_owner=new.land_owner and taken_out(new.land_owner),
    )


def _left_to_join(new: NewClearance) -> NewClearance:
    """The outcome as it is kept: the same as a job that nobody names is done by nobody yet."""
    is_unnamed = new.outcome == Outcome.DUPLICATE and not new.duplicate_of
    return replace(new, outcome=Outcome.TO_JOIN.value) if is_unnamed else new


def _note(
    session: Session,
    new: NewClearance,
    incident: Incident,
    row: Clearance,
    *,
    at: datetime,
    now: datetime,
) -> None:
    details: dict[str, object] = {"clearance": row.id, "outcome": new.outcome}
    if new.replaces_id is not None:
        details["replaces"] = new.replaces_id
    if new.occurred_at != at:
        details["device_at"] = new.occurred_at.isoformat()  # a telephone's clock may be wrong
    incident_events.append(
        session,
        incident.id,
        IncidentEventKind.CLEARANCE,
        at=at,
        now=now,
        user_id=new.user_id,
        reason=new.note,
        details=details,
    )


def _undo_pause(session: Session, incident: Incident, corrected: Clearance, now: datetime) -> None:
    """A wrong "no access" stopped the clock for nothing: it ran on all the while."""
    if corrected.outcome == Outcome.NO_ACCESS and incident_events.is_paused(session, incident.id):
        incident_events.append(
            session,
            incident.id,
            IncidentEventKind.RESUMED,
            at=corrected.occurred_at,
            now=now,
            reason="The entry that stopped the clock was corrected",
        )


def _stop_or_start_clock(
    session: Session, new: NewClearance, incident: Incident, *, at: datetime, now: datetime
) -> None:
    is_paused = incident_events.is_paused(session, incident.id)
    if new.outcome == Outcome.NO_ACCESS and not is_paused:
        kind, reason = IncidentEventKind.PAUSED, Outcome.NO_ACCESS.value
    elif new.outcome in CLOSING and is_paused:
        kind, reason = IncidentEventKind.RESUMED, "Done"
    else:
        return
    incident_events.append(
        session, incident.id, kind, at=at, now=now, user_id=new.user_id, reason=reason
    )


def _recorded(session: Session, row: Clearance, incident_id: int, *, is_new: bool) -> Recorded:
    incident = open_incidents.by_id(session, incident_id)
    return Recorded(row.id, incident.id, incident.key, incident.state, is_new)
