"""How to reach reporters: kept apart, deleted first, at their word at once."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from geodata.core.tokens import token_hash
from geodata.core.types import UTCDateTime
from geodata.models import Incident, Report, ReporterContact
from geodata.people import outbox
from geodata.people.identifiers import Identifier

ENDED = func.coalesce(Incident.closed_at, Incident.last_reported_at, Report.reported_at)
"""When an address has served: its incident's end, or the last word of one that is open."""


@dataclass(frozen=True)
class Contact:
    """A reporter who asked for updates, by mail, by text message, or by both.

    ``token`` is what the link in a message knows them by, and ``language`` the code of what their
    messages are written in. ``email`` and ``phone`` are empty where they were not given.
    """

    report_id: int
    reference: str
    email: str
    token: str
    wants_updates: bool
    language: str = "en"
    phone: str = ""


def mail_key(report_id: int, what: str) -> str:
    """The outbox key of a message to a report's reporter; all of them begin alike."""
    return f"report:{report_id}:{what}"


def add(
    session: Session,
    report_id: int,
    email: str,
    *,
    now: datetime,
    language: str = "en",
    phone: str = "",
) -> str:
    """Keep how a reporter is reached; the token of the links in their messages."""
    token = secrets.token_urlsafe(24)
    row = ReporterContact(
        report_id=report_id,
        email=email,
        phone=phone,
        token=token,
        created_at=now,
        language=language,
    )
    session.add(row)
    session.flush()
    return token


def of_report(session: Session, report_id: int) -> Contact | None:
    """The contact of a report, None where there is none or no more."""
    return _one(session, ReporterContact.report_id == report_id)


def by_token(session: Session, token: str) -> Contact | None:
    """The contact that a mail's link names."""
    return _one(session, ReporterContact.token_hash == token_hash(token))


def of_person(session: Session, identifier: Identifier) -> list[Contact]:
    """The contacts of a mail address or a mobile number, by report."""
    rows = session.execute(_joined().order_by(Report.id))
    return [
        _contact(row) for row in rows if identifier.is_in(row.email) or identifier.is_in(row.phone)
    ]


def of_incident(session: Session, incident_id: int) -> list[Contact]:
    """Everybody who asked to hear of an incident, by report."""
    query = _joined().where(Report.incident_id == incident_id, ReporterContact.wants_updates)
    return [_contact(row) for row in session.execute(query.order_by(Report.id))]


def stop_updates(session: Session, token: str, *, kept: Collection[int] = ()) -> bool:
    """No more mails, and none of those waiting; False where nobody has the token.

    The mails of ``kept`` reports, which are held, stay as a record; what waits is given up.
    """
    row = session.scalar(
        select(ReporterContact).where(ReporterContact.token_hash == token_hash(token))
    )
    if row is None:
        return False
    row.wants_updates = False
    prefix = mail_key(row.report_id, "")
    if row.report_id in kept:
        outbox.give_up(session, key_prefix=prefix)
    else:
        outbox.drop(session, key_prefix=prefix)
    session.flush()
    return True


def remove(session: Session, report_id: int) -> bool:
    """Delete a reporter's address everywhere, mails sent and waiting too; whether it was there."""
    outbox.drop(session, key_prefix=mail_key(report_id, ""))
    result: Any = session.execute(
        delete(ReporterContact).where(ReporterContact.report_id == report_id)
    )
    return int(result.rowcount) > 0


def remove_of_incidents_ended(
    session: Session, *, before: datetime, kept: Collection[int] = ()
) -> int:
    """Delete the addresses of incidents that closed, or were last spoken of, before a moment.

    Those of ``kept`` reports, which are held, stay.
    """
    old = [key for key in of_incidents_ended(session, before=before) if key not in kept]
    for report_id in old:
        remove(session, report_id)
    return len(old)


def of_incidents_ended(session: Session, *, before: datetime) -> Sequence[int]:
    """Reports with an address whose incident ended, or was last spoken of, before a moment."""
    query = _with_incident(select(ReporterContact.report_id)).where(before > ENDED)
    return session.scalars(query.order_by(ReporterContact.report_id)).all()


def oldest_end(session: Session) -> datetime | None:
    """When the incident of the oldest address ended, or was last spoken of; None without any."""
    end: datetime | None = session.scalar(
        _with_incident(select(func.min(ENDED, type_=UTCDateTime())))
    )
    return end


def _with_incident(query: Any) -> Any:
    return (
        query.select_from(ReporterContact)
        .join(Report, Report.id == ReporterContact.report_id)
        .outerjoin(Incident, Incident.id == Report.incident_id)
    )


def _joined() -> Any:
    return select(
        ReporterContact.report_id,
        Report.reference,
        ReporterContact.email,
        ReporterContact.token,
        ReporterContact.wants_updates,
        ReporterContact.language,
        ReporterContact.phone,
    ).join(Report, Report.id == ReporterContact.report_id)


def _one(session: Session, condition: Any) -> Contact | None:
    row = session.execute(_joined().where(condition)).first()
    return None if row is None else _contact(row)


def _contact(row: Any) -> Contact:
    return Contact(*row)
