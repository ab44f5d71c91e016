"""What people change on their own account."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.accounts import invitations, passwords, second_factors, sessions, users
from geodata.accounts import sign_in_tries as tries
from geodata.accounts.account import Account
from geodata.accounts.passwords import HashedPassword
from geodata.accounts.sessions import OpenSession
from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store.engine import Store
from web.services.accounts import ENTITY
from web.services.accounts.second_factor import is_required
from web.services.accounts.signing_in import Begun, renew


class WrongPasswordError(RefusedError):
    """The password that somebody has now is another one."""


def confirm_password(
    store: Store, account: Account, password: str, site_key: str, *, now: datetime
) -> None:
    """Make sure that it is the account's holder who sits there.

    Raises
    ------
    WrongPasswordError
        It is another password.
    ThrottledError
        There were too many wrong ones.
    """
    key = hashlib.sha256(f"own password:{account.id}".encode()).hexdigest()
    with store.writing() as session:
        tries.count(session, key, now=now)
    with store.reading() as session:
        _, stored = users.password_of(session, account.name)
    is_right = passwords.is_right(stored, password, site_key=site_key)
    with store.writing() as session:
        if is_right:
            tries.forgive(session, key)
            return
        audit.write(session, Actor(account.id, now), "fail_own_password", ENTITY, account.id)
    raise WrongPasswordError("this is not your password now")


def checked_password(account: Account, old: str, new: str, site_key: str) -> HashedPassword:
    """A new password that may be one, hashed.

    Raises
    ------
    RefusedError
        It is the old one, or may not be a password.
    """
    if new == old:
        raise RefusedError("the new password is the old one: choose another")
    return passwords.hashed(new, name=account.name, site_key=site_key)


def change_password(
    session: Session, account: Account, current: OpenSession, new: HashedPassword, actor: Actor
) -> Begun:
    """A new password: all other sessions end, and this one gets a new key."""
    users.set_password(session, account.id, new)
    audit.write(session, actor, "change_own_password", ENTITY, account.id)
    return renew(session, account, current, now=actor.now)


def choose_password(store: Store, token: str, new: str, site_key: str, *, now: datetime) -> Account:
    """Choose a password by a one-time link, which is used up by it.

    Raises
    ------
    NotFoundError
        The link was used, or its time is over.
    RefusedError
        It may not be a password; the link stays.
    """
    with store.reading() as session:
        account = invitations.find(session, token, now=now)
    hashed = passwords.hashed(new, name=account.name, site_key=site_key)
    with store.writing() as session:
        account = invitations.use_up(session, token, now=now)
        users.set_password(session, account.id, hashed)
        audit.write(session, Actor(account.id, now), "accept_invitation", ENTITY, account.id)
    return account


def remove_second_factor(
    session: Session, account: Account, current: OpenSession, actor: Actor
) -> Begun:
    """Take one's own second factor away; all other sessions end.

    Raises
    ------
    RefusedError
        The council requires it.
    """
    if is_required(session) and account.is_council:
        raise RefusedError("the council requires a second factor of you: it cannot be removed")
    second_factors.take_away(session, account.id)
    audit.write(session, actor, "remove_second_factor", ENTITY, account.id)
    return renew(session, account, current, now=actor.now)


def end_other_sessions(
    session: Session, account: Account, current: OpenSession, actor: Actor
) -> int:
    """End all of one's sessions but this; how many there were."""
    ended = sessions.end_all(session, account.id, but=current.id)
    if ended:
        audit.write(session, actor, "end_sessions", ENTITY, account.id, after={"sessions": ended})
    return ended
