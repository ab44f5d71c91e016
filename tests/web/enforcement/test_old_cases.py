"""Cases that have served: who they were about goes, and every figure stays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from geodata.core.vocabulary import AgeBand, NoticeState, PickUp, Recording
from geodata.enforcement import actions, evidence
from geodata.enforcement.evidence import EvidenceDraft
from geodata.models import ActionEvent, ActionEvidence, AuditEntry, EnforcementAction
from geodata.people import audit, holds
from geodata.people.audit import NOT_KEPT, Actor
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.enforcement.conftest import CAR_PARK, Enforcing
from tests.web.page import Page
from web.config import ConfigError, load_config
from web.services.admin import retention
from web.services.admin.retention_schedule import Terms
from web.services.enforcement.enforcement_figures import figures

ACT = datetime(2018, 6, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
BY = Actor(None, NOW)


def case(
    store: Store,
    kind: str,
    *events: tuple[str, datetime],
    person: str | None = None,
    act: str | None = None,
    at: datetime = ACT,
) -> int:
    """A case with a note, a landmark, grounds and reasons, and what became of it."""
    columns = {
        "kind": kind,
        "offence_at": at,
        "geometry": CAR_PARK,
        "age_band": AgeBand.ADULT.value,
        "recipient_ref": person,
        "act_ref": act,
        "issued_on": at.date(),
        "conduct": "littering",
        "landmark": "Bay 114",
        "note": "Sat in the blue car",
    }
    details = {"other_act_reason": "Another friend", "over_a_sack": False}
    with store.writing() as session:
        made = actions.add(session, columns, at=at, now=at, user_id=None, details=details)
        draft = EvidenceDraft("Seen from the ramp", PickUp.NOT_GIVEN, "Drove off")
        evidence.add(session, made, draft, now=at, user_id=None)
        for state, since in events:
            actions.add_event(
                session, made, NoticeState(state), at=since, now=since, user_id=None, reason="Wrote"
            )
        audit.write(session, Actor(None, at), "change", "enforcement_action", made.id, reason="Sat")
        return made.id


def words_of(store: Store, key: int) -> list[str]:
    """All that is left of a case that may say who it was about."""
    with store.reading() as session:
        action = session.get_one(EnforcementAction, key)
        events = session.scalars(select(ActionEvent).where(ActionEvent.action_id == key)).all()
        stated = session.scalars(select(ActionEvidence).where(ActionEvidence.action_id == key))
        entries = session.scalars(select(AuditEntry).where(AuditEntry.entity_id == key))
        pieces = [
            action.note,
            action.landmark,
            *(event.reason for event in events),
            *((event.details or {}).get("other_act_reason") for event in events),
            *(text for row in stated for text in (row.grounds, row.pick_up_reason)),
            *(entry.reason for entry in entries if entry.entity == "enforcement_action"),
        ]
    return [piece for piece in pieces if piece and piece != "[removed]"]


def clean_up(store: Store, now: datetime = NOW, terms: Terms | None = None) -> int:
    with store.writing() as session:
        return retention.clean_up(session, terms or Terms(), now=now)["enforcement"]


def due(store: Store, terms: Terms | None = None) -> dict[str, tuple[int, int]]:
    with store.reading() as session:
        lines = retention.due(session, terms or Terms(), now=NOW)
    return {line.of.name: (line.due, line.held) for line in lines}


PAID = ("paid_full", datetime(2018, 6, 20, 12, tzinfo=UTC))


def test_a_case_that_was_closed_long_ago_says_no_longer_who_it_was(council: Store) -> None:
    key = case(council, "litter_fpn", PAID, person="P-17")
    assert len(words_of(council, key)) == 7
    assert due(council)["enforcement"] == (1, 0)
    assert len(words_of(council, key)) == 7  # a dry run changes nothing
    # Paid on 20 June 2018: six years end with 20 June 2024.
    assert clean_up(council, datetime(2024, 6, 20, 12, tzinfo=UTC)) == 0
    assert clean_up(council, datetime(2024, 6, 20, 13, tzinfo=UTC)) == 1
    assert words_of(council, key) == []
    with council.reading() as session:
        action = session.get_one(EnforcementAction, key)
        assert "P-17" not in (action.recipient_ref or "")
        assert (action.kind, action.geometry, action.issued_on) == (
            "litter_fpn",
            CAR_PARK,
            ACT.date(),
        )
        assert actions.find(session, action.reference)[1] == "paid_full"
    assert clean_up(council) == 0  # once
    assert due(council)["enforcement"] == (0, 0)


def test_history_is_append_only_again_afterwards(council: Store) -> None:
    key = case(council, "litter_fpn", PAID)
    assert clean_up(council) == 1
    for model in (ActionEvent, ActionEvidence, AuditEntry):
        with pytest.raises(DBAPIError, match="append-only"), council.writing() as session:
            session.scalars(select(model)).first().reason = "Tampered"
    with pytest.raises(DBAPIError), council.writing() as session:
        session.get_one(EnforcementAction, key).kind = "caution"


@pytest.mark.parametrize("years", [6, None])
def test_a_council_may_keep_them(council: Store, years: int | None) -> None:
    key = case(council, "litter_fpn", PAID)
    terms = Terms(enforcement_years=years)
    assert clean_up(council, terms=terms) == (years is not None)
    assert bool(words_of(council, key)) == (years is None)
    assert ("enforcement" in due(council, terms)) == (years is not None)


def test_an_open_case_stays_however_old(council: Store) -> None:
    unpaid = case(council, "litter_fpn", ("unpaid", ACT + timedelta(days=20)))
    warning = case(council, "cpw")  # done when it is given
    assert clean_up(council) == 1
    assert len(words_of(council, unpaid)) == 7
    assert words_of(council, warning) == []


@pytest.mark.parametrize("tie", [{"person": "P-17"}, {"act": "ACT1"}])
def test_the_cases_of_one_person_or_act_go_together(council: Store, tie: dict[str, str]) -> None:
    old = case(council, "litter_fpn", PAID, **tie)
    newer = case(council, "cpw", at=datetime(2021, 3, 1, 12, tzinfo=UTC), **tie)
    assert clean_up(council) == 0
    assert words_of(council, old)
    assert clean_up(council, datetime(2027, 3, 2, tzinfo=UTC)) == 2
    assert words_of(council, old) == words_of(council, newer) == []


def test_figures_of_those_years_stay_as_they_were(enforcing: Enforcing) -> None:
    store = enforcing.store
    case(store, "cpw", person="P-1")
    case(store, "cpn", person="P-1", at=ACT + timedelta(days=60))
    case(store, "cpw", person="P-2", at=ACT + timedelta(days=3))
    case(store, "litter_fpn", PAID, person="P-2")

    def counted() -> tuple[object, ...]:
        with store.writing() as session:
            all_of_2018 = figures(session, date(2018, 1, 1), date(2018, 12, 31), enforcing.actor)

            rows = all_of_2018
            return rows.by_kind, rows.payment, rows.warnings, rows.months

    before = counted()
    assert clean_up(store) == 4
    assert counted() == before


@pytest.mark.parametrize("kind", ["notice", "same act", "person"])
def test_what_is_held_survives(council: Store, kind: str) -> None:
    held = case(council, "litter_fpn", PAID, act="ACT1")
    other = case(council, "caution", act="ACT1")
    free = case(council, "litter_fpn", PAID)
    if kind == "person":
        with council.writing() as session:
            words = {"at": ACT, "now": ACT, "user_id": None, "reason": "Rang from 07700 900123"}
            action = session.get_one(EnforcementAction, held)
            actions.add_event(session, action, NoticeState.PAID_FULL, **words)
    with council.writing() as session:
        named = session.get_one(EnforcementAction, other if kind == "same act" else held)
        is_person = kind == "person"
        holds.place(
            session,
            "person" if is_person else "notice",
            "07700 900123" if is_person else named.reference,
            reason="Case 7",
            until=date(2027, 1, 1),
            actor=BY,
        )
    assert due(council)["enforcement"] == ((2, 1) if kind == "person" else (1, 2))
    clean_up(council)
    assert words_of(council, held)
    assert words_of(council, free) == []


def test_a_case_whose_recording_is_kept_waits_for_its_deletion(council: Store) -> None:
    key = case(council, "litter_fpn", PAID)
    kept = EvidenceDraft(
        "Seen", PickUp.GIVEN, "", Recording.CCTV, "REC-1", weed_on=date(2018, 7, 1)
    )
    gone = EvidenceDraft(
        "Seen", PickUp.GIVEN, "", Recording.CCTV, "REC-1", date(2018, 7, 1), date(2018, 6, 30)
    )
    for draft, blanked in ((kept, 0), (gone, 1)):
        with council.writing() as session:
            action = session.get_one(EnforcementAction, key)
            evidence.add(session, action, draft, now=NOW, user_id=None, reason="Kept until then")
        assert clean_up(council) == blanked


def test_the_page_of_a_case_says_what_was_removed_and_when(
    enforcing: Enforcing, officer: FlaskClient
) -> None:
    key = case(enforcing.store, "litter_fpn", PAID, person="P-17")
    clean_up(enforcing.store)
    with enforcing.store.reading() as session:
        reference = session.get_one(EnforcementAction, key).reference
    page = Page.of(officer.get(f"/enforcement/notices/{reference}")).text
    assert "was removed on Friday 27 November 2026" in page
    assert "Reference in the penalty system" not in page


def test_old_entries_of_the_log_say_that_something_was_done_and_no_longer_by_whom(
    enforcing: Enforcing,
) -> None:
    by = Actor(enforcing.user_id, ACT)
    with enforcing.store.writing() as session:
        for entity in ("enforcement_action", "setting"):
            audit.write(session, by, "change", entity, 7, after={"x": 1}, reason="Wrote")
    terms = Terms(audit_years=6)
    assert due(enforcing.store, terms)["audit"] == (1, 0)
    assert "audit" not in due(enforcing.store)
    for _ in range(2):
        with enforcing.store.writing() as session:
            retention.clean_up(session, terms, now=NOW)
    with enforcing.store.reading() as session:
        ((entry, who),) = audit.entries(session, "enforcement_action", 7)
        assert (who, entry.act, entry.after, entry.user_id) == (NOT_KEPT, "change", None, None)
        ((decided, who),) = audit.entries(session, "setting", 7)
        assert (who, decided.after, decided.reason) == ("chief", {"x": 1}, "Wrote")


@pytest.mark.parametrize(
    ("text", "is_right"), [("6", True), ("keep", True), ("six", False), ("0", False)]
)
def test_years_are_a_number_or_keep(signed_in: SignIn, text: str, is_right: bool) -> None:
    environ = {"HOTSPOTS_ENFORCEMENT_YEARS": text}
    if is_right:
        assert load_config(environ).enforcement_years == text
    else:
        with pytest.raises(ConfigError, match="years from 1 to 30, or keep"):
            load_config(environ)
    data = {"enforcement_years": text, "reason": "The council's schedule"}
    answer = signed_in("manager").post("/admin/contacts", data=data)
    assert answer.status_code == (302 if is_right else 400)
