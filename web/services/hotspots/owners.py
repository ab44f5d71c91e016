"""Who may own a hotspot: active officers and managers."""

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.core.vocabulary import Role

ROLES = (Role.OFFICER.value, Role.MANAGER.value)


def owner_choices(session: Session) -> dict[int, str]:
    """Name of each by key, in the order of names; 0 is nobody."""
    return {0: "Nobody"} | {a.id: a.name for a in users.active(session, *ROLES)}


def owner_name(session: Session, key: int | None) -> str | None:
    """The name of an owner; None where there is none or the account was switched off."""
    account = users.find_active(session, key) if key else None
    return account.name if account else None
