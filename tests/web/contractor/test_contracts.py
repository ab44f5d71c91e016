"""A crew sees the jobs of its own contract and its period, by whatever address it asks."""

import base64
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from geodata.accounts import users
from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import Clearance, ContractPeriod, Incident, IncidentEvent, OutboxMessage
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import PASSWORD, SignIn
from web.services.background.tick_settings import TickSettings
from web.services.background.ticking import tick
from web.services.incidents import casework
from web.services.mail.letters import Sender
from web.services.reporting.intake import NewReport, take_report

HANDOVER = date(2026, 11, 25)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OLD_FIRM, NEW_FIRM = "Amey", "Urbaser"

pytestmark = pytest.mark.usefixtures("_periods")


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def _periods(council: Store) -> None:
    with council.writing() as session:
        day_before = HANDOVER - timedelta(days=1)
        session.add(ContractPeriod(contractor=OLD_FIRM, valid_to=day_before))
        session.add(ContractPeriod(contractor=NEW_FIRM, valid_from=HANDOVER))


def tell(store: Store, x: float, day: int) -> str:
    told_at = datetime(2026, 11, day, 9, tzinfo=UTC)
    new = NewReport(shapely.Point(553_000 + x, 174_000), "public", "web", told_at)
    with store.writing() as session:
        return take_report(session, new, now=told_at).incident_key


@pytest.fixture
def old_job(council: Store) -> str:
    return tell(council, 0, 23)


@pytest.fixture
def new_job(council: Store) -> str:
    return tell(council, 500, 26)


def crew(app: Flask, store: Store, employer: str | None) -> FlaskClient:
    with store.writing() as session:
        users.add(
            session,
            "crew",
            hashed(PASSWORD),
            "contractor",
            now=NOW,
            employer=employer,
            email="c@x.uk",
        )
    client = app.test_client()
    client.post("/sign-in", data={"name": "crew", "password": PASSWORD})
    return client


LISTS = ("", "jobs.geojson", "worklist.csv", "round", "round.geojson", "round.gpx", "round.kml")


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    ("employer", "sees"),
    [(NEW_FIRM, (False, True)), (OLD_FIRM, (False, False)), (None, (False, False))],
)
def test_every_list_holds_the_jobs_of_the_contract_of_today(
    app: Flask,
    council: Store,
    old_job: str,
    new_job: str,
    address: str,
    employer: str | None,
    sees: tuple[bool, bool],
) -> None:
    answer = crew(app, council, employer).get(f"/contractor/{address}")
    assert answer.status_code == 200
    assert (old_job in answer.text, new_job in answer.text) == sees


@pytest.mark.parametrize("address", LISTS)
def test_an_officer_sees_every_job(signed_in, old_job: str, new_job: str, address: str) -> None:
    answer = signed_in("officer").get(f"/contractor/{address}")
    assert old_job in answer.text
    assert new_job in answer.text


@pytest.mark.parametrize("employer", [OLD_FIRM, None])
def test_a_crew_without_a_contract_is_told_so(
    app: Flask, council: Store, employer: str | None
) -> None:
    assert "No contract of today is yours" in crew(app, council, employer).get("/contractor/").text


def test_another_contracts_job_is_not_there_by_any_address(
    app: Flask, council: Store, old_job: str, new_job: str
) -> None:
    client = crew(app, council, NEW_FIRM)
    for address in (f"jobs/{old_job}", f"jobs/{old_job}/saved"):
        assert client.get(f"/contractor/{address}").status_code == 404
    assert client.get(f"/contractor/?reference={old_job}").status_code == 200  # no redirect to it
    outcome = {"outcome": "not_found"}
    for address in (f"jobs/{old_job}", f"outcomes/{old_job}"):
        assert client.post(f"/contractor/{address}", data=outcome).status_code in {400, 404, 422}
    same = {"outcome": "duplicate", "duplicate_of": old_job}
    assert client.post(f"/contractor/outcomes/{new_job}", data=same).status_code == 422
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []
    assert client.get(f"/contractor/jobs/{new_job}").status_code == 200


