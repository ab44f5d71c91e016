"""What is kept how long, what a hold keeps from every route of deletion, and one person's data."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely
import time_machine
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import String, func, select
from sqlalchemy.exc import DBAPIError

from geodata.core.errors import RefusedError
from geodata.core.types import Document
from geodata.core.vocabulary import IncidentEventKind, Moderation
from geodata.importers.options import ImportOptions
from geodata.incidents import incident_events
from geodata.media import photos
from geodata.media.pictures import clean
from geodata.models import (
    AuditEntry,
    Clearance,
    EnforcementAction,
    Incident,
    IncidentEvent,
    LegalHold,
    OutboxMessage,
    Photo,
    PhotoContent,
    Report,
    ReportDraft,
)
from geodata.people import audit, contacts, free_texts, holds, outbox
from geodata.people.audit import Actor
from geodata.people.identifiers import parse_identifier
from geodata.reports import drafts
from geodata.store import background
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.signing_key import SIGNING_KEY
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.application import create_app
from web.commands.store.backup import backup
from web.commands.store.person import person
from web.commands.store.retention import retention as command
from web.config import Config
from web.services.admin import person_data, retention
from web.services.admin.retention_schedule import Terms, classes
from web.services.imports.importing import take_in, undo_batch
from web.services.reporting import moderation
from web.services.reporting.intake import NewReport, take_report

TOLD = datetime(2019, 3, 4, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
MAIL, PHONE = "jo@example.org", "07700 900123"
OFFICER = Actor(None, NOW)


def tell(store: Store, x: float, *, mail: str = MAIL, text: str = f"Ring me: {PHONE}") -> Report:
    """A report of long ago with an address, words, a rejected and an approved photo, and a mail."""
    new = NewReport(shapely.Point(553_000 + x, 174_000), "public", "web", TOLD, description=text)
    with store.writing() as session:
        taken = take_report(session, new, now=TOLD)
        contacts.add(session, taken.report_id, mail, now=TOLD)
        key = contacts.mail_key(taken.report_id, "acknowledged")
        words = {"kind": "x", "recipient": mail, "subject": "Thanks", "body": f"Dear {mail}"}
        outbox.queue(session, key, now=TOLD, **words)
        sent = select(OutboxMessage).where(OutboxMessage.dedupe_key == key)
        session.scalars(sent).one().sent_at = TOLD
        for n, state in enumerate((Moderation.REJECTED, Moderation.APPROVED)):
            shot = clean(encoded(picture((40 + int(x) // 100 + n, 30))))
            made = photos.add(session, shot, now=TOLD, report_id=taken.report_id)
            photos.moderate(session, made, state, user_id=None, now=TOLD)
        return session.get_one(Report, taken.report_id)


def traces(store: Store, report: Report) -> dict[str, int]:
    """How much is left of a report's reporter."""
    with store.reading() as session:
        row = session.get_one(Report, report.id)
        prefix = contacts.mail_key(report.id, "")
        mails = select(OutboxMessage).where(
            OutboxMessage.dedupe_key.startswith(prefix), OutboxMessage.recipient != ""
        )
        hashes = session.scalars(select(Photo.sha256).where(Photo.report_id == report.id)).all()
        kept = select(func.count()).select_from(PhotoContent)
        return {
            "contact": int(contacts.of_report(session, report.id) is not None),
            "words": int(bool(row.description)),
            "mails": len(session.scalars(mails).all()),
            "photos": session.scalar(kept.where(PhotoContent.sha256.in_(hashes))) or 0,
        }


WHOLE = {"contact": 1, "words": 1, "mails": 1, "photos": 2}
NOTHING = {"contact": 0, "words": 0, "mails": 0, "photos": 0}


def hold(store: Store, kind: str, subject: str, until: date = date(2027, 1, 1)) -> int:
    with store.writing() as session:
        return holds.place(session, kind, subject, reason="Case 7", until=until, actor=OFFICER)


def clean_up(store: Store, now: datetime = NOW) -> dict[str, int]:
    with store.writing() as session:
        retention.clean_up(session, Terms(), now=now)  # the photos' rows, then their contents
        return retention.clean_up(session, Terms(), now=now)


