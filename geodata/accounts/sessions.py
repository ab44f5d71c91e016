"""Sessions on the server: one row a browser, found by the hash of the random key in its cookie."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from geodata.accounts.account import Account, account_of
from geodata.accounts.changed_rows import changed_rows
from geodata.core.tokens import new_token, token_hash
from geodata.models import User, UserSession


class Stage(StrEnum):
    """How far somebody has come: only a full session opens pages."""

    FULL = "full"
    SECOND_FACTOR = "second_factor"  # the password was right; a code is due
    ENROLMENT = "enrolment"  # the password was right; a second factor must be set up first


class Method(StrEnum):
    """What somebody signed in with."""

    PASSWORD = "password"  # noqa: S105
    SSO = "sso"


@dataclass(frozen=True)
class OpenSession:
    """A session without its key. ``device`` is in words, such as "Chrome on Android"."""

    id: int
    stage: Stage
    method: Method
    device: str
    begun_at: datetime
    last_used_at: datetime


def begin(
    session: Session, user_id: int, stage: Stage, method: Method, *, device: str, now: datetime
) -> str:
    """A new session; its key, which is kept nowhere else than in the browser's cookie."""
    token = new_token()
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user_id,
            stage=stage.value,
            method=method.value,
            device=device[:80],
            begun_at=now,
            last_used_at=now,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> tuple[OpenSession, Account] | None:
    """The session of a key and whose it is; None where it ended or the account is switched off."""
    joined = select(UserSession, User).join(User, User.id == UserSession.user_id)
    query = joined.where(UserSession.token_hash == token_hash(token), User.is_active)
    row = session.execute(query).first()
    return (_open(row[0]), account_of(row[1])) if row else None


def of_user(session: Session, user_id: int) -> list[OpenSession]:
    """An account's full sessions, the last used first."""
    query = select(UserSession).where(
        UserSession.user_id == user_id, UserSession.stage == Stage.FULL.value
    )
    ordered = query.order_by(UserSession.last_used_at.desc(), UserSession.id.desc())
    return [_open(row) for row in session.scalars(ordered)]


def touch(session: Session, key: int, *, now: datetime) -> None:
    """The session is in use now."""
    session.execute(update(UserSession).where(UserSession.id == key).values(last_used_at=now))


def end(session: Session, user_id: int, key: int) -> bool:
    """End one of an account's own sessions; False where it has ended already."""
    query = delete(UserSession).where(UserSession.id == key, UserSession.user_id == user_id)
    return bool(changed_rows(session, query))


def end_all(session: Session, user_id: int, *, but: int | None = None) -> int:
    """End an account's sessions, or all others than one; how many there were."""
    query = delete(UserSession).where(UserSession.user_id == user_id)
    ended: int = changed_rows(session, query.where(UserSession.id != (but or 0)))
    session.flush()
    return ended


def forget(session: Session, *, unused_since: datetime) -> None:
    """Drop what nobody has used for so long that it has ended in any case."""
    session.execute(delete(UserSession).where(UserSession.last_used_at < unused_since))


def end_without_second_factor(session: Session, roles: tuple[str, ...]) -> int:
    """End the sessions of these roles that began with a password alone; how many there were."""
    lacking = select(User.id).where(User.role.in_(roles), User.second_factor_salt.is_(None))
    query = delete(UserSession).where(
        UserSession.user_id.in_(lacking), UserSession.method == Method.PASSWORD.value
    )
    ended: int = changed_rows(session, query)
    return ended


def _open(row: UserSession) -> OpenSession:
    return OpenSession(
        row.id, Stage(row.stage), Method(row.method), row.device, row.begun_at, row.last_used_at
    )