def test_photos_of_another_contract_are_not_there(
    app: Flask, council: Store, old_job: str, new_job: str
) -> None:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, "JPEG")
    keys = {}
    with council.writing() as session:
        for key in (old_job, new_job):
            incident = session.scalars(select(Incident).where(Incident.key == key)).one()
            row = Clearance(
                incident_id=incident.id, outcome="specialist", occurred_at=NOW, recorded_at=NOW
            )
            session.add(row)
            session.flush()
            keys[key] = photos.add(session, clean(made.getvalue()), now=NOW, clearance_id=row.id)
    client = crew(app, council, NEW_FIRM)
    assert client.get(f"/contractor/photos/{keys[new_job]}").status_code == 200
    assert client.get(f"/contractor/photos/{keys[old_job]}").status_code == 404


def test_a_job_that_was_handed_over_is_the_new_contractors(
    app: Flask, council: Store, old_job: str
) -> None:
    with council.writing() as session:
        incident = session.scalars(select(Incident).where(Incident.key == old_job)).one()
        casework.reassign(session, incident.id, NEW_FIRM, reason="New", user_id=None, now=NOW)
    assert crew(app, council, NEW_FIRM).get(f"/contractor/jobs/{old_job}").status_code == 200


def test_an_officer_hands_open_jobs_of_an_ended_contract_over_at_once(
    app: Flask, council: Store, signed_in: SignIn, old_job: str, new_job: str
) -> None:
    officer, firm = signed_in("officer"), crew(app, council, NEW_FIRM)
    assert firm.post("/contractor/hand-over").status_code == 403
    assert "1 open job belongs to no contract of today" in officer.get("/contractor/").text
    assert officer.post("/contractor/hand-over").status_code == 302
    assert "belongs to no contract" not in officer.get("/contractor/").text
    assert firm.get(f"/contractor/jobs/{old_job}").status_code == 200
    with council.reading() as session:
        event = session.scalars(
            select(IncidentEvent).where(IncidentEvent.kind == "reassigned")
        ).one()
        assert event.details == {"from": OLD_FIRM, "to": NEW_FIRM}


def test_what_ended_under_an_earlier_contract_of_the_same_firm_is_not_shown(
    app: Flask, council: Store, old_job: str, new_job: str
) -> None:
    with council.writing() as session:
        for key, closed in ((old_job, HANDOVER - timedelta(days=1)), (new_job, HANDOVER)):
            incident = session.scalars(select(Incident).where(Incident.key == key)).one()
            incident.contractor = NEW_FIRM
            incident.state = "cleared"
            incident.closed_at = datetime(closed.year, closed.month, closed.day, 12, tzinfo=UTC)
    client = crew(app, council, NEW_FIRM)
    statuses = [client.get(f"/contractor/jobs/{key}").status_code for key in (old_job, new_job)]
    assert statuses == [404, 200]


def test_mails_speak_of_the_contract_of_today_only(
    app: Flask, council: Store, old_job: str, new_job: str
) -> None:
    crew(app, council, NEW_FIRM)
    tick(council, TickSettings(Sender("Testford", "")), clock=lambda: NOW)
    with council.reading() as session:
        sent = session.scalars(select(OutboxMessage)).all()
    words = "\n".join(mail.subject + mail.body for mail in sent)
    assert new_job in words
    assert old_job not in words


@pytest.mark.parametrize("act", ["", "/take-in"])
def test_a_file_of_outcomes_answers_no_other_contracts_jobs(
    app: Flask, council: Store, old_job: str, new_job: str, act: str
) -> None:
    """Not even those rows of it that are one's own."""
    rows = [f"{key},2026-11-26 10:00,cleared" for key in (new_job, old_job)]
    content = "\n".join(["report_ref,occurred_at,outcome", *rows]).encode()
    held = {"name": "a.csv", "content": base64.b64encode(content).decode()}
    answer = crew(app, council, NEW_FIRM).post(f"/contractor/worklist-answer{act}", data=held)
    assert answer.status_code == 400
    assert f"no such job in this contract: {old_job}." in answer.text
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []
