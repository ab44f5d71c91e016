"""A reporter hears by text message where the council sends them, and not where it does not."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import select

from geodata.core.errors import RefusedError
from geodata.models import OutboxMessage, ReporterContact
from geodata.people import outbox
from geodata.people.audit import Actor
from geodata.reports import by_reference
from geodata.store import settings
from geodata.store.engine import Store
from tests.web import reporting
from tests.web.conftest import SignIn
from tests.web.exchange.little_server import LittleServer, Said, little_server
from tests.web.page import Page
from web.config import Config
from web.server.ticks import tick_settings
from web.services import clearing
from web.services.admin import person_data
from web.services.background import ticking
from web.services.background.tick_settings import Ticked, TickSettings
from web.services.clearing import NewClearance
from web.services.common.mobile_numbers import mobile_number
from web.services.mail import notify, text_messages
from web.services.mail.letters import Sender

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
# Ofcom keeps 07700 900000 to 900999 for drama: nobody has them.
NUMBER, DIALLED = "07700 900 123", "+447700900123"
SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
"""The example keys of Notify's own documentation."""


ONLY_NUMBER = {"description": "", "email": "", "phone": NUMBER}
SWITCHED = {
    "base_url": "https://canisters.example",
    "notify_api_key": f"live-{SERVICE}-{SECRET}",
    "notify_template_id": TEMPLATE,
}


@pytest.fixture
def service() -> Iterator[LittleServer]:
    """What answers as GOV.UK Notify does."""
    with little_server(lambda _: Said(201, b'{"id": "1"}')) as server:
        yield server


def config(address: str) -> Config:
    return Config(notify_url=address, private_hosts="127.0.0.1", **SWITCHED)


def switch(store: Store, *, on: bool) -> None:
    with store.writing() as session:
        settings.write(session, text_messages.SETTING, on)