def test_what_is_due_goes_class_by_class(council: Store) -> None:
    report = tell(council, 0)
    with council.reading() as session:
        lines = {line.of.name: line.due for line in retention.due(session, Terms(), now=NOW)}
    due = {"contacts": 1, "texts": 1, "mails": 1, "photos": 1}
    assert lines == due | {
        "followers": 0,
        "marked": 0,
        "copies": 0,
        "drafts": 0,
        "backups": 0,
        "enforcement": 0,
    }
    assert traces(council, report) == WHOLE  # a dry run changes nothing
    clean_up(council)
    assert traces(council, report) == NOTHING
    with council.reading() as session:
        assert session.get_one(Report, report.id).incident_id is not None  # the statistics stay


def test_the_schedule_says_when_the_next_is_due(council: Store) -> None:
    with council.reading() as session:
        assert {line.next_at for line in retention.due(session, Terms(), now=NOW)} == {None}
    tell(council, 0)
    with council.reading() as session:
        lines = {line.of.name: line.next_at for line in retention.due(session, Terms(), now=NOW)}
    assert lines == {
        "contacts": datetime(2019, 9, 4, 12, tzinfo=UTC),  # six months after 4 March 2019
        "texts": datetime(2025, 3, 4, 12, tzinfo=UTC),
        "mails": TOLD + timedelta(days=30),
        "photos": TOLD + timedelta(days=14),
        "followers": None,
        "marked": None,
        "copies": None,
        "drafts": None,
        "backups": None,
        "enforcement": None,
    }


@pytest.mark.parametrize("kind", ["report", "incident", "person", "number"])
def test_what_is_held_survives_the_tick(council: Store, kind: str) -> None:
    held, free = tell(council, 0), tell(council, 900, mail="al@example.org", text="No number")
    with council.reading() as session:
        key = session.get_one(Incident, held.incident_id).key
    subject = {"report": held.reference, "incident": key, "person": MAIL, "number": "+447700900123"}
    hold(council, "person" if kind == "number" else kind, subject[kind])
    with council.reading() as session:
        lines = retention.due(session, Terms(), now=NOW)
    assert {line.held for line in lines if line.of.name in {"contacts", "texts", "photos"}} == {1}
    clean_up(council)
    assert traces(council, held) == WHOLE
    assert traces(council, free) == NOTHING


def test_a_hold_ends_on_its_day_or_when_it_is_lifted(council: Store) -> None:
    one, other = tell(council, 0), tell(council, 900)
    hold(council, "report", one.reference, until=NOW.date())
    key = hold(council, "report", other.reference)
    clean_up(council)
    assert traces(council, one) == traces(council, other) == WHOLE
    with council.writing() as session:
        holds.lift(session, key, reason="It is settled", actor=OFFICER)
    clean_up(council, NOW + timedelta(days=1))
    assert traces(council, one) == traces(council, other) == NOTHING


def test_a_held_person_draft_stays(council: Store) -> None:
    hold(council, "person", MAIL)
    with council.writing() as session:
        for mail in (MAIL, "al@example.org"):
            drafts.start(session, {"email": mail}, now=TOLD)
    clean_up(council)
    with council.reading() as session:
        assert [d.answers["email"] for d in session.scalars(select(ReportDraft))] == [MAIL]


def test_nobody_deletes_what_is_held_by_hand(council: Store, client: FlaskClient) -> None:
    report = tell(council, 0)
    with council.reading() as session:
        token = contacts.of_report(session, report.id).token
    hold(council, "report", report.reference)
    with time_machine.travel(NOW, tick=False):
        answer = client.post(f"/track/{report.reference}/remove-details", follow_redirects=True)
        assert "We must keep your details for now" in answer.text
        client.post(f"/track/stop/{token}", data={"List-Unsubscribe": "One-Click"})
    assert traces(council, report) == WHOLE
    with council.reading() as session:
        assert not contacts.of_report(session, report.id).wants_updates  # but no more mails
    with council.writing() as session, pytest.raises(RefusedError, match="legal hold"):
        moderation.decide_text(
            session,
            report.id,
            "approve",
            description="",
            landmark="",
            reason="",
            user_id=None,
            now=NOW,
        )
    assert traces(council, report) == WHOLE


