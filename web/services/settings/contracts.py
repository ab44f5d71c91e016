"""Who clears, from when to when: entered, changed and taken back, each time in the audit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.clearances import contracts
from geodata.clearances.contracts import Terms
from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.clearances.service_level import service_clock
from web.services.common.wording import date_in_words
from web.services.incidents.hand_over import left_over

if TYPE_CHECKING:
    from geodata.models import AuditEntry, ContractPeriod

ENTITY = "contract_period"
UNDOABLE = {"create": "entering", "change": "change"}
ACTS = {"create": "Entered", "change": "Changed", "undo": "Taken back"}


@dataclass(frozen=True)
class ContractChange:
    """An entry of the audit log as the page says it."""

    at: datetime
    who: str
    what: str
    contract: str
    reason: str


@dataclass(frozen=True)
class ContractsView:
    """Every contract, what is odd about them, and what was changed, the newest first.

    Attributes
    ----------
    undoes
        What taking the last change back would do; empty where there is none to take back.
    """

    periods: list[ContractPeriod]
    remarks: list[str]
    changes: list[ContractChange]
    undoes: str


def open_contracts(session: Session, today: date) -> ContractsView:
    """The contracts, as a page shows them."""
    periods = contracts.all_periods(session)
    entries = audit.entries(session, ENTITY)
    changes = [_change(entry, who) for entry, who in entries]
    return ContractsView(periods, _remarks(session, periods, today), changes, _undoes(entries))


def _change(entry: AuditEntry, who: str | None) -> ContractChange:
    terms = entry.after or entry.before or {}
    first, last = (
        date_in_words(date.fromisoformat(terms[name])) if terms.get(name) else ""
        for name in ("valid_from", "valid_to")
    )
    days = f"from {first or 'the beginning'}{f' to {last}' if last else ' on'}"
    contract = f"{terms.get('contractor')}, {days}"
    return ContractChange(
        entry.at, who or "The program", ACTS[entry.act], contract, entry.reason or ""
    )


def _undoes(changes: list[tuple[AuditEntry, str | None]]) -> str:
    if not changes or changes[0][0].act not in UNDOABLE:
        return ""
    entry = changes[0][0]
    return f"{UNDOABLE[entry.act]} of {(entry.after or entry.before or {}).get('contractor')}"


def _remarks(session: Session, periods: list[ContractPeriod], today: date) -> list[str]:
    """Sentences about days that nobody or more than one holds, and about jobs of nobody."""
    remarks = []
    for earlier, later in pairwise(periods):
        ends, begins = earlier.valid_to, later.valid_from
        if ends is None or begins is None or begins <= ends:
            remarks.append(
                f"{earlier.contractor} and {later.contractor} hold contracts on the same days: a "
                f"new job goes to {earlier.contractor}"
            )
        elif begins - ends > timedelta(days=1):
            remarks.append(
                f"Nobody holds a contract from {ends + timedelta(days=1):%-d %B %Y} to "
                f"{begins - timedelta(days=1):%-d %B %Y}: jobs of those days go to no crew"
            )
    firms = {period.contractor for period in periods}
    promised = {level.contract for level in service_clock(session).levels if level.contract}
    remarks += [
        f"A promise is only for the contract of {firm}, whom no contract names: correct one of them"
        for firm in sorted(promised - firms)
    ]
    waiting = len(left_over(session, today))
    if waiting:
        remarks.append(f"{waiting} open jobs belong to no contract of today: hand them over")
    return remarks


def enter(session: Session, actor: Actor, terms: Terms) -> None:
    """A new contract.

    Raises
    ------
    RefusedError
        See ``geodata.clearances.contracts.add``.
    """
    period = contracts.add(session, terms)
    audit.write(
        session, actor, "create", ENTITY, period.id, after=_record(period), reason=terms.source
    )


def change(session: Session, actor: Actor, key: int, terms: Terms) -> None:
    """Other terms for a contract; jobs keep the contractor that they have.

    Raises
    ------
    NotFoundError, RefusedError
        See ``geodata.clearances.contracts``.
    """
    period = contracts.find(session, key)
    before = _record(period)
    contracts.change(session, period, terms)
    after = _record(period)
    audit.write(
        session, actor, "change", ENTITY, key, before=before, after=after, reason=terms.source
    )


def preview(session: Session, actor: Actor, key: int | None, terms: Terms) -> list[str]:
    """Sentences about what a new or changed contract would do, found by doing and undoing it.

    Raises
    ------
    NotFoundError, RefusedError
        As ``enter`` and ``change``.
    """
    entered = session.begin_nested()
    try:
        if key is None:
            enter(session, actor, terms)
        else:
            change(session, actor, key, terms)
        remarks = _remarks(session, contracts.all_periods(session), actor.now.date())
    finally:
        entered.rollback()
    return ["Open jobs keep the contractor and the due time that they have", *remarks]


def undo(session: Session, actor: Actor) -> None:
    """Take the last change back.

    Raises
    ------
    RefusedError
        There is none, or it was taken back already.
    """
    changes = audit.entries(session, ENTITY)
    if not _undoes(changes):
        raise RefusedError("there is no change of a contract to take back")
    entry = changes[0][0]
    if entry.before is None:
        contracts.remove(session, contracts.find(session, entry.entity_id or 0))
    else:
        period = contracts.find(session, entry.entity_id or 0)
        contracts.change(session, period, _terms(entry.before))
    audit.write(
        session,
        actor,
        "undo",
        ENTITY,
        entry.entity_id,
        before=entry.after,
        after=entry.before,
        reason="Taken back",
    )


def _terms(record: dict[str, Any]) -> Terms:
    days = {
        name: record[name] and date.fromisoformat(record[name])
        for name in ("valid_from", "valid_to")
    }
    return Terms(record["contractor"], source=record["source"] or "", **days)


def _record(period: ContractPeriod) -> dict[str, Any]:
    terms = Terms(period.contractor, period.valid_from, period.valid_to, period.source or "")
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(terms).items()
    }
