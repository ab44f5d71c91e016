"""Imported texts that may name somebody wait for an officer, who keeps or drops them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.importers import batches, marked_texts
from geodata.importers.options import ImportOptions
from geodata.models import AuditEntry, Clearance, MarkedText, Report
from geodata.people import holds
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.taking_in import import_file
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services.admin import retention
from web.services.admin.retention_schedule import MARKED_KEPT, Terms

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PAGE = "/officer/moderation/marked"
ROWS = (
    "Date,Easting,Northing,Details,Address\n"
    "2026-11-01 10:00,553500,174000,Sarah Jones saw it; ring 07700 900123,By the boat house\n"
    "2026-11-02 10:00,553600,174000,Twelve chargers by the bins,Lay-by\n"
    "2026-11-03 10:00,553700,174000,Tom Baker again,Gate\n"
)


@pytest.fixture
def batch(council: Store, tmp_path: Path) -> int:
    path = tmp_path / "crm.csv"
    path.write_text(ROWS, encoding="utf-8")
    with council.writing() as session:
        made = import_file(session, "reports", path, ImportOptions(), now=NOW).batch
    assert made is not None
    return made


def descriptions(store: Store) -> list[str | None]:
    with store.reading() as session:
        return list(session.scalars(select(Report.description).order_by(Report.reported_at)))


def _hold(session: Session) -> None:
    """A legal hold on the first report."""
    reference = session.scalars(select(Report.reference).order_by(Report.reported_at)).first()
    until = date(2028, 1, 1)
    holds.place(
        session, "report", reference, reason="Before a court", until=until, actor=Actor(None, NOW)
    )


def waiting(store: Store) -> list[MarkedText]:
    with store.reading() as session:
        return list(session.scalars(select(MarkedText).order_by(MarkedText.id)))


def test_a_text_that_names_somebody_waits_beside_the_row(council: Store, batch: int) -> None:
    assert descriptions(council) == [
        "[removed] saw it; ring [removed]",
        "Twelve chargers by the bins",
        "[removed] again",
    ]
    # A telephone number is one by its shape: nobody has to look at it, and it is not kept.
    words = [mark.words for mark in waiting(council)]
    assert words == ["Sarah Jones saw it; ring [removed]", "Tom Baker again"]


def test_an_officer_keeps_one_and_leaves_the_other_out(
    council: Store, batch: int, signed_in: SignIn
) -> None:
    officer: FlaskClient = signed_in("officer")
    assert PAGE in {link.href for link in Page.of(officer.get("/officer/moderation")).links}
    (file,) = Page.of(officer.get(PAGE)).table("Files").rows
    assert (file["File"], file["Texts that wait"]) == ("crm.csv", "2")
    rows = Page.of(officer.get(f"{PAGE}?file={batch}")).table("Texts").rows
    assert rows[0]["What was found"] == "Sarah Jones"
    first, second = (mark.id for mark in waiting(council))
    assert officer.post(PAGE, data={"decision": "keep"}).status_code == 409  # none is ticked
    officer.post(PAGE, data={"decision": "keep", "text": first})
    officer.post(PAGE, data={"decision": "leave_out", "text": second, "reason": "A neighbour"})
    assert descriptions(council)[0] == "Sarah Jones saw it; ring [removed]"
    assert descriptions(council)[2] == "[removed] again"
    assert waiting(council) == []
    with council.reading() as session:
        log = session.scalars(
            select(AuditEntry).where(AuditEntry.entity == "report").order_by(AuditEntry.id)
        ).all()
    assert [(entry.act, entry.reason) for entry in log] == [
        ("moderate", None),
        ("redact", "A neighbour"),
    ]
    assert not any("Baker" in str((entry.before, entry.after)) for entry in log)
    assert officer.post(PAGE, data={"decision": "keep", "text": first}).status_code == 404


def test_a_whole_file_is_decided_at_once(council: Store, batch: int, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    data = {"decision": "keep", "file": batch, "every": "yes"}
    assert "2 texts stay" in officer.post(PAGE, data=data, follow_redirects=True).text
    assert descriptions(council)[2] == "Tom Baker again"


def test_a_text_that_was_changed_since_stays_changed(council: Store, batch: int) -> None:
    with council.writing() as session:
        session.scalars(select(Report).order_by(Report.reported_at)).first().description = "Bins"
        key = session.scalars(select(MarkedText.id).order_by(MarkedText.id)).first()
        marked_texts.settle(session, key, keeps=True, user_id=None, reason="", now=NOW)
    assert descriptions(council)[0] == "Bins"


def test_what_nobody_decides_goes_with_time_but_not_under_a_hold(
    council: Store, batch: int
) -> None:
    after = NOW + MARKED_KEPT + timedelta(days=1)
    with council.writing() as session:
        _hold(session)
    with council.writing() as session:
        assert retention.clean_up(session, Terms(), now=NOW)["marked"] == 0
        assert retention.clean_up(session, Terms(), now=after)["marked"] == 1
    assert [mark.words for mark in waiting(council)] == ["Sarah Jones saw it; ring [removed]"]


def test_a_held_text_is_not_let_go(council: Store, batch: int, signed_in: SignIn) -> None:
    with council.writing() as session:
        _hold(session)
    with time_machine.travel(NOW, tick=False):
        answer = signed_in("officer").post(
            PAGE, data={"decision": "leave_out", "file": batch, "every": "yes"}
        )
    assert answer.status_code == 409
    assert len(waiting(council)) == 2


def test_an_undone_import_takes_its_texts_along(council: Store, batch: int) -> None:
    with council.writing() as session:
        batches.undo(session, batch, now=NOW)
    assert waiting(council) == []


def test_a_crews_note_of_a_file_waits_too(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "done.csv"
    path.write_text(
        "Cleared,Easting,Northing,Note\n2026-11-05 09:00,553500,174000,Met Sarah Jones there\n"
    )
    with council.writing() as session:
        import_file(session, "clearances", path, ImportOptions(), now=NOW)
        assert session.scalars(select(Clearance.note)).one() == "Met [removed] there"
    assert [mark.row_table for mark in waiting(council)] == ["clearance"]
