"""What people read for roles, and for the state of an account."""

from datetime import datetime

from geodata.accounts.account import Account
from geodata.core.vocabulary import Role
from web.filters import clock

ROLES = {
    Role.PARTNER: "Partner",
    Role.MEMBER: "Member of the committee",
    Role.CONTRACTOR: "Contractor",
    Role.OFFICER: "Officer",
    Role.MANAGER: "Manager",
    Role.ADMIN: "Admin",
}


def state_of(account: Account, link_ends_at: datetime | None) -> tuple[str, str]:
    """The word for an account's state and the colour of its tag."""
    if not account.is_active:
        return "Disabled", "red"
    if account.has_password or account.is_linked:
        return "Active", "green"
    if link_ends_at is not None:
        return f"Invited until {clock(link_ends_at)}", "yellow"
    return "Invitation ended", "grey"
