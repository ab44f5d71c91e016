"""Photos in both stores."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from sqlalchemy import select

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import Moderation
from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import AuditEntry, PhotoContent, Report
from geodata.store.engine import Store
from tests.pictures import encoded, picture

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RED, GREEN = (clean(encoded(picture(colour=colour))) for colour in ("red", "green"))


@pytest.fixture
def report_id(store: Store) -> int:
    with store.writing() as session:
        report = Report(
            reference="A",
            reported_at=NOW,
            recorded_at=NOW,
            geometry=shapely.Point(554_000, 174_000),
            source="public",
            channel="web",
            charger_band="unknown",
        )
        session.add(report)
        session.flush()
        return report.id


def contents(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(PhotoContent.id)).all())


def test_a_photo_comes_back_as_it_went_in(store: Store, report_id: int) -> None:
    with store.writing() as session:
        key = photos.add(session, RED, now=NOW, report_id=report_id)
    with store.reading() as session:
        assert photos.content(session, key) == RED.jpeg
        assert photos.content(session, key, is_thumbnail=True) == RED.thumbnail
        (facts,) = photos.of_owner(session, report_id=report_id)
    assert (facts.id, facts.state, facts.width_px) == (key, "pending", 80)


def test_the_same_photo_twice_is_kept_once(store: Store, report_id: int) -> None:
    with store.writing() as session:
        first = photos.add(session, RED, now=NOW, report_id=report_id)
        assert photos.add(session, RED, now=NOW, report_id=report_id) != first
    assert contents(store) == 1


def test_a_photo_has_one_owner(store: Store, report_id: int) -> None:
    with store.writing() as session, pytest.raises(TypeError, match="one owner"):
        photos.add(session, RED, now=NOW, report_id=report_id, clearance_id=1)


def test_moderation_is_written_down(store: Store, report_id: int) -> None:
    with store.writing() as session:
        key = photos.add(session, RED, now=NOW, report_id=report_id)
        assert [p.id for p in photos.waiting(session, limit=10)] == [key]
        photos.moderate(session, key, Moderation.REJECTED, user_id=None, reason="a face", now=NOW)
        assert photos.waiting(session, limit=10) == []
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.before, entry.after) == (
        "moderate",
        {"state": "pending"},
        {"state": "rejected"},
    )
    assert entry.reason == "a face"


def test_a_rejected_photo_can_be_had_back_for_two_weeks(store: Store, report_id: int) -> None:
    with store.writing() as session:
        key = photos.add(session, RED, now=NOW, report_id=report_id)
        kept = photos.add(session, GREEN, now=NOW, report_id=report_id)
        photos.moderate(session, key, Moderation.REJECTED, user_id=None, now=NOW)
        assert photos.destroy_unwanted(session, now=NOW + timedelta(days=13)) == 0
        assert photos.destroy_unwanted(session, now=NOW + timedelta(days=15)) == 1
        assert photos.content(session, kept) == GREEN.jpeg
        with pytest.raises(NotFoundError, match="destroyed"):
            photos.content(session, key)
        with pytest.raises(RefusedError, match="destroyed"):
            photos.moderate(session, key, Moderation.APPROVED, user_id=None, now=NOW)


def test_a_content_that_another_photo_shows_stays(store: Store, report_id: int) -> None:
    with store.writing() as session:
        first = photos.add(session, RED, now=NOW, report_id=report_id)
        photos.add(session, RED, now=NOW, report_id=report_id)
        photos.moderate(session, first, Moderation.REJECTED, user_id=None, now=NOW)
        assert photos.destroy_unwanted(session, now=NOW + timedelta(days=15)) == 0


def test_an_unknown_photo_is_said_to_be_unknown(store: Store) -> None:
    with store.reading() as session, pytest.raises(NotFoundError, match="no photo 7"):
        photos.content(session, 7)
