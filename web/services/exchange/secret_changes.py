"""Changing the secret of a system, so that no push is lost between the old one and the new."""

from datetime import timedelta

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import SystemKind
from geodata.people import audit, systems
from geodata.people.audit import Actor
from geodata.people.systems import System
from web.services.common.webhook_signature import new_secret
from web.services.exchange.systems import ENTITY, check_secret

LONGEST_OVERLAP = timedelta(days=30)
USUAL_OVERLAP = timedelta(days=7)


def change(
    session: Session, actor: Actor, key: int, secret: str = "", *, overlap: timedelta
) -> System:
    """Give a system another secret; of jobs one is made where none was entered.

    For the overlap each push bears two signatures, by the new secret and the old one: the other
    side may change over when it likes. A key that an Open311 service gave us is sent alone.

    Raises
    ------
    RefusedError
        The secret is too weak, none was entered for a service that gives the key, the overlap is
        out of bounds, or such a system has no secret.
    NotFoundError
        There is no such system.
    """
    system = systems.get(session, key)
    _check(system, secret, overlap)
    signs = system.kind == SystemKind.JOBS
    ends_at = actor.now + overlap if signs and overlap else None
    systems.change(
        session,
        key,
        secret=secret or new_secret(),
        old_secret=system.secret if ends_at else None,
        old_secret_ends_at=ends_at,
    )
    after = {"old_secret_ends_at": ends_at or actor.now}
    audit.write(session, actor, "change_secret", ENTITY, key, after=after)
    return systems.get(session, key)


def end_old(session: Session, actor: Actor, key: int) -> System:
    """Sign by the old secret no longer, before its time: the other side has changed over.

    Raises
    ------
    NotFoundError
        There is no such system.
    """
    system = systems.get(session, key)
    if system.old_secret_ends_at:
        systems.change(session, key, old_secret=None, old_secret_ends_at=None)
        before = {"old_secret_ends_at": system.old_secret_ends_at}
        audit.write(session, actor, "end_old_secret", ENTITY, key, before=before)
    return systems.get(session, key)


def _check(system: System, secret: str, overlap: timedelta) -> None:
    if system.kind not in (SystemKind.JOBS, SystemKind.OPEN311):
        raise RefusedError(
            f"the secret of {system.name} is its address: add it anew with the address that Teams "
            "or Slack gives now, and switch this one off"
        )
    if system.kind == SystemKind.OPEN311 and not secret:
        raise RefusedError(f"enter the key that {system.name} gave you: it cannot be made here")
    if secret and secret == system.secret:
        raise RefusedError("this is the secret that it has already: enter another")
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise RefusedError(
            f"the old secret may sign for 0 to {LONGEST_OVERLAP.days} days more, not {overlap.days}"
        )
    check_secret(system.kind, secret)