def test_an_import_with_a_held_report_is_not_undone(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("Date,Easting,Northing\n2026-01-05,553000,174000\n")
    batch = take_in(council, "reports", path, ImportOptions(), now=NOW).batch
    with council.reading() as session:
        reference = session.scalars(select(Report.reference)).one()
    key = hold(council, "report", reference)
    with council.writing() as session, pytest.raises(RefusedError, match="legal hold"):
        undo_batch(session, batch, now=NOW)
    with council.writing() as session:
        holds.lift(session, key, reason="It is over", actor=OFFICER)
        assert undo_batch(session, batch, now=NOW) == 1


# One person


@pytest.fixture
def everywhere(council: Store) -> Report:
    """Somebody whose address and number stand in every corner of the store."""
    report = tell(council, 0)
    with council.writing() as session:
        incident_id = session.get_one(Report, report.id).incident_id
        session.add(
            Clearance(
                incident_id=incident_id,
                outcome="specialist",
                occurred_at=TOLD,
                recorded_at=TOLD,
                note=f"{MAIL.upper()} let us in",
            )
        )
        incident_events.append(
            session,
            incident_id,
            IncidentEventKind.NOTE,
            at=TOLD,
            now=TOLD,
            reason="Rang back on +44 (0)7700 900 123",
            details={"note": f"wrote from {MAIL}"},
        )
        audit.write(session, OFFICER, "moderate", "thing", after={"by": MAIL}, reason=f"See {MAIL}")
        drafts.start(session, {"email": MAIL, "description": ""}, now=NOW - timedelta(hours=1))
        other = {"kind": "x", "recipient": "csu@testford.example", "subject": "A call"}
        outbox.queue(session, "other", body=f"From {MAIL}", now=TOLD, **other)
    return report


def everything_in(store: Store) -> str:
    """Every text of every table, as one who opens the file would read it."""
    words = []
    with store.reading() as session:
        for table in Report.metadata.sorted_tables:
            for row in session.execute(table.select()):
                words += [str(value) for value in row if not isinstance(value, bytes)]
    return "\n".join(words)


def test_one_action_erases_a_person_from_every_corner(council: Store, everywhere: Report) -> None:
    for who in (MAIL, PHONE):
        with council.writing() as session:
            done = person_data.erase_person(session, who, f"Request 17 of {who}", OFFICER)
        assert done.kept == []
    left = everything_in(council)
    for who in (MAIL, PHONE):
        assert not parse_identifier(who).is_in(left)
    assert traces(council, everywhere) == NOTHING
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 1  # statistics
        assert session.get_one(Report, everywhere.id).geometry.x == 553_000
        event = session.scalars(select(IncidentEvent).where(IncidentEvent.reason != "")).first()
        assert "Rang back on [removed]" in event.reason
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "erase")).all()
        assert [entry.reason for entry in entries] == ["Request 17 of [removed]"] * 2


def test_after_an_erasure_history_is_append_only_again(council: Store, everywhere: Report) -> None:
    with council.writing() as session:
        person_data.erase_person(session, MAIL, "Request 17", OFFICER)
    for model in (AuditEntry, IncidentEvent):
        with pytest.raises(DBAPIError, match="append-only"), council.writing() as session:
            session.scalars(select(model)).first().reason = "Tampered"


def test_an_erasure_says_what_it_kept_and_why(council: Store) -> None:
    held, evident, free = (tell(council, x, text="Mine") for x in (0, 900, 1_800))
    hold(council, "report", held.reference)
    with council.writing() as session:
        action = EnforcementAction(
            reference="FPN1",
            kind="litter_fpn",
            offence_at=TOLD,
            geometry=shapely.Point(553_900, 174_000),
            incident_id=session.get_one(Report, evident.id).incident_id,
            age_band="unknown",
            note=f"Witness: {MAIL}",
        )
        session.add(action)
        session.flush()
        done = person_data.erase_person(session, MAIL, "Request 18", OFFICER)
        assert session.get_one(EnforcementAction, action.id).note == f"Witness: {MAIL}"
    why = {(what, reason) for what, _, reason in done.kept}
    assert why == {
        ("Reports", "under a legal hold"),
        ("Mails", "under a legal hold"),
        ("Reports' words and photos", "evidence of enforcement"),
        ("Other texts", "evidence of enforcement"),
    }
    assert traces(council, held) == WHOLE
    assert traces(council, free) == NOTHING
    assert traces(council, evident) == WHOLE | {"contact": 0, "mails": 0, "photos": 1}


