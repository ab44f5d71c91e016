"""Changes to other people's accounts: each is allowed, made, and written into the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geodata.accounts import api_keys, identities, invitations, second_factors, sessions, users
from geodata.accounts.account import Account
from geodata.accounts.passwords import HashedPassword
from geodata.accounts.rights import COUNCIL, OPERATOR, Rights, check_may_give, check_may_manage
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Role
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import settings
from web.services.accounts import ENTITY
from web.services.accounts.invitation_mail import queue_invitation
from web.services.accounts.second_factor import REQUIRED, is_required
from web.services.mail.letters import Sender


@dataclass(frozen=True)
class Manager:
    """Who makes a change: an account, or the operator at the command line where it is None."""

    actor: Actor
    account: Account | None = None

    @property
    def rights(self) -> Rights:
        return self.account.rights if self.account else OPERATOR

    @property
    def now(self) -> datetime:
        return self.actor.now


@dataclass(frozen=True)
class NewAccount:
    """What an invitation asks for."""

    name: str
    rights: Rights
    email: str | None = None
    employer: str | None = None


@dataclass(frozen=True)
class Invited:
    """An account and its link's key, which is shown once."""

    account: Account
    token: str


def invite(session: Session, manager: Manager, new: NewAccount, sender: Sender) -> Invited:
    """Make an account without a password, and a link with which its holder chooses one.

    Raises
    ------
    RefusedError
        The manager may not give these rights, or the name cannot be.
    """
    check_may_give(manager.rights, new.rights)
    account = users.add(
        session,
        new.name,
        None,
        new.rights.role,
        now=manager.now,
        email=new.email,
        employer=new.employer,
        may_read_enforcement=new.rights.may_read_enforcement,
    )
    return _link(session, manager, account, sender, act="invite")


def add(session: Session, manager: Manager, new: NewAccount, password: HashedPassword) -> Account:
    """Make an account whose password is known already."""
    check_may_give(manager.rights, new.rights)
    account = users.add(
        session,
        new.name,
        password,
        new.rights.role,
        now=manager.now,
        email=new.email,
        employer=new.employer,
        may_read_enforcement=new.rights.may_read_enforcement,
    )
    _note(session, manager, "add", account, after=_shown(account))
    return account


def send_link(session: Session, manager: Manager, key: int, sender: Sender) -> Invited:
    """A new link for an account: the first was lost, or the password forgotten."""
    account = _managed(session, manager, key)
    if not account.is_active:
        raise RefusedError(f"{account.name} is switched off: switch the account on first")
    return _link(session, manager, account, sender, act="send_sign_in_link")


def set_rights(session: Session, manager: Manager, key: int, rights: Rights) -> bool:
    """Change a role or the enforcement permission; False where nothing changes."""
    account = _managed(session, manager, key)
    if rights == account.rights:
        return False
    check_may_give(manager.rights, rights)
    users.set_rights(session, key, rights)
    _changed(session, manager, account, "change_rights")
    return True


def set_details(
    session: Session, manager: Manager, key: int, *, email: str | None, employer: str | None
) -> bool:
    """Change the mail address or the employer; False where nothing changes."""
    account = _managed(session, manager, key)
    if ((email or None), (employer or None)) == (account.email, account.employer):
        return False
    users.set_details(session, key, email=email, employer=employer)
    _changed(session, manager, account, "change")
    return True


def switch(session: Session, manager: Manager, key: int, *, is_active: bool) -> None:
    """Disable an account, which ends its sessions, links and calendars at once; or enable it."""
    account = _managed(session, manager, key)
    users.set_active(session, key, is_active=is_active)
    if not is_active:
        invitations.withdraw(session, key)
    _changed(session, manager, account, "enable" if is_active else "disable")


def keys_that_stay(session: Session, key: int, *, now: datetime) -> str:
    """What to say of the keys that an account made: other systems live by them; empty: of none."""
    names = ", ".join(api_keys.in_use_by_maker(session, key, now=now))
    return names and f" Keys that it made still work: {names}. Revoke those that its holder kept."


