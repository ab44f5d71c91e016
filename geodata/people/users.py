"""Accounts: made by an admin, never with a default password."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Role
from geodata.models import User
from geodata.people.identifiers import Identifier

MIN_PASSWORD_LENGTH = 12
FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))


class ThrottledError(RefusedError):
    """Too many wrong passwords; the message says how long to wait."""


@dataclass(frozen=True)
class Account:
    """An account without its password."""

    id: int
    name: str
    role: str
    session_token: str
    may_read_enforcement: bool
    employer: str | None = None


def add(
    session: Session,
    name: str,
    password: str,
    role: str,
    *,
    now: datetime,
    email: str | None = None,
    employer: str | None = None,
    may_read_enforcement: bool = False,
) -> Account:
    """A new account; a crew's employer is the contractor whose jobs it sees.

    Raises
    ------
    RefusedError
        The name is taken, the role unknown, or the password shorter than 12 characters.
    """
    if role not in set(Role):
        raise RefusedError(f"role {role!r} is unknown: choose from {', '.join(Role)}")
    if session.scalar(select(User).where(User.name == name)) is not None:
        raise RefusedError(f"there is a user {name!r} already: choose another name")
    user = User(
        name=name,
        role=role,
        email=email,
        employer=employer,
        may_read_enforcement=may_read_enforcement,
        created_at=now,
        **_secrets(password),
    )
    session.add(user)
    session.flush()
    return _account(user)


def set_password(session: Session, name: str, password: str) -> None:
    """A new password, which ends the account's sessions everywhere."""
    user = session.scalar(select(User).where(User.name == name))
    if user is None:
        raise RefusedError(f"there is no user {name!r}")
    for column, value in _secrets(password).items():
        setattr(user, column, value)
    user.failed_logins = 0
    session.flush()


def find_active(session: Session, key: int) -> Account | None:
    """The account of a key, unless it was switched off."""
    user = session.get(User, key)
    return _account(user) if user is not None and user.is_active else None


def names_with_email(session: Session, identifier: Identifier) -> list[str]:
    """Names of the accounts that have a mail address."""
    rows = session.execute(select(User.name, User.email).order_by(User.name))
    return [name for name, email in rows if identifier.is_in(email)]


def emails(session: Session, role: Role) -> list[str]:
    """Addresses of a role's active accounts, each once."""
    query = select(User.email).where(User.role == role.value, User.is_active, User.email != "")
    return sorted({email for email in session.scalars(query) if email})


def crew_emails(session: Session) -> list[tuple[str, str | None]]:
    """Addresses of crews' active accounts, each with its employer."""
    query = select(User.email, User.employer).where(
        User.role == Role.CONTRACTOR.value, User.is_active, User.email != ""
    )
    return sorted({(email, who) for email, who in session.execute(query) if email})


def enforcement_emails(session: Session) -> list[str]:
    """Addresses of the active council accounts that may read enforcement data, each once."""
    query = select(User.email).where(
        User.is_active,
        User.may_read_enforcement,
        User.role.in_((Role.OFFICER.value, Role.MANAGER.value, Role.ADMIN.value)),
    )
    return sorted({email for email in session.scalars(query) if email})


def active(session: Session, *roles: str) -> list[Account]:
    """Accounts of these roles that are not switched off, by name."""
    query = select(User).where(User.is_active, User.role.in_(roles))
    return [_account(user) for user in session.scalars(query.order_by(User.name, User.id))]


def authenticate(session: Session, name: str, password: str, *, now: datetime) -> Account | None:
    """The account, or None when the name or the password is wrong: which one is not said.

    Raises
    ------
    ThrottledError
        After five failures the wait doubles, up to 15 minutes; a right password in that time
        does not help, or guessing would be free.
    """
    user = session.scalar(select(User).where(User.name == name, User.is_active))
    if user is not None and (wait := _remaining_wait(user, now)) > timedelta(0):
        minutes = -(-int(wait.total_seconds()) // 60)
        raise ThrottledError(f"Too many wrong passwords: wait {minutes} minutes and try again")
    if not _is_right(user.password_hash if user else _NOBODY, password) or user is None:
        if user is not None:
            user.failed_logins += 1
            user.last_failed_at = now
            session.flush()
        return None
    user.failed_logins = 0
    session.flush()
    return _account(user)


def _is_right(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def _remaining_wait(user: User, now: datetime) -> timedelta:
    excess = user.failed_logins - FREE_TRIES
    if excess < 0 or user.last_failed_at is None:
        return timedelta(0)
    wait = min(timedelta(minutes=1) * 2 ** min(excess, 10), LONGEST_WAIT)
    remaining: timedelta = user.last_failed_at + wait - now
    return remaining


def _secrets(password: str) -> dict[str, str]:
    if len(password) < MIN_PASSWORD_LENGTH:
        raise RefusedError(
            f"the password has {len(password)} characters: use {MIN_PASSWORD_LENGTH} or more"
        )
    return {"password_hash": _HASHER.hash(password), "session_token": secrets.token_hex(16)}


def _account(user: User) -> Account:
    return Account(
        user.id,
        user.name,
        user.role,
        user.session_token,
        user.may_read_enforcement,
        user.employer,
    )


def names(session: Session) -> dict[int | None, str]:
    """Every account's name by its key."""
    return {key: name for key, name in session.execute(select(User.id, User.name))}  # noqa: C416