def test_a_held_person_is_not_erased(council: Store, everywhere: Report) -> None:
    hold(council, "person", MAIL)
    with council.writing() as session:
        done = person_data.erase_person(session, MAIL, "Request 19", OFFICER)
    assert done.erased == {}
    assert {why for *_, why in done.kept} == {"under a legal hold"}
    assert traces(council, everywhere) == WHOLE


def test_an_export_holds_everything_and_the_photos(council: Store, everywhere: Report) -> None:
    with council.writing() as session:
        content = person_data.export_person(session, MAIL, OFFICER)
    archive = zipfile.ZipFile(io.BytesIO(content))
    exported = json.loads(archive.read("person.json"))
    assert [report["reference"] for report in exported["reports"]] == [everywhere.reference]
    assert {mail["to"] for mail in exported["mails"]} == {MAIL, "csu@testford.example"}
    assert len(exported["reports_not_sent"]) == 1
    assert {text["where"].split()[0] for text in exported["other_texts"]} == {
        "clearance",
        "incident_event",
        "audit_entry",
    }
    pictures = [name for name in archive.namelist() if name.startswith("photos/")]
    assert len(pictures) == 2
    assert archive.read(pictures[0])[:2] == b"\xff\xd8"


NOBODY_WRITES_OF_PEOPLE_THERE = {
    "remote_system.name",
    "remote_system.terms",
    "remote_request.refused",
    "api_key.name",
    "api_key.scopes",
    "authorisation.instrument",
    "campaign.siting",
    "campaign_wording.call",
    "campaign_wording.extra",
    "campaign_wording.heading",
    "campaign_wording.law",
    "campaign_wording.source",
    "committee_draft.content",
    "committee_release.content",
    "contract_period.source",
    "covariate_feature.kind",
    "detection_run.params",
    "detection_run.summary",
    "exposure_feature.measure",
    "figure_release.cells",
    "gazetteer_entry.name",
    "gazetteer_entry.search_name",
    "good_news.figures",
    "good_news.ward",
    "hotspot.evidence",
    "issuer.employer",
    "kept_jobs.names",  # of contractors and states
    "legal_hold.subject",  # a reference or a hash
    "observation.area",
    "order.name",
    "order_task.title",
    "order_version.document",
    "order_version.source",
    "patrol_plan.coverage",
    "population.area",
    "prohibition.limits",
    "prohibition.text",
    "rule_row.source",
    "rule_row.values",
    "setting.value",
    "street.name",
    "translated_text.source",
    "translated_text.texts",  # of pages: checked before it is kept
    "word_template.name",  # of a file
}
LOOKED_THROUGH_APART = {"follower", "outbox_message", "report_draft", "reporter_contact", "user"}


def test_every_column_for_words_is_looked_through_or_holds_none_of_people() -> None:
    looked = {
        f"{model.__tablename__}.{name}"
        for model, names in free_texts.COLUMNS.items()
        for name in names
    }
    for table in Report.metadata.sorted_tables:
        if table.name in LOOKED_THROUGH_APART:
            continue
        for column in table.columns:
            is_long = isinstance(column.type, String) and (column.type.length or 200) >= 200
            if is_long or isinstance(column.type, Document):
                assert f"{table.name}.{column.name}" in looked | NOBODY_WRITES_OF_PEOPLE_THERE