@pytest.fixture
def public(council: Store, app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Somebody who reports where text messages are on."""
    switch(council, on=True)
    monkeypatch.setitem(app.config, "HOTSPOTS", replace(app.config["HOTSPOTS"], **SWITCHED))
    return app.test_client()


def tick(store: Store, address: str, at: datetime = NOW) -> Ticked:
    return ticking.tick(store, tick_settings(config(address), "Testford"), clock=lambda: at)


def texts(store: Store) -> list[OutboxMessage]:
    with store.reading() as session:
        query = select(OutboxMessage).where(OutboxMessage.is_text).order_by(OutboxMessage.id)
        return list(session.scalars(query))


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        (NUMBER, DIALLED),
        ("+44 7700 900123", DIALLED),
        ("0044(0)7700-900-123", DIALLED),
        ("447700900123", DIALLED),
        ("7700900123", DIALLED),
        ("07624 900123", "+447624900123"),  # Isle of Man
        ("01632 960001", None),  # a landline
        ("07012 345678", None),  # a personal number
        ("07650 123456", None),  # a pager
        ("07700 90012", None),
        ("07700 9001234", None),
        ("+33 6 12 34 56 78", None),
        ("jo@example.org", None),
    ],
)
def test_a_mobile_number_is_taken_as_people_write_it(written: str, dialled: str | None) -> None:
    if dialled is not None:
        assert mobile_number(written) == dialled
    else:
        with pytest.raises(RefusedError):
            mobile_number(written)


def test_a_call_is_signed_as_others_read_it() -> None:
    token = notify.token(SERVICE, SECRET, NOW)
    claims = jwt.decode(token, OctKey.import_key(SECRET)).claims
    assert claims == {"iss": SERVICE, "iat": int(NOW.timestamp())}
    head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert head == {"typ": "JWT", "alg": "HS256"}
    assert notify.NotifySettings(f"my key-{SERVICE}-{SECRET}", "t").keys == (SERVICE, SECRET)
    with pytest.raises(RefusedError, match="copy it whole"):
        _ = notify.NotifySettings("secret", "t").keys


@time_machine.travel(NOW)
@pytest.mark.parametrize("is_on", [True, False])
def test_nobody_is_asked_for_a_number_where_it_is_off_or_cannot_be(
    council: Store, app: Flask, monkeypatch: pytest.MonkeyPatch, is_on: bool
) -> None:
    switch(council, on=is_on)
    can = {} if is_on else SWITCHED
    monkeypatch.setitem(app.config, "HOTSPOTS", replace(app.config["HOTSPOTS"], **can))
    client = app.test_client()
    key = reporting.begin(client)
    reporting.fill(client, key, more=ONLY_NUMBER)
    assert "obile number" not in client.get(f"/report/{key}/more").text
    reporting.send(client, key)
    with council.reading() as session:
        assert session.scalars(select(ReporterContact)).all() == []
        assert session.scalars(select(OutboxMessage)).all() == []


@time_machine.travel(NOW)
def test_a_number_is_enough_and_its_owner_follows_and_stops(
    council: Store, public: FlaskClient, service: LittleServer
) -> None:
    key = reporting.begin(public)
    reporting.fill(public, key, more=ONLY_NUMBER)
    assert DIALLED in public.get(f"/report/{key}/check").text
    reference = reporting.send(public, key)
    assert "We send you a text message" in public.get(f"/track/{reference}/receipt").text
    done = tick(council, service.address, NOW + timedelta(minutes=1))
    assert (done.texts_sent, done.sent, done.problems) == (1, 0, [])
    (call,) = service.heard
    assert call.path == "/v2/notifications/sms"
    token = call.headers["authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, OctKey.import_key(SECRET)).claims["iss"] == SERVICE
    content = json.loads(call.body)
    assert (content["phone_number"], content["template_id"]) == (DIALLED, TEMPLATE)
    message = content["personalisation"]["message"]
    assert f"https://canisters.example/track/{reference}" in message
    assert len(message) <= 306  # two messages' price
    stop = message.rpartition("https://canisters.example")[2]
    page = Page.of(public.get(stop))
    assert page.headings[0].startswith("Stop the messages about report")
    assert public.post(stop).status_code == 302
    assert "No more messages go out" in public.get(f"/track/{reference}").text
    tick(council, service.address, NOW + timedelta(minutes=5))
    assert len(service.heard) == 1  # once


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("is_on", "can", "first_words", "last_words"),
    [
        (True, True, "On. ", "1 by email, 1 by text message"),
        (False, True, "Off. A manager", "1 by email, 1 by text message, which are not sent"),
        (True, False, "Switched on, but none can go out", "which are not sent"),
    ],
)
def test_officers_see_whether_they_go_out_and_how_many_hear(
    council: Store,
    public: FlaskClient,
    app: Flask,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    is_on: bool,
    can: bool,
    first_words: str,
    last_words: str,
) -> None:
    both = {"description": "", "email": "jo@example.org", "phone": NUMBER}
    reference = reporting.report(public, more=both)
    switch(council, on=is_on)
    key = "" if not can else SWITCHED["notify_api_key"]
    config = replace(app.config["HOTSPOTS"], notify_api_key=key)
    monkeypatch.setitem(app.config, "HOTSPOTS", config)
    background = Page.of(signed_in("manager").get("/admin/background")).summary["Text messages"]
    assert background.startswith(first_words)
    officer = signed_in("officer")
    file = Page.of(officer.get(f"/officer/incidents/{reference}"))
    assert file.summary["Told what becomes of it"].endswith(last_words)
    assert "jo@example.org" not in file.text
    assert ("so no mobile number is asked for" in officer.get("/officer/telephone").text) == (
        not (is_on and can)
    )


@time_machine.travel(NOW)
def test_a_wrong_number_is_told_at_its_field_and_stays_as_written(public: FlaskClient) -> None:
    key = reporting.begin(public)
    reporting.fill(public, key)
    sent = reporting.answer(public, key, "more", description="By the gate", email="", phone="0123")
    page = Page.of(public.get(sent.location))
    assert [link.href for link in page.error_summary] == ["#phone"]
    assert (page.value("phone"), page.value("description")) == ("0123", "By the gate")


@time_machine.travel(NOW)
def test_what_becomes_of_a_report_comes_by_both_ways_that_were_asked_for(
    council: Store, public: FlaskClient
) -> None:
    both = {"description": "", "email": "jo@example.org", "phone": NUMBER}
    reference = reporting.report(public, more=both)
    with council.writing() as session:
        incident = by_reference(session, reference).incident_id
        at = NOW + timedelta(hours=2)
        clearing.record(
            session, NewClearance(incident, "cleared", at, no_photo_reason="Too dark"), now=at
        )
        clearing.reopen(session, incident, now=at + timedelta(hours=1))
    switched = TickSettings(Sender("Testford", SWITCHED["base_url"], can_text=True))
    ticking.tick(council, switched, clock=lambda: NOW + timedelta(hours=4))
    with council.reading() as session:
        sent = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    about = [(each.kind, each.is_text) for each in sent if each.kind != "late_work"]
    assert about == [
        (kind, is_text)
        for kind in ("acknowledgement", "clearance", "reopened")
        for is_text in (False, True)
    ]
    cleared = next(each for each in sent if each.kind == "clearance" and each.is_text)
    assert cleared.recipient == DIALLED
    assert "were cleared on Monday 23 November" in cleared.body
    switch(council, on=False)  # from now on no more go out, whatever happens
    with council.writing() as session:
        clearing.record(
            session,
            NewClearance(incident, "cleared", at, no_photo_reason="Too dark"),
            now=NOW + timedelta(hours=5),
        )
    ticking.tick(council, switched, clock=lambda: NOW + timedelta(hours=6))
    assert len(texts(council)) == 3


@pytest.mark.parametrize(
    ("answer", "is_tried_again"),
    [((400, "phone_number Not a valid phone number"), False), ((429, "Exceeded limits"), True)],
)
def test_a_refusal_is_told_without_the_number(
    council: Store, service: LittleServer, answer: tuple[int, str], is_tried_again: bool
) -> None:
    body = json.dumps({"errors": [{"error": "X", "message": answer[1]}]})
    service.play = lambda _: Said(answer[0], body.encode())
    with council.writing() as session:
        outbox.queue(
            session,
            "report:1:text:x",
            kind="acknowledgement",
            recipient=DIALLED,
            subject="",
            body="x",
            is_text=True,
            now=NOW,
        )
    tick(council, service.address)
    with council.reading() as session:
        (trouble,) = outbox.troubled(session)
    assert trouble.is_text
    assert answer[1] in trouble.error
    assert "900123" not in trouble.error
    assert (trouble.next_attempt_at is not None) == is_tried_again


@time_machine.travel(NOW)
def test_a_person_s_number_is_found_given_out_and_erased(
    council: Store, public: FlaskClient
) -> None:
    reporting.report(public, more=ONLY_NUMBER)
    with council.writing() as session:
        person = person_data.find_person(session, "+44 7700 900123", now=NOW)
        assert [contact.phone for contact in person.contacts] == [DIALLED]
        assert len(person.mails) == 1
        person_data.erase_person(session, NUMBER, "Request 17", Actor(None, NOW))
    with council.reading() as session:
        assert session.scalars(select(ReporterContact)).all() == []
    assert texts(council) == []
