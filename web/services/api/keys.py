"""Keys of other systems: who may make them, with which rights, each time in the audit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from geodata.accounts import api_keys
from geodata.accounts.api_keys import Holder
from geodata.clearances.contracts import firms_of
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import JOB_SCOPES, Scope
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.days import day_starts, local_day

ENTITY = "api_key"
LONGEST = timedelta(days=731)
"""A key that nobody renews in two years is one that nobody remembers."""
MOST_PER_MINUTE = 6_000


@dataclass(frozen=True)
class KeyTerms:
    """What a key opens, until when; see ``geodata.accounts.api_keys.Holder``.

    ``last_day`` is the last London day on which it holds.
    """

    name: str
    scopes: Collection[Scope]
    last_day: date
    contractor: str | None = None
    per_minute: int = 120


def make(session: Session, actor: Actor, terms: KeyTerms) -> tuple[str, Holder]:
    """A new key, told this once, and its holder.

    Raises
    ------
    RefusedError
        It would open nothing, last too long or be of no contract.
    """
    _check(session, terms, actor.now)
    token, holder = api_keys.add(
        session,
        terms.name,
        terms.scopes,
        contractor=terms.contractor,
        per_minute=terms.per_minute,
        ends_at=day_starts(terms.last_day + timedelta(days=1)),
        user_id=actor.user_id,
        now=actor.now,
    )
    audit.write(session, actor, "create", ENTITY, holder.id, after=_record(holder))
    return token, holder


def revoke(session: Session, actor: Actor, key: int) -> Holder:
    """End a key at once.

    Raises
    ------
    NotFoundError
        There is no such key.
    """
    holder = api_keys.get(session, key)
    if holder.revoked_at is None:
        api_keys.revoke(session, key, now=actor.now)
        audit.write(session, actor, "revoke", ENTITY, key, before=_record(holder))
    return holder


def _check(session: Session, terms: KeyTerms, now: datetime) -> None:
    today = local_day(now)
    if not terms.scopes:
        raise RefusedError("the key would open nothing: choose what it is for")
    if not today <= terms.last_day <= today + LONGEST:
        raise RefusedError(
            f"the last day is {terms.last_day:%-d %B %Y}: choose one from today to "
            f"{today + LONGEST:%-d %B %Y}"
        )
    if not 1 <= terms.per_minute <= MOST_PER_MINUTE:
        raise RefusedError(f"{terms.per_minute} requests a minute: give 1 to {MOST_PER_MINUTE:,}")
    firms = firms_of(session, today)
    if firms and JOB_SCOPES & set(terms.scopes) and terms.contractor not in firms:
        raise RefusedError(
            f"{terms.contractor or 'nobody'} holds no contract today: a key for jobs names one of "
            f"{', '.join(sorted(firms))}"
        )


def _record(holder: Holder) -> dict[str, object]:
    return {
        "name": holder.name,
        "scopes": ", ".join(sorted(holder.scopes)),
        "contractor": holder.contractor,
        "per_minute": holder.per_minute,
        "ends_at": holder.ends_at,
    }
