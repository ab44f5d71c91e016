"""Who may give which rights to whom."""

from dataclasses import dataclass

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Role

RANK = {
    Role.PARTNER: 0,
    Role.MEMBER: 0,
    Role.CONTRACTOR: 0,
    Role.OFFICER: 1,
    Role.MANAGER: 2,
    Role.ADMIN: 3,
}
"""A manager manages the accounts of lower rank, an admin all; the others none."""
COUNCIL = tuple(role for role in Role if RANK[role] >= RANK[Role.OFFICER])
"""Roles of the council's own people."""


@dataclass(frozen=True)
class Rights:
    """What an account may do: its role, and whether it may read enforcement data."""

    role: str
    may_read_enforcement: bool


OPERATOR = Rights(Role.ADMIN, may_read_enforcement=True)
"""Who runs commands on the server could change the store's file itself."""


def grantable_roles(giver: Rights) -> list[Role]:
    """The roles that somebody may give, the lowest first."""
    rank = RANK[Role(giver.role)]
    if rank < RANK[Role.MANAGER]:
        return []
    return [role for role in Role if RANK[role] < rank or giver.role == Role.ADMIN]


def may_manage(giver: Rights, other: Rights) -> bool:
    """Whether somebody may change another's account: only where they could give all it holds.

    Who could make a sign-in link for an account of more rights would hold these.
    """
    return Role(other.role) in grantable_roles(giver) and (
        giver.may_read_enforcement or not other.may_read_enforcement
    )


def check_may_give(giver: Rights, given: Rights) -> None:
    """Refuse rights that the giver may not give.

    Raises
    ------
    RefusedError
        The role is not below a manager's own, or the permission is not the giver's own.
    """
    allowed = grantable_roles(giver)
    if Role(given.role) not in allowed:
        raise RefusedError(
            f"you may not give the role {given.role}: "
            f"yours gives {', '.join(allowed) or 'no role at all'}"
        )
    if given.may_read_enforcement and not giver.may_read_enforcement:
        raise RefusedError(
            "you may not give the permission to read enforcement data: your account lacks it"
        )


def check_may_manage(giver: Rights, other: Rights) -> None:
    """Refuse where an account is not the giver's to change.

    Raises
    ------
    RefusedError
        It holds a right that the giver may not give.
    """
    if not may_manage(giver, other):
        raise RefusedError("this account holds rights that you may not give: ask an admin")
