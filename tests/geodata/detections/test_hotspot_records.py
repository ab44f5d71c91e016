"""What officers write about a hotspot, and that the log keeps what it was."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata import detections
from geodata.accounts import users
from geodata.core.errors import RefusedError
from geodata.detections import hotspot_records
from geodata.models import AuditEntry, User
from geodata.people.audit import Actor, entries
from geodata.store.engine import Store
from tests.passwords import hashed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def officer(session: Session, name: str = "officer-1", **rest: str) -> Actor:
    account = users.add(
        session,
        name,
        hashed("a long enough password"),
        "officer",
        now=NOW,
        **rest,
    )
    return Actor(account.id, NOW)


def hotspot(session: Session, name: str = "Central Park") -> int:
    return detections.new_identity(session, name, NOW).id


def test_a_name_by_hand_is_kept_with_what_it_was(store: Store) -> None:
    with store.writing() as session:
        actor, key = officer(session), hotspot(session)
        renamed = hotspot_records.rename(session, actor, key, "  Bandstand,  Central Park ")
        assert (renamed.name, renamed.is_named_by_hand) == ("Bandstand, Central Park", True)
        ((entry, who),) = entries(session, "hotspot", key)
        assert (entry.before["name"], who) == ("Central Park", "officer-1")


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "0 characters"), ("High Street", "choose another name"), ("Ring 07700 900123", "07700")],
)
def test_a_name_that_would_mislead_is_refused(store: Store, name: str, words: str) -> None:
    with store.writing() as session:
        hotspot(session, "High Street")
        with pytest.raises(RefusedError, match=words):
            hotspot_records.rename(session, officer(session), hotspot(session), name)


def test_a_dismissal_has_a_reason_and_an_end_and_can_be_ended(store: Store) -> None:
    with store.writing() as session:
        actor, key = officer(session), hotspot(session)
        for until, reason, words in (
            (date(2026, 11, 24), "the depot", "not in the future"),
            (date(2027, 5, 1), " ", "write why"),
        ):
            with pytest.raises(RefusedError, match=words):
                hotspot_records.dismiss(session, actor, key, until=until, reason=reason)
        gone = hotspot_records.dismiss(
            session, actor, key, until=date(2027, 5, 1), reason="The depot's own skip"
        )
        assert gone.dismissed_until == date(2027, 5, 1)
        assert hotspot_records.restore(session, actor, key).dismissed_until is None
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert acts == ["dismiss", "restore"]


def test_the_same_record_written_twice_is_one_entry_of_the_log(store: Store) -> None:
    with store.writing() as session:
        actor, key = officer(session), hotspot(session)
        for _ in range(2):
            hotspot_records.save_sara(
                session,
                actor,
                key,
                {"scanning": "12 dumps since May"},
                owner_id=actor.user_id,
                review_on=date(2027, 1, 31),
            )
        assert len(entries(session, "hotspot", key)) == 1
        saved = detections.find_identity(session, key).sara
        assert saved == {
            "scanning": "12 dumps since May",
            "analysis": "",
            "response": "",
            "assessment": "",
        }


def test_notes_stay_newest_first_and_hold_nobody_s_number(store: Store) -> None:
    with store.writing() as session:
        actor, key = officer(session), hotspot(session)
        hotspot_records.add_note(session, actor, key, "Gate broken")
        hotspot_records.add_note(session, Actor(None, NOW), key, "Gate mended")
        with pytest.raises(RefusedError, match="AB12 CDE"):
            hotspot_records.add_note(session, actor, key, "Car AB12 CDE again")
        notes = [(note.author, note.text) for note in hotspot_records.notes(session, key)]
        assert notes == [(None, "Gate mended"), ("officer-1", "Gate broken")]


def test_watchers_are_active_accounts_each_once(store: Store) -> None:
    with store.writing() as session:
        key = hotspot(session)
        first, second = officer(session, "ann", email="ann@example.org"), officer(session, "ben")
        for actor in (second, first, first):
            hotspot_records.watch(session, actor, key, is_wanted=True)
        watchers = [(w.name, w.email) for w in hotspot_records.watchers_of(session, key)]
        assert watchers == [("ann", "ann@example.org"), ("ben", None)]
        hotspot_records.watch(session, first, key, is_wanted=False)
        session.get_one(User, second.user_id).is_active = False
        session.flush()
        assert hotspot_records.watchers_of(session, key) == []
