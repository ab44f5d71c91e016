"""What the rest of the program sees of an account."""

from dataclasses import dataclass, field
from datetime import datetime

from geodata.accounts.rights import COUNCIL, Rights
from geodata.models import User


@dataclass(frozen=True)
class Account:
    """An account without its password."""

    id: int
    name: str
    role: str
    session_token: str = field(repr=False)
    may_read_enforcement: bool
    is_active: bool = True
    email: str | None = None
    employer: str | None = None
    last_sign_in_at: datetime | None = None
    has_password: bool = True
    has_second_factor: bool = False
    is_linked: bool = False
    """Whether it belongs to an identity of the council's single sign-on."""

    @property
    def rights(self) -> Rights:
        return Rights(self.role, self.may_read_enforcement)

    @property
    def is_council(self) -> bool:
        """Whether it is of the council's own people: officers and above."""
        return self.role in COUNCIL


def account_of(user: User) -> Account:
    """A row as the rest of the program sees it."""
    return Account(
        user.id,
        user.name,
        user.role,
        user.session_token,
        user.may_read_enforcement,
        is_active=user.is_active,
        email=user.email,
        employer=user.employer,
        last_sign_in_at=user.last_sign_in_at,
        has_password=bool(user.password_hash),
        has_second_factor=user.second_factor_salt is not None,
        is_linked=user.sso_subject is not None,
    )
