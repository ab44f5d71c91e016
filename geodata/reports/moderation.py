"""Free text that waits for an officer: shown to nobody else before it was looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import Moderation
from geodata.models import AuditEntry, Report, User
from geodata.reports.filed_reports import RECORDED_ELSEWHERE

ACTS = ("moderate", "redact")


@dataclass(frozen=True)
class WaitingText:
    """What a report says in free words."""

    report_id: int
    reference: str
    reported_at: datetime
    description: str
    landmark: str


@dataclass(frozen=True)
class Decision:
    """One entry of the moderation's history; ``who`` is an account's name, empty for nobody."""

    at: datetime
    who: str
    act: str
    entity: str
    entity_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


def waiting_texts(session: Session, *, limit: int) -> list[WaitingText]:
    """Texts that wait, oldest first. Imported histories are left out: they are shown nowhere."""
    query = (
        select(Report)
        .where(
            Report.description_state == Moderation.PENDING.value,
            Report.channel.not_in(RECORDED_ELSEWHERE),
            or_(Report.description != "", Report.landmark != ""),
        )
        .order_by(Report.reported_at, Report.id)
    )
    return [
        WaitingText(r.id, r.reference, r.reported_at, r.description or "", r.landmark or "")
        for r in session.scalars(query.limit(limit))
    ]


def words(session: Session, report_id: int) -> tuple[str, str]:
    """Description and landmark of a report, as they stand; empty where it has none."""
    report = session.get(Report, report_id)
    return ("", "") if report is None else (report.description or "", report.landmark or "")


def decide_text(
    session: Session,
    report_id: int,
    state: Moderation,
    *,
    description: str,
    landmark: str,
    user_id: int,
    reason: str,
    now: datetime,
) -> int | None:
    """Approve, reject or redact a report's text; its incident's key.

    What is taken out is not kept: the log says who changed how much and why, or taking it out
    would have been in vain.

    Raises
    ------
    NotFoundError
        There is no such report.
    RefusedError
        Its text waits no longer: from a page that was opened before, what somebody took out since
        would come back.
    """
    report = session.get(Report, report_id)
    if report is None:
        raise NotFoundError(f"there is no report {report_id}")
    was = (report.description or "", report.landmark or "")
    if report.description_state != Moderation.PENDING or not any(was):
        raise RefusedError(
            f"the text of report {report.reference} waits no longer: somebody else has decided on "
            "it, or it was erased, since this page was opened"
        )
    is_changed = was != (description, landmark)
    entry = AuditEntry(
        at=now,
        user_id=user_id,
        act="redact" if is_changed else "moderate",
        entity="report",
        entity_id=report.id,
        before={"state": report.description_state, "characters": sum(map(len, was))},
        after={"state": state.value, "characters": len(description) + len(landmark)},
        reason=reason or None,
    )
    session.add(entry)
    report.description, report.landmark = description or None, landmark or None
    report.description_state = state.value
    session.flush()
    return report.incident_id


def decisions(session: Session, *, limit: int) -> list[Decision]:
    """What was decided, newest first."""
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.act.in_(ACTS))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    return [
        Decision(
            entry.at,
            name or "",
            entry.act,
            entry.entity,
            entry.entity_id or 0,
            entry.before or {},
            entry.after or {},
            entry.reason or "",
        )
        for entry, name in session.execute(query.limit(limit))
    ]
