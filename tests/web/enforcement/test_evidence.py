"""A notice says where, on what evidence and by what authority; requests for footage end deleted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import CctvOutcome, PickUp, Recording
from geodata.enforcement import footage
from geodata.enforcement.evidence import EvidenceDraft
from geodata.enforcement.footage import FootageDraft
from geodata.people import audit
from geodata.people.audit import Actor
from tests.web.enforcement.conftest import NOW, Enforcing
from tests.web.enforcement.test_pages import post
from tests.web.enforcement.test_recording import FPN, record
from tests.web.page import Page
from web.services.alerts.law_alerts import tell_of_ends
from web.services.enforcement import evidence_statements as use_case
from web.services.enforcement.notice_deadlines import board
from web.services.mail.letters import Sender

SEEN = EvidenceDraft(
    "Seen from 5 m by the officer on duty: twelve chargers dropped beside the bay",
    PickUp.GIVEN,
    recording=Recording.BODY_WORN,
    recording_ref="BW-17",
    weed_on=date(2026, 7, 13),
)
ASKED = FootageDraft(
    "CAM-01",
    datetime(2026, 6, 13, 22, 30, tzinfo=UTC),
    datetime(2026, 6, 13, 22, 50, tzinfo=UTC),
    "To see who dropped them",
    date(2026, 6, 13),
)
EXPORTED = replace(
    ASKED, outcome=CctvOutcome.EXPORTED, export_ref="EXP-3", delete_by=date(2026, 6, 30)
)


def state(enforcing: Enforcing, reference: str, draft: EvidenceDraft, reason: str = "") -> None:
    with enforcing.store.writing() as session:
        use_case.state(session, reference, draft, reason, enforcing.actor)


def due(enforcing: Enforcing, now: datetime = NOW) -> list[tuple[date, str]]:
    with enforcing.store.writing() as session:
        lines = board(session, Actor(enforcing.user_id, now))
    return [(line.on, line.words) for line in lines if "delete" in line.words]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"grounds": " "}, "grounds are empty"),
        ({"pick_up": PickUp.NOT_GIVEN}, "write why"),
        ({"pick_up": PickUp.NOT_POSSIBLE}, "write why"),
        ({"recording_ref": ""}, "has no reference"),
        ({"weed_on": None}, "must be gone is empty"),
        ({"weed_on": date(2026, 6, 12)}, "before the act"),
        ({"weeded_on": date(2026, 6, 14)}, "in the future"),
        ({"weeded_on": date(2026, 6, 12)}, "before the act"),
        ({"recording": Recording.NO_RECORDING}, "what kind of recording"),
        ({"grounds": "Mrs Jones of flat 3 saw it"}, "may say who"),
    ],
)
def test_a_statement_that_lacks_something_is_refused(
    enforcing: Enforcing, changed: dict, words: str
) -> None:
    reference = record(enforcing)
    with pytest.raises(RefusedError, match=words):
        state(enforcing, reference, replace(SEEN, **changed))


def test_a_correction_needs_its_reason_and_the_first_statement_stays(enforcing: Enforcing) -> None:
    reference = record(enforcing, replace(FPN, evidence=SEEN))
    with pytest.raises(RefusedError, match="reason is empty: write why"):
        state(enforcing, reference, replace(SEEN, grounds="Seen from 8 m"))
    state(enforcing, reference, replace(SEEN, grounds="Seen from 8 m"), "Measured again")
    with enforcing.store.reading() as session:
        texts = [(s.row.grounds, s.who) for s in use_case.statements(session, reference)]
        acts = [entry.act for entry, _ in audit.entries(session, "enforcement_action")]
    assert texts == [("Seen from 8 m", "chief"), (SEEN.grounds, "chief")]
    assert acts.count("evidence") == 1


def test_a_recording_is_watched_until_it_is_deleted_whatever_became_of_the_notice(
    enforcing: Enforcing,
) -> None:
    reference = record(enforcing, replace(FPN, evidence=SEEN))
    line = (date(2026, 7, 13), "Last day to delete the recording BW-17")
    later = NOW + timedelta(days=400)  # the board forgets what passed a month ago, but not this
    assert due(enforcing) == due(enforcing, later) == [line]
    state(enforcing, reference, replace(SEEN, weeded_on=date(2026, 6, 13)), "It was deleted")
    assert due(enforcing) == []


def test_a_recording_is_announced_a_week_before_and_once_after(enforcing: Enforcing) -> None:
    record(enforcing, replace(FPN, evidence=SEEN))
    sender = Sender("The council", "")

    def mails(day: date) -> int:
        now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        with enforcing.store.writing() as session:
            return tell_of_ends(session, sender, ["csu@example.org"], now=now)

    mails(date(2026, 7, 4))  # of the order's own end, which is announced first
    days = [date(2026, 7, 5), date(2026, 7, 6), date(2026, 7, 7), date(2026, 7, 13)]
    assert [mails(day) for day in days] == [0, 1, 0, 0]  # seven days before 13 July is 6 July
    assert [mails(date(2026, 7, 14)), mails(date(2026, 7, 15))] == [1, 0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"camera_ref": ""}, "camera or the reason"),
        ({"purpose": " "}, "camera or the reason"),
        ({"begins_at": None}, "times of the footage are empty"),
        ({"ends_at": None}, "times of the footage are empty"),
        ({"requested_on": None}, "day of the request is empty"),
        ({"ends_at": EXPORTED.begins_at}, "ends before it begins"),
        ({"ends_at": NOW + timedelta(days=2)}, "longer than 24 hours"),
        ({"requested_on": date(2026, 6, 12)}, "after the day of the request"),
        ({"requested_on": date(2026, 6, 14)}, "in the future"),
        ({"export_ref": ""}, "needs its reference"),
        ({"delete_by": None}, "needs its reference"),
        ({"delete_by": date(2026, 6, 12)}, "before the request"),
        ({"deleted_on": date(2026, 6, 14)}, "no day on which"),
        ({"outcome": CctvOutcome.REFUSED}, "say that footage was exported"),
        ({"purpose": "Call me on 07700 900123"}, "may say who"),
    ],
)
def test_a_request_that_does_not_fit_is_refused(
    enforcing: Enforcing, changed: dict, words: str
) -> None:
    with pytest.raises(RefusedError, match=words), enforcing.store.writing() as session:
        use_case.save_request(session, None, replace(EXPORTED, **changed), "", enforcing.actor)


def test_an_export_is_watched_until_it_is_deleted_and_each_change_is_logged(
    enforcing: Enforcing,
) -> None:
    reference = record(enforcing)
    with enforcing.store.writing() as session:
        with pytest.raises(RefusedError, match="no notice 'XYZ'"):
            use_case.save_request(session, None, EXPORTED, "XYZ", enforcing.actor)
        key = use_case.save_request(session, None, EXPORTED, reference, enforcing.actor).id
    assert due(enforcing) == [(date(2026, 6, 30), "Last day to delete the export EXP-3")]
    with enforcing.store.writing() as session:
        gone = replace(EXPORTED, deleted_on=date(2026, 6, 13))
        use_case.save_request(session, key, gone, reference, enforcing.actor)
        ((kept, tied),) = footage.every(session)
        log = [entry.act for entry, _ in audit.entries(session, use_case.FOOTAGE, key)]
    assert (kept.deleted_on, tied, log) == (date(2026, 6, 13), reference, ["change", "create"])
    assert due(enforcing) == []


def test_the_notice_says_where_on_what_and_by_what_authority(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    stated = {
        "route": "litter_fpn",
        "grounds": SEEN.grounds,
        "pick_up": "given",
        "recording": "body_worn",
        "recording_ref": "BW-17",
        "weed_on": "2026-07-13",
    }
    answer = post(officer, enforcing, "record", **stated)
    assert answer.status_code == 302
    text = Page.of(officer.get(answer.location)).text
    for words in (
        "Westgate car park, ",
        "TQ 5350 7400 (51.44",
        "Decision 7, held by CEO-07 from 1 January 2024",
        SEEN.grounds,
        "Yes, and it was left",
        "Body-worn video",
        "BW-17",
        "13 July 2026",
    ):
        assert words in text


def test_a_statement_is_made_and_corrected_on_its_page(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    page = f"/enforcement/notices/{record(enforcing)}/evidence"
    assert officer.post(page, data={"grounds": "Seen", "seen": "0"}).status_code == 400
    given = {"grounds": "Seen", "pick_up": "given", "recording": "no_recording", "seen": "0"}
    assert officer.post(page, data=given).status_code == 302
    given["seen"] = "1"
    assert "reason is empty" in Page.of(officer.post(page, data=given)).text
    assert officer.post(page, data=given | {"reason": "Spelling was wrong"}).status_code == 302
    assert len(Page.of(officer.get(page)).table("Every statement").rows) == 2


def test_a_request_is_logged_and_ended_on_its_pages(officer: FlaskClient) -> None:
    given = {
        "camera_ref": "CAM-01",
        "begins_at": "2026-06-13T23:30",
        "ends_at": "2026-06-13T23:50",
        "purpose": "To see who dropped them",
        "requested_on": "2026-06-13",
        "outcome": "exported",
        "export_ref": "EXP-3",
        "delete_by": "2026-06-30",
    }
    for name in given:
        lacking = {field: value for field, value in given.items() if field != name}
        page = officer.post("/enforcement/footage/new", data=lacking)
        assert (name, page.status_code) == (name, 400)
        assert "There is a problem" in page.text
    for name in ("begins_at", "ends_at", "requested_on", "delete_by"):  # what cannot be read
        page = officer.post("/enforcement/footage/new", data=given | {name: "half past"})
        assert (name, page.status_code) == (name, 400)
    assert officer.post("/enforcement/footage/new", data=given).status_code == 302
    (row,) = Page.of(officer.get("/enforcement/footage")).table("Requests").rows
    assert (row["Export"], row["To be gone"]) == ("EXP-3", "by 30 Jun 2026")
    assert row["Times"] == "13 Jun 2026, 11:30pm to 13 Jun 2026, 11:50pm"
    page = Page.of(officer.get("/enforcement/footage/1"))
    assert page.value("begins_at") == "2026-06-13T23:30"
    deleted = given | {"deleted_on": "2026-06-13", "seen": page.value("seen")}
    assert officer.post("/enforcement/footage/1", data=deleted).status_code == 302
    (row,) = Page.of(officer.get("/enforcement/footage")).table("Requests").rows
    assert row["To be gone"] == "deleted 13 Jun 2026"
    # A colleague's page of before: what it would take back is named, and nothing of it is lost.
    before = {"seen": page.value("seen"), "deleted_on": ""}
    stale = given | before | {"purpose": "To see the car"}
    answer = officer.post("/enforcement/footage/1", data=stale)
    later = Page.of(answer)
    assert answer.status_code == 400
    assert "Stored meanwhile: 13 June 2026" in later.text
    assert "Stored meanwhile: To see who dropped them" in later.text
    assert "Stored meanwhile: EXP-3" not in later.text
    assert later.value("purpose") == "To see the car"
    (row,) = Page.of(officer.get("/enforcement/footage")).table("Requests").rows
    assert row["To be gone"] == "deleted 13 Jun 2026"
    again = stale | {"seen": later.value("seen"), "deleted_on": "2026-06-13"}
    assert officer.post("/enforcement/footage/1", data=again).status_code == 302