def set_password(session: Session, manager: Manager, key: int, password: HashedPassword) -> None:
    """Give an account a password; every session of it ends."""
    account = _managed(session, manager, key)
    users.set_password(session, key, password)
    invitations.withdraw(session, key)
    _note(session, manager, "set_password", account)


def reset_second_factor(session: Session, manager: Manager, key: int) -> None:
    """Take a lost second factor away; every session of the account ends."""
    account = _managed(session, manager, key)
    if manager.rights.role != Role.ADMIN:
        raise RefusedError("only an admin may reset a second factor")
    second_factors.take_away(session, key)
    users.end_everywhere(session, key)
    _note(session, manager, "reset_second_factor", account)


def unlink(session: Session, manager: Manager, key: int) -> None:
    """Take an account's identity of single sign-on away; every session of it ends."""
    account = _managed(session, manager, key)
    if account.role == Role.ADMIN and not account.has_password:
        users.refuse_last_admin(session, key)
    identities.unlink(session, key)
    users.end_everywhere(session, key)
    _note(session, manager, "unlink_single_sign_on", account)


def end_sessions(session: Session, manager: Manager, key: int) -> int:
    """End all sessions of an account and its calendar links; how many sessions there were."""
    account = _managed(session, manager, key)
    ended = len(sessions.of_user(session, key))
    users.end_everywhere(session, key)
    _note(session, manager, "end_sessions", account, after={"sessions": ended})
    return ended


def require_second_factor(session: Session, manager: Manager, *, is_required_now: bool) -> int:
    """Whether officers and above must have a second factor; how many sessions ended for it.

    Raises
    ------
    RefusedError
        The manager is not an admin.
    """
    if manager.rights.role != Role.ADMIN:
        raise RefusedError("only an admin may say whether a second factor is required")
    before = is_required(session)
    if before == is_required_now:
        return 0
    settings.write(session, REQUIRED, is_required_now)
    audit.write(
        session,
        manager.actor,
        "change",
        "setting",
        before={REQUIRED: before},
        after={REQUIRED: is_required_now},
    )
    return sessions.end_without_second_factor(session, COUNCIL) if is_required_now else 0


def _managed(session: Session, manager: Manager, key: int) -> Account:
    """The account of a key, if it is the manager's to change."""
    account = users.get(session, key)
    if manager.account is not None and manager.account.id == key:
        raise RefusedError("this is your own account: ask somebody else to change it")
    check_may_manage(manager.rights, account.rights)
    return account


def _link(
    session: Session, manager: Manager, account: Account, sender: Sender, *, act: str
) -> Invited:
    token = invitations.make(session, account.id, now=manager.now)
    is_mailed = queue_invitation(session, sender, account, token, now=manager.now)
    after = (_shown(account) if act == "invite" else {}) | {"is_mailed": is_mailed}
    _note(session, manager, act, account, after=after)
    return Invited(account, token)


def _changed(session: Session, manager: Manager, before: Account, act: str) -> None:
    old, new = _shown(before), _shown(users.get(session, before.id))
    differing = [name for name in old if old[name] != new[name]]
    _note(
        session,
        manager,
        act,
        before,
        before={name: old[name] for name in differing},
        after={name: new[name] for name in differing},
    )


def _shown(account: Account) -> dict[str, Any]:
    """What the audit log keeps of an account; that a mail address changed, but not which."""
    return {
        "name": account.name,
        "role": account.role,
        "may_read_enforcement": account.may_read_enforcement,
        "employer": account.employer,
        "has_email": bool(account.email),
        "is_active": account.is_active,
    }


def _note(
    session: Session,
    manager: Manager,
    act: str,
    account: Account,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.write(
        session, manager.actor, act, ENTITY, account.id, before=before or None, after=after or None
    )
