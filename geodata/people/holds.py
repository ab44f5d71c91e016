"""Legal holds: what they name is deleted by no route until they end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.models import EnforcementAction, Incident, LegalHold, Report, ReporterContact, User
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.identifiers import Identifier, hashes_in, parse_identifier
from geodata.rules.days import local_day

ENTITY = "legal_hold"
REPORT, INCIDENT, PERSON, NOTICE = "report", "incident", "person", "notice"
KINDS = (REPORT, INCIDENT, PERSON, NOTICE)


@dataclass(frozen=True)
class Hold:
    """One hold; of a person ``subject`` is a hash. ``by`` is the account's name."""

    id: int
    kind: str
    subject: str
    reason: str
    placed_at: datetime
    by: str
    until: date


def place(
    session: Session, kind: str, subject: str, *, reason: str, until: date, actor: Actor
) -> int:
    """Place a hold; its key.

    It is on a report, on an incident with all its reports and cases, on a person, or on a notice
    with all that was done about the same act.

    Raises
    ------
    RefusedError
        The kind is unknown, the reason is missing, the last day is past, or what stands for the
        person is neither a mail address nor a telephone number.
    NotFoundError
        There is no such report, incident or notice.
    """
    if kind not in KINDS:
        raise RefusedError(f"{kind!r} cannot be held: choose {', '.join(KINDS)}")
    refuse_no_reason(reason, "such as the number of a case")
    if until < local_day(actor.now):
        raise RefusedError(f"{until:%d %B %Y} is past: give the last day of the hold")
    hold = LegalHold(
        subject_kind=kind,
        subject=_subject(session, kind, subject.strip()),
        reason=reason.strip(),
        placed_at=actor.now,
        placed_by_id=actor.user_id,
        until=until,
    )
    session.add(hold)
    session.flush()
    after = {"kind": kind, "until": until} | ({} if kind == PERSON else {"subject": hold.subject})
    audit.write(session, actor, "hold", ENTITY, hold.id, after=after, reason=hold.reason)
    return hold.id


def _subject(session: Session, kind: str, subject: str) -> str:
    if kind == PERSON:
        return parse_identifier(subject).sha256
    column = _NAMED_BY[kind]
    known = session.scalar(select(column).where(column == subject.upper()))
    if known is None:
        raise NotFoundError(f"there is no {kind} {subject}: check the reference")
    return known


_NAMED_BY = {
    REPORT: Report.reference,
    INCIDENT: Incident.key,
    NOTICE: EnforcementAction.reference,
}


def lift(session: Session, hold_id: int, *, reason: str, actor: Actor) -> None:
    """End a hold before its last day.

    Raises
    ------
    RefusedError
        No reason is given.
    NotFoundError
        There is no such hold, or it has ended.
    """
    hold = session.get(LegalHold, hold_id)
    if hold is None or hold.released_at is not None:
        raise NotFoundError(f"there is no hold {hold_id} that stands")
    refuse_no_reason(reason, "such as a case that is settled")
    hold.released_at, hold.release_reason = actor.now, reason.strip()
    audit.write(session, actor, "lift", ENTITY, hold.id, reason=hold.release_reason)


def standing(session: Session, day: date) -> list[Hold]:
    """The holds of a local day, the oldest first."""
    query = (
        select(LegalHold, User.name)
        .outerjoin(User, User.id == LegalHold.placed_by_id)
        .where(LegalHold.released_at.is_(None), LegalHold.until >= day)
        .order_by(LegalHold.id)
    )
    return [
        Hold(
            hold.id,
            hold.subject_kind,
            hold.subject,
            hold.reason,
            hold.placed_at,
            who or "The program",
            hold.until,
        )
        for hold, who in session.execute(query)
    ]


@dataclass(frozen=True)
class Held:
    """What stands under a hold: keys of reports and cases, and hashes of persons."""

    report_ids: frozenset[int] = frozenset()
    persons: frozenset[str] = frozenset()
    action_ids: frozenset[int] = frozenset()

    def has_person(self, identifier: Identifier) -> bool:
        return identifier.sha256 in self.persons

    def has_text(self, text: str | None) -> bool:
        """Whether a held person's address or number stands in a text."""
        return bool(self.persons) and not self.persons.isdisjoint(hashes_in(text))


def held(session: Session, day: date) -> Held:
    """All that is held on a local day."""
    by_kind: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for hold in standing(session, day):
        by_kind[hold.kind].add(hold.subject)
    action_ids, incident_ids = _cases_of(session, by_kind)
    reports = set(
        session.scalars(
            select(Report.id)
            .outerjoin(Incident, Incident.id == Report.incident_id)
            .where(
                Report.reference.in_(by_kind[REPORT])
                | Incident.key.in_(by_kind[INCIDENT])
                | Incident.id.in_(incident_ids)
            )
        )
    )
    persons = frozenset(by_kind[PERSON])
    return Held(frozenset(reports | _reports_of(session, persons)), persons, frozenset(action_ids))


def _cases_of(
    session: Session, by_kind: Mapping[str, Collection[str]]
) -> tuple[set[int], set[int]]:
    """Cases about held acts and incidents; and the incidents of held notices."""
    notices, incidents = by_kind[NOTICE], by_kind[INCIDENT]
    if not notices and not incidents:
        return set(), set()
    acts = (
        select(EnforcementAction.act_ref)
        .outerjoin(Incident, Incident.id == EnforcementAction.incident_id)
        .where(EnforcementAction.reference.in_(notices) | Incident.key.in_(incidents))
    )
    query = select(EnforcementAction.id, EnforcementAction.incident_id).where(
        EnforcementAction.act_ref.in_(acts) | EnforcementAction.reference.in_(notices)
    )
    rows = session.execute(query).all()
    return {key for key, _ in rows}, {tied for _, tied in rows if tied is not None}


def _reports_of(session: Session, persons: Collection[str]) -> set[int]:
    """Reports that persons made with their address, or in whose words they stand."""
    if not persons:
        return set()
    contacts = session.execute(select(ReporterContact.report_id, ReporterContact.email))
    by_contact = {key for key, mail in contacts if hashes_in(mail) & set(persons)}
    texts = session.execute(
        select(Report.id, Report.description, Report.landmark).where(
            Report.description.is_not(None) | Report.landmark.is_not(None)
        )
    )
    by_text = {
        key for key, *words in texts if hashes_in(" ".join(filter(None, words))) & set(persons)
    }
    return by_contact | by_text
