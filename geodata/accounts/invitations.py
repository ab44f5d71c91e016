"""One-time links with which the holder of an account chooses a password."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.accounts.account import Account, account_of
from geodata.accounts.changed_rows import changed_rows
from geodata.core.errors import NotFoundError
from geodata.core.tokens import new_token, token_hash
from geodata.models import Invitation, User

LIFETIME = timedelta(days=3)


def make(session: Session, user_id: int, *, now: datetime) -> str:
    """A new link's key, shown once; links that the account had before end."""
    withdraw(session, user_id)
    token = new_token()
    session.add(
        Invitation(
            token_hash=token_hash(token), user_id=user_id, created_at=now, ends_at=now + LIFETIME
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, *, now: datetime) -> Account:
    """Whose link it is.

    Raises
    ------
    NotFoundError
        It was used, replaced or withdrawn, its time is over, or the account is switched off.
    """
    query = (
        select(User)
        .join(Invitation, Invitation.user_id == User.id)
        .where(Invitation.token_hash == token_hash(token), Invitation.ends_at > now, User.is_active)
    )
    user = session.scalar(query)
    if user is None:
        raise NotFoundError("this link was used already, or its time is over: ask for a new one")
    return account_of(user)


def use_up(session: Session, token: str, *, now: datetime) -> Account:
    """Whose link it is; it ends with this, so that of two who use it at once one succeeds.

    Raises
    ------
    NotFoundError
        As of ``find``.
    """
    account = find(session, token, now=now)
    query = delete(Invitation).where(Invitation.token_hash == token_hash(token))
    if not changed_rows(session, query):
        raise NotFoundError("this link was used already: ask for a new one")
    return account


def withdraw(session: Session, user_id: int) -> None:
    """End an account's links."""
    session.execute(delete(Invitation).where(Invitation.user_id == user_id))


def waiting(session: Session, *, now: datetime) -> dict[int, datetime]:
    """When the link of each account that has one ends, by the account's key."""
    query = select(Invitation.user_id, Invitation.ends_at).where(Invitation.ends_at > now)
    ends = session.execute(query.order_by(Invitation.id))
    return {key: ends_at for key, ends_at in ends}  # noqa: C416
