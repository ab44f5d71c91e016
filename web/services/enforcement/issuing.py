"""Who may issue what, with each change in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.core.vocabulary import IssuerKind, Power
from geodata.enforcement import issuers
from geodata.people import audit
from geodata.people.audit import Actor
from web.services.enforcement.decisions import check_reason

if TYPE_CHECKING:
    from geodata.models import Issuer


ENTITY = "issuer"


@dataclass(frozen=True)
class IssuerLine:
    """An issuer and the powers that it holds on a day."""

    issuer: Issuer
    account: str
    powers: tuple[str, ...]


def issuers_on(session: Session, day: date) -> list[IssuerLine]:
    """Every issuer as it stands on a day."""
    names = users.names(session)
    return [
        IssuerLine(
            issuer,
            names.get(issuer.user_id, ""),
            tuple(sorted(issuers.powers_on(session, issuer.id, day))),
        )
        for issuer in issuers.every(session)
    ]


def free_accounts(session: Session) -> list[tuple[int, str]]:
    """Accounts that are no issuer's yet, by name."""
    taken = {issuer.user_id for issuer in issuers.every(session)}
    free = [(key, name) for key, name in users.names(session).items() if key not in taken]
    return sorted(((key, name) for key, name in free if key), key=lambda pair: pair[1])


def add_issuer(
    session: Session,
    badge: str,
    kind: IssuerKind,
    employer: str,
    user_id: int | None,
    actor: Actor,
) -> Issuer:
    """A new issuer.

    Raises
    ------
    RefusedError
        See ``geodata.enforcement.issuers.add``.
    """
    issuer = issuers.add(session, badge, kind, employer, user_id=user_id)
    after = {"badge": issuer.badge, "kind": issuer.kind, "employer": issuer.employer}
    audit.write(session, actor, "create", ENTITY, issuer.id, after=after)
    return issuer


def authorise(
    session: Session,
    issuer: Issuer,
    power: Power,
    instrument: str,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
) -> None:
    """Give an issuer a power in writing.

    Raises
    ------
    RefusedError
        See ``geodata.enforcement.issuers.authorise``.
    """
    given = issuers.authorise(
        session, issuer, power, instrument, valid_from=valid_from, valid_to=valid_to
    )
    after = {"power": given.power, "instrument": given.instrument, "authority": given.id}
    days = {"valid_from": valid_from, "valid_to": valid_to}
    audit.write(
        session, actor, "authorise", ENTITY, issuer.id, after=after | days, reason=given.instrument
    )


def end_authority(
    session: Session, key: int, authority: int, last_day: date, actor: Actor, *, reason: str
) -> None:
    """Let an authority end on a day.

    Raises
    ------
    NotFoundError, RefusedError
        The reason is empty or names somebody; or see ``geodata.enforcement.issuers.end``.
    """
    check_reason(reason)
    issuer = issuers.find(session, key)
    before = issuers.find_authority(session, issuer, authority).valid_to
    given = issuers.end(session, issuer, authority, last_day)
    audit.write(
        session,
        actor,
        "end_authority",
        ENTITY,
        key,
        before={"power": given.power, "valid_to": before, "authority": authority},
        after={"power": given.power, "valid_to": last_day, "authority": authority},
        reason=reason.strip(),
    )
