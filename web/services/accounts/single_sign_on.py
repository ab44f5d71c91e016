"""From an identity that the council's provider vouches for to an account of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.accounts import identities, users
from geodata.accounts.account import Account
from geodata.accounts.rights import RANK, Rights
from geodata.accounts.sessions import Method
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Role
from geodata.people import audit
from geodata.people.audit import Actor
from web.services.accounts import ENTITY
from web.services.accounts.identity_provider import Identity
from web.services.accounts.signing_in import Begun, begin


class NotAdmittedError(RefusedError):
    """The identity is good, but no account of ours is for it; the message says why."""


@dataclass(frozen=True)
class Admission:
    """Whom the council lets in.

    Attributes
    ----------
    roles
        The role of each group; empty: groups say nothing, and roles are given here.
    creates_accounts
        Whether somebody unknown who is in a group gets an account.
    matches_email
        Whether an account is found by its mail address the first time, where the provider has
        verified it.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    creates_accounts: bool = False
    matches_email: bool = False


def read_roles(text: str) -> dict[str, Role]:
    """Groups and roles from a setting such as ``Canister officers=officer, Managers=manager``.

    >>> read_roles("a=b=officer, c = admin")
    {'a=b': <Role.OFFICER: 'officer'>, 'c': <Role.ADMIN: 'admin'>}

    Raises
    ------
    RefusedError
        A part has no ``=``, or names no role.
    """
    roles = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        group, _, role = part.rpartition("=")
        if not group.strip() or role.strip() not in set(Role):
            raise RefusedError(f"{part!r}: write group=role, the role one of {', '.join(Role)}")
        roles[group.strip()] = Role(role.strip())
    return roles


def sign_in(
    session: Session, identity: Identity, admission: Admission, device: str, *, now: datetime
) -> Begun:
    """Begin a session for an identity.

    Raises
    ------
    NotAdmittedError
        It is in no group that may come in, has no account, or its account is switched off.
    """
    role = _role(identity, admission)
    account = identities.find(session, identity.issuer, identity.subject)
    if account is None:
        account = _matched(session, identity, admission, now)
    if account is None:
        account = _created(session, identity, admission, role, now)
    if not account.is_active:
        raise NotAdmittedError("Your account is disabled. Ask the person who manages accounts.")
    if role is not None and role != account.role:
        account = _with_role(session, account, role, now)
    return begin(session, account, Method.SSO, device, now=now)


def _role(identity: Identity, admission: Admission) -> Role | None:
    """The highest role of the groups; None where groups say nothing."""
    if not admission.roles:
        return None
    given = [admission.roles[group] for group in identity.groups if group in admission.roles]
    if not given:
        raise NotAdmittedError(
            "You are in no group that may use this site. Ask your IT service to add you to one."
        )
    return max(given, key=lambda role: (RANK[role], role))


def _matched(
    session: Session, identity: Identity, admission: Admission, now: datetime
) -> Account | None:
    """The one account with this mail address; from now on it is found by its identity."""
    if not (admission.matches_email and identity.is_email_verified and identity.email):
        return None
    accounts = identities.unlinked_with_email(session, identity.email)
    if len(accounts) != 1:
        return None
    identities.link(session, accounts[0].id, identity.issuer, identity.subject)
    actor = Actor(accounts[0].id, now)
    audit.write(session, actor, "link_single_sign_on", ENTITY, accounts[0].id)
    return users.get(session, accounts[0].id)


def _created(
    session: Session, identity: Identity, admission: Admission, role: Role | None, now: datetime
) -> Account:
    if not admission.creates_accounts or role is None:
        raise NotAdmittedError(
            "You have no account here yet. Ask the person who manages accounts for one."
        )
    email = identity.email if identity.is_email_verified else None
    try:
        account = users.add(session, identity.name, None, role, now=now, email=email)
    except RefusedError as error:
        raise NotAdmittedError(
            f"No account can be made for you: {error}. Ask the person who manages accounts."
        ) from error
    identities.link(session, account.id, identity.issuer, identity.subject)
    after = {"name": account.name, "role": role.value}
    audit.write(session, Actor(None, now), "add_by_single_sign_on", ENTITY, account.id, after=after)
    return users.get(session, account.id)


def _with_role(session: Session, account: Account, role: Role, now: datetime) -> Account:
    """The role that the groups say now; the last admin stays one, or nobody could mend it."""
    try:
        users.set_rights(session, account.id, Rights(role, account.may_read_enforcement))
    except RefusedError:
        return account
    before, after = {"role": account.role}, {"role": role.value}
    actor = Actor(None, now)
    audit.write(session, actor, "change_rights", ENTITY, account.id, before=before, after=after)
    return users.get(session, account.id)
