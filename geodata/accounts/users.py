"""Accounts: made by those who manage them, never with a default password."""

import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.accounts import sealed_passwords, sessions
from geodata.accounts.account import Account, account_of
from geodata.accounts.passwords import HashedPassword
from geodata.accounts.rights import COUNCIL, Rights
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import Role
from geodata.models import User
from geodata.people.identifiers import Identifier
from geodata.store.engine import lock

MAX_NAME_LENGTH = 80


def add(
    session: Session,
    name: str,
    password: HashedPassword | None,
    role: str,
    *,
    now: datetime,
    email: str | None = None,
    employer: str | None = None,
    may_read_enforcement: bool = False,
) -> Account:
    """A new account; without a password, its holder chooses one by a link.

    A crew's employer is the contractor whose jobs it sees.

    Raises
    ------
    RefusedError
        The name is empty, too long, taken or cannot be shown, or the role unknown.
    """
    if role not in set(Role):
        raise RefusedError(f"role {role!r} is unknown: choose from {', '.join(Role)}")
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        raise RefusedError(f"the name has {len(name)} characters: use 1 to {MAX_NAME_LENGTH}")
    if not name.isprintable():  # it could look like another's: right-to-left marks, for one
        raise RefusedError(f"the name {name!r} has a character that cannot be seen: take it out")
    if session.scalar(select(User).where(func.lower(User.name) == name.lower())) is not None:
        raise RefusedError(f"there is a user {name!r} already: choose another name")
    user = User(
        name=name,
        role=role,
        email=email or None,
        employer=employer or None,
        may_read_enforcement=may_read_enforcement,
        created_at=now,
        password_hash=password.stored if password else "",
        session_token=secrets.token_hex(16),
    )
    session.add(user)
    session.flush()
    return account_of(user)


def find(session: Session, name: str) -> Account:
    """The account of a name, switched off or not.

    Raises
    ------
    NotFoundError
        There is none.
    """
    user = session.scalar(select(User).where(User.name == name))
    if user is None:
        raise NotFoundError(f"there is no user {name!r}: hotspots user list shows all")
    return account_of(user)


def get(session: Session, key: int) -> Account:
    """The account of a key, switched off or not.

    Raises
    ------
    NotFoundError
        There is none.
    """
    return account_of(_row(session, key))


def find_active(session: Session, key: int) -> Account | None:
    """The account of a key, unless it was switched off."""
    user = session.get(User, key)
    return account_of(user) if user is not None and user.is_active else None


def password_of(session: Session, name: str) -> tuple[Account | None, str]:
    """The active account of a name and its password's hash; None and an empty one for others."""
    user = session.scalar(select(User).where(User.name == name, User.is_active))
    return (account_of(user), user.password_hash) if user else (None, "")


def every(session: Session) -> list[Account]:
    """All accounts, those in use first, by name."""
    query = select(User).order_by(User.is_active.desc(), func.lower(User.name), User.id)
    return [account_of(user) for user in session.scalars(query)]


def set_password(session: Session, key: int, password: HashedPassword) -> None:
    """A new password, which ends the account's sessions and calendar links everywhere."""
    _row(session, key).password_hash = password.stored
    end_everywhere(session, key)


def unsealed_passwords(session: Session) -> int:
    """How many accounts have a password that the site's key does not seal yet."""
    query = select(func.count()).where(
        User.password_hash != "", ~User.password_hash.startswith(sealed_passwords.MARK)
    )
    return session.scalar(query.select_from(User)) or 0


def passwords_of_another_key(session: Session, site_key: str) -> int:
    """How many accounts have a password that another key sealed: with this one none is right."""
    mark = sealed_passwords.MARK
    query = select(func.count()).where(
        User.password_hash.startswith(mark),
        ~User.password_hash.startswith(mark + sealed_passwords.key_name(site_key)),
    )
    return session.scalar(query.select_from(User)) or 0


def seal_passwords(session: Session, site_key: str, *, old_key: str = "") -> int:
    """Seal every password by the site's key; how many were not, or by the old one.

    Raises
    ------
    RefusedError
        One was sealed by neither key.
    """
    changed = 0
    for user in session.scalars(select(User).where(User.password_hash != "").order_by(User.id)):
        before = user.password_hash
        user.password_hash = sealed_passwords.sealed_anew(before, old_key, site_key)
        changed += user.password_hash != before
    session.flush()
    return changed


def set_rights(session: Session, key: int, rights: Rights) -> None:
    """Another role or permission, which ends the account's sessions and calendar links.

    Raises
    ------
    RefusedError
        It is the last admin who could sign in.
    """
    if rights.role != Role.ADMIN:
        refuse_last_admin(session, key)
    user = _row(session, key)
    user.role, user.may_read_enforcement = rights.role, rights.may_read_enforcement
    end_everywhere(session, key)


def set_active(session: Session, key: int, *, is_active: bool) -> None:
    """Switch an account off, which ends its sessions and calendar links at once, or on again.

    Raises
    ------
    RefusedError
        It is the last admin who could sign in.
    """
    if not is_active:
        refuse_last_admin(session, key)
    _row(session, key).is_active = is_active
    end_everywhere(session, key)


def set_details(session: Session, key: int, *, email: str | None, employer: str | None) -> None:
    """Where its mails go, and who employs its holder."""
    user = _row(session, key)
    user.email, user.employer = email or None, employer or None
    session.flush()


def end_everywhere(session: Session, key: int) -> None:
    """End an account's sessions and calendar links."""
    _row(session, key).session_token = secrets.token_hex(16)
    sessions.end_all(session, key)


def note_sign_in(session: Session, key: int, *, now: datetime) -> None:
    """Remember when the account last signed in."""
    _row(session, key).last_sign_in_at = now
    session.flush()


def refuse_last_admin(session: Session, key: int) -> None:
    """Refuse to take away the last admin who could sign in.

    Two admins who take each other's role at the same moment wait for each other here.

    Raises
    ------
    RefusedError
        No other active admin has a password or an identity to sign in with.
    """
    lock(session, "accounts")
    user = _row(session, key)
    if user.role != Role.ADMIN or not user.is_active:
        return
    can_sign_in = (User.password_hash != "") | User.sso_subject.is_not(None)
    others = select(User.id).where(
        User.role == Role.ADMIN.value, User.is_active, User.id != key, can_sign_in
    )
    if session.scalar(others.limit(1)) is None:
        raise RefusedError(f"{user.name} is the last admin who can sign in: make another one first")


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
        User.is_active, User.may_read_enforcement, User.role.in_([role.value for role in COUNCIL])
    )
    return sorted({email for email in session.scalars(query) if email})


def active(session: Session, *roles: str) -> list[Account]:
    """Accounts of these roles that are not switched off, by name."""
    query = select(User).where(User.is_active, User.role.in_(roles))
    return [account_of(user) for user in session.scalars(query.order_by(User.name, User.id))]


def names(session: Session) -> dict[int | None, str]:
    """Every account's name by its key."""
    return {key: name for key, name in session.execute(select(User.id, User.name))}  # noqa: C416


def _row(session: Session, key: int) -> User:
    user = session.get(User, key)
    if user is None:
        raise NotFoundError(f"there is no account {key}")
    return user
