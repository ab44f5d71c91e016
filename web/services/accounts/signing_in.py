"""Signing in with a password: count the try, compare outside of any transaction, then begin."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.accounts import passwords, sessions, sign_in_tries, users
from geodata.accounts.account import Account
from geodata.accounts.sessions import Method, Stage
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store.engine import Store
from web.services.accounts import ENTITY
from web.services.accounts.second_factor import must_enrol

LONGEST_SESSION = timedelta(days=366)


@dataclass(frozen=True)
class Attempt:
    """What somebody typed, and where they sit. ``address`` is their network address."""

    name: str
    password: str = field(repr=False)
    address: str
    device: str


@dataclass(frozen=True)
class Begun:
    """A session that has begun; ``token`` is for the browser's cookie alone."""

    account: Account
    stage: Stage
    token: str = field(repr=False)


def with_password(
    store: Store, attempt: Attempt, site_key: str, *, now: datetime, linked_may: bool = True
) -> Begun | None:
    """Begin a session, or None where the name or the password is wrong: which one is not said.

    A name that does not exist costs the same time and is slowed down in the same way.

    Parameters
    ----------
    linked_may
        Whether accounts that belong to single sign-on may use a password too.

    Raises
    ------
    ThrottledError
        There were too many wrong passwords for this name from this address.
    """
    key = _key(attempt, site_key)
    with store.writing() as session:
        sign_in_tries.count(session, key, now=now)
    with store.reading() as session:
        account, stored = users.password_of(session, attempt.name)
    if account is not None and account.is_linked and not linked_may:
        stored = ""
    is_right = passwords.is_right(stored, attempt.password, site_key=site_key)
    with store.writing() as session:
        if account is None or not is_right or not _is_unchanged(session, account):
            _note_failure(session, account, now)
            return None
        sign_in_tries.forgive(session, key)
        return begin(session, account, Method.PASSWORD, attempt.device, now=now)


def begin(
    session: Session, account: Account, method: Method, device: str, *, now: datetime
) -> Begun:
    """A session at the stage that the account has reached with a password or by single sign-on.

    The council's provider of identities asks for a second factor itself.
    """
    stage = Stage.FULL
    if method == Method.PASSWORD and account.has_second_factor:
        stage = Stage.SECOND_FACTOR
    elif method == Method.PASSWORD and must_enrol(session, account):
        stage = Stage.ENROLMENT
    return _begin(session, account, stage, method, device, now=now)


def go_on(
    session: Session, account: Account, half_way: sessions.OpenSession, *, now: datetime
) -> Begun:
    """A full session in place of one that waited for the second factor: the key changes."""
    sessions.end(session, account.id, half_way.id)
    return _begin(session, account, Stage.FULL, half_way.method, half_way.device, now=now)


def renew(
    session: Session, account: Account, current: sessions.OpenSession, *, now: datetime
) -> Begun:
    """A session with a new key in place of all that the account had: its rights have changed."""
    users.end_everywhere(session, account.id)
    token = sessions.begin(
        session, account.id, Stage.FULL, current.method, device=current.device, now=now
    )
    return Begun(account, Stage.FULL, token)


def end(session: Session, account: Account, key: int, actor: Actor, *, act: str) -> None:
    """End one of an account's sessions; ``act`` is what the audit log calls it."""
    if sessions.end(session, account.id, key):
        audit.write(session, actor, act, ENTITY, account.id)


def _begin(
    session: Session,
    account: Account,
    stage: Stage,
    method: Method,
    device: str,
    *,
    now: datetime,
) -> Begun:
    sessions.forget(session, unused_since=now - LONGEST_SESSION)
    token = sessions.begin(session, account.id, stage, method, device=device, now=now)
    if stage == Stage.FULL:
        users.note_sign_in(session, account.id, now=now)
        after = {"with": method.value, "device": device}
        audit.write(session, Actor(account.id, now), "sign_in", ENTITY, account.id, after=after)
    return Begun(account, stage, token)


def _is_unchanged(session: Session, account: Account) -> bool:
    """Nobody switched the account off or changed its password while it was compared."""
    current = users.find_active(session, account.id)
    return current is not None and current.session_token == account.session_token


def _note_failure(session: Session, account: Account | None, now: datetime) -> None:
    """What was typed is not kept: people type passwords into the box of the name."""
    key = account.id if account else None
    audit.write(session, Actor(None, now), "fail_sign_in", ENTITY, key)


def _key(attempt: Attempt, site_key: str) -> str:
    """Of name and address together, keyed, so that nothing that was typed can be found out."""
    typed = f"password:{_network(attempt.address)}:{attempt.name.casefold()}"
    return hmac.digest(site_key.encode(), typed.encode(), hashlib.sha256).hex()


def _network(address: str) -> str:
    """One household or office: of IPv6 it has a whole /64 (RFC 6177)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
