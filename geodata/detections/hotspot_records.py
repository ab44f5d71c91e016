"""What officers write about a hotspot: its name, notes, SARA record, dismissal, and who watches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.detections.runs import find_identity
from geodata.models import HotspotIdentity, HotspotNote, HotspotWatch, User
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules.days import date_in_words

ENTITY = "hotspot"
SARA_STEPS = ("scanning", "analysis", "response", "assessment")
LONGEST_TEXT = 10_000


@dataclass(frozen=True)
class Note:
    """A note as a page shows it; ``author`` is None where the account is gone."""

    at: datetime
    author: str | None
    text: str


@dataclass(frozen=True)
class Watcher:
    """Somebody who wants to hear of changes; ``email`` None: only pages tell."""

    user_id: int
    name: str
    email: str | None


def rename(session: Session, actor: Actor, key: int, name: str) -> HotspotIdentity:
    """Give a hotspot a name by hand; later runs keep it.

    Raises
    ------
    RefusedError
        The name is empty, too long, holds personal data, or is another hotspot's.
    """
    identity, wanted = find_identity(session, key), " ".join(name.split())
    if not 1 <= len(wanted) <= 200:
        raise RefusedError(f"the name has {len(wanted)} characters: give it from 1 to 200")
    _refuse_personal(wanted)
    same = select(HotspotIdentity).where(HotspotIdentity.name == wanted, HotspotIdentity.id != key)
    if (other := session.scalars(same).first()) is not None:
        raise RefusedError(f"{other.code} is called {wanted!r} already: choose another name")
    return _change(session, actor, identity, "rename", name=wanted, is_named_by_hand=True)


def dismiss(
    session: Session, actor: Actor, key: int, *, until: date, reason: str
) -> HotspotIdentity:
    """Take a hotspot off the board up to a day, that day included.

    Raises
    ------
    RefusedError
        There is no reason, it holds personal data, or the day is not in the future.
    """
    identity, why = find_identity(session, key), reason.strip()
    refuse_no_reason(why, "such as the depot's own skip")
    _refuse_personal(why)
    if until <= actor.now.date():
        raise RefusedError(f"{date_in_words(until)} is not in the future: give a later day")
    return _change(
        session,
        actor,
        identity,
        "dismiss",
        reason=why,
        dismissed_until=until,
        dismissed_reason=why,
    )


def restore(session: Session, actor: Actor, key: int) -> HotspotIdentity:
    """End a dismissal at once."""
    identity = find_identity(session, key)
    return _change(session, actor, identity, "restore", dismissed_until=None, dismissed_reason=None)


def save_sara(
    session: Session,
    actor: Actor,
    key: int,
    texts: Mapping[str, str],
    *,
    owner_id: int | None,
    review_on: date | None,
) -> HotspotIdentity:
    """Write the problem-solving record: one text for each of ``SARA_STEPS``.

    Raises
    ------
    RefusedError
        A text is too long or holds personal data.
    """
    identity = find_identity(session, key)
    kept = {step: texts.get(step, "").strip() for step in SARA_STEPS}
    for step, text in kept.items():
        if len(text) > LONGEST_TEXT:
            raise RefusedError(
                f"{step} has {len(text):,} characters: shorten it to {LONGEST_TEXT:,}"
            )
        _refuse_personal(text)
    return _change(
        session, actor, identity, "sara", sara=kept, owner_id=owner_id, review_on=review_on
    )


def _change(
    session: Session,
    actor: Actor,
    identity: HotspotIdentity,
    act: str,
    *,
    reason: str | None = None,
    **columns: Any,
) -> HotspotIdentity:
    before = {name: getattr(identity, name) for name in columns}
    if before == columns:
        return identity
    for name, value in columns.items():
        setattr(identity, name, value)
    audit.write(
        session, actor, act, ENTITY, identity.id, before=before, after=columns, reason=reason
    )
    return identity


def add_note(session: Session, actor: Actor, key: int, text: str) -> None:
    """Add a note, which stays as it is: a correction is another note.

    Raises
    ------
    RefusedError
        It is empty, too long, or holds personal data.
    """
    identity, note = find_identity(session, key), text.strip()
    if not 1 <= len(note) <= LONGEST_TEXT:
        raise RefusedError(f"the note has {len(note):,} characters: write 1 to {LONGEST_TEXT:,}")
    _refuse_personal(note)
    session.add(
        HotspotNote(identity_id=identity.id, at=actor.now, user_id=actor.user_id, text=note)
    )
    session.flush()


def _refuse_personal(text: str) -> None:
    if personal := found_in(text):
        raise RefusedError(
            f"{', '.join(personal)}: take out mail addresses, telephone numbers and number plates, "
            f"which this record must not hold"
        )


def notes(session: Session, key: int) -> list[Note]:
    """Notes, the newest first."""
    query = (
        select(HotspotNote, User.name)
        .join(User, User.id == HotspotNote.user_id, isouter=True)
        .where(HotspotNote.identity_id == key)
        .order_by(HotspotNote.at.desc(), HotspotNote.id.desc())
    )
    return [Note(note.at, author, note.text) for note, author in session.execute(query)]


def watch(session: Session, actor: Actor, key: int, *, is_wanted: bool) -> None:
    """Begin or end to watch a hotspot; to say the same twice changes nothing."""
    find_identity(session, key)
    query = select(HotspotWatch).where(
        HotspotWatch.identity_id == key, HotspotWatch.user_id == actor.user_id
    )
    row = session.scalar(query)
    if is_wanted and row is None:
        session.add(HotspotWatch(identity_id=key, user_id=actor.user_id))
    elif not is_wanted and row is not None:
        session.delete(row)
    session.flush()


def watchers_of(session: Session, key: int) -> Sequence[Watcher]:
    """Active accounts that watch a hotspot, by name."""
    query = (
        select(User)
        .join(HotspotWatch, HotspotWatch.user_id == User.id)
        .where(HotspotWatch.identity_id == key, User.is_active)
        .order_by(User.name, User.id)
    )
    return [Watcher(user.id, user.name, user.email) for user in session.scalars(query)]
