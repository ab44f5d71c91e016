"""An account's second factor as the store keeps it: no secret, and hashes of recovery codes."""

import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from geodata.accounts.changed_rows import changed_rows
from geodata.core.tokens import token_hash
from geodata.models import RecoveryCode, User

CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are misread: 16 of these 31 signs are 79 random bits."""


def set_up(session: Session, user_id: int, salt: str, *, step: int) -> list[str]:
    """Keep a second factor whose first code was right; the recovery codes, shown once."""
    values = {"second_factor_salt": salt, "second_factor_step": step}
    session.execute(update(User).where(User.id == user_id).values(values))
    return renew_recovery_codes(session, user_id)


def take_away(session: Session, user_id: int) -> None:
    """The account has no second factor any more."""
    values = {"second_factor_salt": None, "second_factor_step": None}
    session.execute(update(User).where(User.id == user_id).values(values))
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def salt_of(session: Session, user_id: int) -> str | None:
    """What the account's secret is reckoned from; None where it has no second factor."""
    salt: str | None = session.scalar(select(User.second_factor_salt).where(User.id == user_id))
    return salt


def use_step(session: Session, user_id: int, step: int) -> bool:
    """Take the code of a half minute; False where one of it or of a later one was taken."""
    is_new = User.second_factor_step.is_(None) | (User.second_factor_step < step)
    query = update(User).where(User.id == user_id, User.second_factor_salt.is_not(None), is_new)
    return bool(changed_rows(session, query.values(second_factor_step=step)))


def renew_recovery_codes(session: Session, user_id: int) -> list[str]:
    """Ten new codes in place of the old ones; shown once, only their hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_new_code() for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes)
    session.flush()
    return codes


def use_recovery_code(session: Session, user_id: int, code: str) -> bool:
    """Take a recovery code, once."""
    query = delete(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(code)
    )
    return bool(changed_rows(session, query))


def recovery_codes_left(session: Session, user_id: int) -> int:
    """How many of an account's recovery codes are not used yet."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id)
    return session.scalar(query.select_from(RecoveryCode)) or 0


def _new_code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def _hash(code: str) -> str:
    return token_hash("".join(sign for sign in code.lower() if sign.isalnum()))
