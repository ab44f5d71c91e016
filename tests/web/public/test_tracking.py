"""Following a report: plain status, and three things that a reporter may do."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.core.vocabulary import Moderation
from geodata.incidents import open_incidents
from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import Incident, OutboxMessage, Report, ReporterContact
from geodata.people import contacts
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web import reporting
from web.services import clearing
from web.services.clearing import NewClearance

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def reference(client: FlaskClient) -> str:
    """A report of Monday morning, due by the end of Wednesday, by jo@example.org."""
    with time_machine.travel(MONDAY, tick=False):
        mail = {"description": "", "email": "jo@example.org"}
        return reporting.report(client, more=mail)


def close(store: Store, reference: str, outcome: str = "cleared", at: datetime = TUESDAY) -> None:
    with store.writing() as session:
        incident = open_incidents.by_key(session, reference)
        land = "Network Rail" if outcome == "not_our_land" else None
        new = NewClearance(incident.id, outcome, at, no_photo_reason="Too dark", land_owner=land)
        clearing.record(session, new, now=at)


def page(client: FlaskClient, reference: str, at: datetime = TUESDAY) -> str:
    with time_machine.travel(at, tick=False):
        return client.get(f"/track/{reference}").text


def test_a_reference_is_found_however_it_was_copied(client: FlaskClient, reference: str) -> None:
    copied = f" {reference[:5].lower()}-{reference[5:].lower()} "
    answer = client.get("/track", query_string={"reference": copied})
    assert answer.location == f"/track/{reference}"


def test_an_unknown_reference_is_said_to_be_unknown(client: FlaskClient) -> None:
    answer = client.get("/track?reference=XXXXXXXXXX")
    assert answer.status_code == 404
    assert "We know no report with this reference" in answer.text
    assert client.get("/track/XXXXXXXXXX").status_code == 404


def test_while_it_waits_the_due_day_is_said(client: FlaskClient, reference: str) -> None:
    text = page(client, reference)
    assert "Waiting for the crew" in text
    assert "We aim to clear it by the end of Wednesday 25 November" in text
    assert "still there" not in text


def test_when_it_is_late_that_is_said(client: FlaskClient, reference: str) -> None:
    text = page(client, reference, MONDAY + timedelta(days=3))
    assert "It was to be cleared by the end of Wednesday 25 November. It is late" in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("cleared", "The crew took the canisters away"),
        ("not_found", "did not find any canisters"),
        ("not_our_land", "We told the owner of the land"),
        ("no_access", "On hold"),
    ],
)
def test_every_outcome_is_said_plainly(
    council: Store, client: FlaskClient, reference: str, outcome: str, words: str
) -> None:
    close(council, reference, outcome)
    text = page(client, reference)
    assert words in text
    assert "Network Rail" not in text


def test_still_there_opens_it_again_with_the_first_clock(
    council: Store, client: FlaskClient, reference: str
) -> None:
    close(council, reference)
    with time_machine.travel(TUESDAY + timedelta(days=6), tick=False):
        answer = client.post(f"/track/{reference}/still-there", follow_redirects=True)
    assert "Waiting for the crew" in answer.text
    assert "It was to be cleared by the end of Wednesday 25 November" in answer.text
    assert "Opened again: it is still there" in answer.text
    with council.reading() as session:
        (incident,) = session.scalars(select(Incident)).all()
    assert (incident.state, incident.closed_at) == ("open", None)


def test_after_a_week_it_is_a_new_report(
    council: Store, client: FlaskClient, reference: str
) -> None:
    close(council, reference)
    late = TUESDAY + timedelta(days=7, minutes=1)
    assert "still there" not in page(client, reference, late)
    with time_machine.travel(late, tick=False):
        answer = client.post(f"/track/{reference}/still-there")
    assert answer.status_code == 409
    assert "report it again" in answer.text


def test_details_are_removed_at_once_with_every_mail(
    council: Store, client: FlaskClient, reference: str
) -> None:
    assert client.get(f"/track/{reference}/remove-details").status_code == 200
    answer = client.post(f"/track/{reference}/remove-details", follow_redirects=True)
    assert "We keep no email address and no mobile number with this report" in answer.text
    with council.reading() as session:
        assert session.scalars(select(ReporterContact)).all() == []
        assert session.scalars(select(OutboxMessage)).all() == []
        assert len(session.scalars(select(Report)).all()) == 1
    assert client.post(f"/track/{reference}/remove-details").status_code == 302  # twice is no harm


def test_the_link_in_a_mail_stops_the_mails_but_only_when_pressed(
    council: Store, client: FlaskClient, reference: str
) -> None:
    with council.reading() as session:
        token = session.scalars(select(ReporterContact.token)).one()
    client.get(f"/track/stop/{token}")
    with council.reading() as session:
        assert session.scalars(select(ReporterContact.wants_updates)).one() is True
    client.post(f"/track/stop/{token}")
    with council.reading() as session:
        assert session.scalars(select(ReporterContact.wants_updates)).one() is False
        assert session.scalars(select(OutboxMessage)).all() == []
        incident = session.scalars(select(Incident.id)).one()
        assert contacts.of_incident(session, incident) == []


def test_a_mail_program_stops_the_mails_with_one_post(
    app: Flask, council: Store, reference: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True  # it has no cookie and no token of a form
    with council.reading() as session:
        token = session.scalars(select(ReporterContact.token)).one()
    for address in (token, token, "nonsense"):  # again, and of somebody who was forgotten
        answer = app.test_client().post(
            f"/track/stop/{address}", data={"List-Unsubscribe": "One-Click"}
        )
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    with council.reading() as session:
        assert session.scalars(select(ReporterContact.wants_updates)).one() is False
        assert session.scalars(select(OutboxMessage)).all() == []


def test_a_wrong_link_says_that_no_mails_will_come(client: FlaskClient) -> None:
    answer = client.get("/track/stop/nonsense")
    assert answer.status_code == 404
    assert "no more messages will come" in answer.text


def test_a_photo_is_shown_only_when_it_is_approved(
    council: Store, client: FlaskClient, reference: str
) -> None:
    with council.writing() as session:
        report = session.scalars(select(Report)).one()
        photo = photos.add(session, clean(encoded(picture())), now=MONDAY, report_id=report.id)
    address = f"/track/{reference}/photos/{photo}.jpg"
    for state, status in ((None, 404), ("rejected", 404), ("approved", 200)):
        if state:
            with council.writing() as session:
                photos.moderate(session, photo, Moderation(state), user_id=None, now=MONDAY)
        assert client.get(address).status_code == status
    assert address in page(client, reference)
    other = reporting.report(client, words="TQ 5500 7400")
    assert client.get(f"/track/{other}/photos/{photo}.jpg").status_code == 404


def test_nobody_is_named_on_the_page(client: FlaskClient, reference: str) -> None:
    assert "jo@example.org" not in page(client, reference)