@pytest.mark.parametrize("role", ["contractor", "partner", "officer"])
def test_only_managers_see_the_pages(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    for address in ("/admin/retention", "/admin/person"):
        assert client.get(address).status_code == 403
    assert client.post("/admin/person/erase", data={}).status_code == 403


def test_a_manager_finds_exports_and_erases_on_one_page(
    council: Store, signed_in: SignIn, everywhere: Report
) -> None:
    client, who = signed_in("manager"), {"who": MAIL}
    rows = Page.of(client.post("/admin/person/find", data=who)).table("Found").rows
    assert {row["What"]: row["How many"] for row in rows}["Photos"] == "2"
    assert client.post("/admin/person/export", data=who).mimetype == "application/zip"
    assert client.post("/admin/person/erase", data=who).status_code == 400  # no reason
    page = client.post("/admin/person/erase", data=who | {"reason": "Request 17"})
    assert "Nothing is kept." in page.text
    assert traces(council, everywhere)["contact"] == 0
    assert client.post("/admin/person/find", data={"who": "nobody"}).status_code == 400


def test_a_manager_places_and_lifts_a_hold_on_the_page(council: Store, signed_in: SignIn) -> None:
    report = tell(council, 0)
    with time_machine.travel(NOW, tick=False):
        client = signed_in("manager")
        form = {"kind": "report", "subject": report.reference, "reason": "Case 7"}
        assert client.post("/admin/retention", data=form).status_code == 400  # until when?
        form |= {"until": "2027-01-31"}
        assert client.post("/admin/retention", data=form).status_code == 302
        page = Page.of(client.get("/admin/retention"))
        held = page.table("Holds that stand").rows
        assert [(row["Reference"], row["Why"]) for row in held] == [(report.reference, "Case 7")]
        schedule = {row["What"]: row["Held"] for row in page.table("Ends by itself").rows}
        assert schedule["Reporters\u2019 email addresses and mobile numbers"] == "1"
        assert (
            client.post("/admin/retention/holds/1", data={"reason": "It is over"}).status_code
            == 302
        )
        assert "Nothing is held" in client.get("/admin/retention").text
    with council.reading() as session:
        of_holds = select(AuditEntry.act).where(AuditEntry.entity == "legal_hold")
        assert list(session.scalars(of_holds.order_by(AuditEntry.id))) == ["hold", "lift"]


def test_a_hold_on_a_person_does_not_name_them(council: Store) -> None:
    hold(council, "person", MAIL)
    with council.reading() as session:
        assert session.scalars(select(LegalHold.subject)).one() != MAIL
    assert MAIL not in everything_in(council)


# Commands, backups, the privacy notice


@pytest.fixture
def command_line(council: Store, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    url = council.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)
    return CliRunner()


def test_the_command_tells_before_it_deletes(council: Store, command_line: CliRunner) -> None:
    report = tell(council, 0)
    counts = json.loads(command_line.invoke(command, ["--dry-run", "--json"]).output)
    assert counts["contacts"] == {"due": 1, "held": 0}
    assert traces(council, report) == WHOLE
    command_line.invoke(command, [])
    assert traces(council, report)["contact"] == 0


def test_the_command_exports_and_erases_a_person(
    council: Store, command_line: CliRunner, tmp_path: Path, everywhere: Report
) -> None:
    file = tmp_path / "jo.zip"
    assert "Photos: 2" in command_line.invoke(person, ["find", MAIL]).output
    command_line.invoke(person, ["export", MAIL, str(file)])
    assert file.stat().st_mode & 0o777 == 0o600
    result = command_line.invoke(person, ["erase", MAIL, "--reason", "Request 17", "--json"])
    assert json.loads(result.output)["erased"]["Addresses with reports"] == 1
    assert traces(council, everywhere)["contact"] == 0


def test_backups_go_when_their_time_is_up(
    geopackage: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", str(geopackage.engine.url))
    old, new = tmp_path / "old.gpkg", tmp_path / "new.gpkg"
    with time_machine.travel(NOW, tick=False):
        CliRunner().invoke(backup, [str(old)])
    with time_machine.travel(NOW + timedelta(days=34), tick=False):
        CliRunner().invoke(backup, [str(new)])
        assert old.exists()
    with geopackage.writing() as session:
        retention.clean_up(session, Terms(), now=NOW + timedelta(days=36))
        assert [path for path, _ in background.backups(session)] == [new]
    assert (old.exists(), new.exists()) == (False, True)


def test_the_privacy_notice_says_what_the_schedule_does(council: Store) -> None:
    config = Config(
        secret_key=SIGNING_KEY,
        insecure_cookies=True,
        retention_months=7,
        record_years=4,
        backup_days=21,
    )
    page = create_app(config, store=council).test_client().get("/privacy").text
    for line in classes(Terms(7, 4, 21)):
        number = next(word for word in line.how_long.replace(";", "").split() if word.isdecimal())
        unit = line.how_long.replace(";", "").split()[1]
        assert f"{number} {unit}" in page, line
