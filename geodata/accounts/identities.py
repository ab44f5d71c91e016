"""Accounts that belong to an identity of the council's single sign-on."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from geodata.accounts.account import Account, account_of
from geodata.models import User


def find(session: Session, issuer: str, subject: str) -> Account | None:
    """The account of an identity, switched off or not."""
    query = select(User).where(User.sso_issuer == issuer, User.sso_subject == subject)
    user = session.scalar(query)
    return account_of(user) if user else None


def unlinked_with_email(session: Session, email: str) -> list[Account]:
    """Active accounts of a mail address that belong to no identity yet."""
    query = select(User).where(
        User.email_index == email, User.sso_subject.is_(None), User.is_active
    )
    return [account_of(user) for user in session.scalars(query.order_by(User.id))]


def link(session: Session, user_id: int, issuer: str, subject: str) -> None:
    """From now on an account belongs to an identity."""
    values = {"sso_issuer": issuer, "sso_subject": subject}
    session.execute(update(User).where(User.id == user_id).values(values))
    session.flush()


def unlink(session: Session, user_id: int) -> None:
    """The account belongs to no identity any more."""
    values = {"sso_issuer": None, "sso_subject": None}
    session.execute(update(User).where(User.id == user_id).values(values))
    session.flush()
