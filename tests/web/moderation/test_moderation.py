"""Photos and texts are looked at before anybody else sees them."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import AuditEntry, Incident, IncidentEvent, Report
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web import reporting
from tests.web.conftest import SignIn

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEXT = "Ask Jo on 07700 900123, car AB12 CDE"
LANDMARK = "By jo@example.org's door"


@pytest.fixture
def report_id(client: FlaskClient, council: Store) -> int:
    """A report with personal data in its text, which the form did not notice, and a photo."""
    reporting.report(client)
    with council.writing() as session:
        report = session.scalars(select(Report)).one()
        report.description, report.landmark = TEXT, LANDMARK
        session.scalars(select(Incident)).one().landmark = LANDMARK
        key = report.id
        photos.add(session, clean(encoded(picture())), now=NOW, report_id=key)
    return key


def audit(store: Store) -> list[AuditEntry]:
    """The log without who signed in."""
    with store.reading() as session:
        query = select(AuditEntry).where(AuditEntry.entity != "account")
        return list(session.scalars(query.order_by(AuditEntry.id)))


def test_what_looks_personal_is_taken_out_of_the_suggestion(report_id: int, signed_in) -> None:
    page = signed_in("officer").get("/officer/moderation").text
    assert "looks like personal data" in page
    assert "Ask Jo on [removed], car [removed]" in page
    assert "By [removed]&#39;s door" in page


def test_a_redaction_changes_the_text_everywhere_and_keeps_no_copy(
    report_id: int, council: Store, signed_in
) -> None:
    officer = signed_in("officer")
    data = {
        "decision": "approve",
        "description": "By the bins",
        "landmark": "Back door",
        "reason": "A telephone number",
    }
    assert officer.post(f"/officer/moderation/texts/{report_id}", data=data).status_code == 302
    with council.reading() as session:
        report = session.scalars(select(Report)).one()
        incident = session.scalars(select(Incident)).one()
        events = session.scalars(select(IncidentEvent.kind)).all()
    assert (report.description, report.description_state) == ("By the bins", "approved")
    assert (report.landmark, incident.landmark) == ("Back door", "Back door")
    assert "redacted" in events
    (entry,) = audit(council)
    assert (entry.act, entry.reason) == ("redact", "A telephone number")
    assert entry.before["characters"] == len(TEXT) + len("By jo@example.org's door")
    assert "07700" not in str((entry.before, entry.after))
    history = officer.get("/officer/moderation/history").text
    assert "officer-1" in history
    assert "A telephone number" in history
    assert "No texts wait." in officer.get("/officer/moderation").text


def test_approving_without_a_change_is_no_redaction(
    report_id: int, council: Store, signed_in
) -> None:
    data = {"decision": "approve", "description": TEXT, "landmark": "By jo@example.org's door"}
    signed_in("officer").post(f"/officer/moderation/texts/{report_id}", data=data)
    assert audit(council)[0].act == "moderate"


def test_a_photo_is_rejected_with_a_reason_and_can_be_had_back(
    report_id: int, council: Store, signed_in
) -> None:
    officer = signed_in("officer")
    assert officer.get("/officer/moderation/photos/1.jpg").mimetype == "image/jpeg"
    without = officer.post("/officer/moderation/photos/1", data={"decision": "reject"})
    assert without.status_code == 400
    assert "The reason is empty" in without.text
    reason = {"decision": "reject", "reason": "A face"}
    officer.post("/officer/moderation/photos/1", data=reason)
    assert "No photos wait." in officer.get("/officer/moderation").text
    assert "Approve after all" in officer.get("/officer/moderation/history").text
    again = {"decision": "approve", "reason": "Changed in the history", "seen_as": "rejected"}
    officer.post("/officer/moderation/photos/1", data=again)
    with council.reading() as session:
        assert photos.find(session, 1).state == "approved"
    assert [(e.before, e.after) for e in audit(council)] == [
        ({"state": "pending"}, {"state": "rejected"}),
        ({"state": "rejected"}, {"state": "approved"}),
    ]


def test_only_officers_moderate(report_id: int, client: FlaskClient, signed_in) -> None:
    crew = signed_in("contractor")
    for path in ("", "/history", "/photos/1.jpg"):
        assert client.get(f"/officer/moderation{path}").status_code == 302
        assert crew.get(f"/officer/moderation{path}").status_code == 403
    assert crew.post("/officer/moderation/photos/1").status_code == 403
    assert crew.post(f"/officer/moderation/texts/{report_id}").status_code == 403


def test_a_photo_s_answer_can_be_nothing_but_a_photo(report_id: int, signed_in) -> None:
    answer = signed_in("officer").get("/officer/moderation/photos/1.jpg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_refused_decision_keeps_what_was_entered_beside_its_text(
    report_id: int, signed_in: SignIn
) -> None:
    officer = signed_in("officer")
    entered = {"decision": "reject", "description": "By the skip", "landmark": "Gate 3"}
    answer = officer.post(f"/officer/moderation/texts/{report_id}", data=entered)
    assert answer.status_code == 400
    assert f'href="#reason-text-{report_id}"' in answer.text
    assert answer.text.count("The reason is empty: write why") == 2
    assert "By the skip" in answer.text
    assert 'value="Gate 3"' in answer.text


def test_a_page_of_before_brings_nothing_back_that_was_taken_out(
    report_id: int, council: Store, signed_in: SignIn
) -> None:
    officer, stale = signed_in("officer"), signed_in("manager")
    clean = {
        "decision": "approve",
        "description": "By the bins",
        "landmark": "",
        "reason": "A name",
    }
    officer.post(f"/officer/moderation/texts/{report_id}", data=clean)
    officer.post("/officer/moderation/photos/1", data={"decision": "reject", "reason": "A face"})

    as_sent = {"decision": "approve", "description": TEXT, "landmark": "By jo@example.org's door"}
    text = stale.post(f"/officer/moderation/texts/{report_id}", data=as_sent)
    photo = stale.post("/officer/moderation/photos/1", data={"decision": "approve"})

    assert (text.status_code, photo.status_code) == (400, 400)
    assert "waits no longer: somebody else has decided on it" in text.text
    assert "Somebody else has decided on photo 1 since this page was opened" in photo.text
    with council.reading() as session:
        assert session.scalars(select(Report.description)).one() == "By the bins"
        assert photos.find(session, 1).state == "rejected"


def test_only_the_newest_decision_on_a_photo_can_be_changed(
    report_id: int, signed_in: SignIn
) -> None:
    officer = signed_in("officer")
    reason = {"decision": "reject", "reason": "A face"}
    officer.post("/officer/moderation/photos/1", data=reason)
    again = {"decision": "approve", "reason": "No face", "seen_as": "rejected"}
    officer.post("/officer/moderation/photos/1", data=again)
    history = officer.get("/officer/moderation/history").text
    assert "Reject after all" in history
    assert "Approve after all" not in history
