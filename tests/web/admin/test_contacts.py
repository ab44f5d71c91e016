"""Contacts and times of keeping: seen before they hold, logged, and taken back."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from geodata.core.errors import NotFoundError, RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.page import Page
from web.services.settings import contacts, setting_days

NOON = Actor(None, datetime(2026, 6, 13, 12, tzinfo=UTC))
OLD, NEW = "old@example.org", "new@example.org"


def set_(store: Store, value: str) -> int:
    """The number of the change in the log."""
    with store.writing() as session:
        contacts.save(session, NOON, {"csu_email": value}, reason="Decision 3")
        return audit.entries(session, setting_days.ENTITY)[0][0].id


def held(store: Store) -> object:
    with store.reading() as session:
        return contacts.stored(session, NOON.now.date()).get("csu_email")


def test_a_change_is_taken_back_to_what_was_before_and_both_stay(council: Store) -> None:
    set_(council, OLD)
    change = set_(council, NEW)
    with council.writing() as session:
        assert contacts.undo(session, NOON, change) == ["csu_email"]
        log = [(e.before, e.after) for e, _ in audit.entries(session, setting_days.ENTITY)]
    assert held(council) == OLD
    assert log[0] == ({"csu_email": NEW}, {"csu_email": OLD})
    assert len(log) == 3


def test_the_first_value_is_taken_back_to_nothing(council: Store) -> None:
    change = set_(council, OLD)
    with council.writing() as session:
        contacts.undo(session, NOON, change)
    assert held(council) is None


def test_only_the_newest_change_of_a_setting_is_taken_back(council: Store) -> None:
    first = set_(council, OLD)
    set_(council, NEW)
    with pytest.raises(RefusedError, match="changed again since"), council.writing() as session:
        contacts.undo(session, NOON, first)
    with pytest.raises(NotFoundError), council.writing() as session:
        contacts.undo(session, NOON, 99_999)
    assert held(council) == NEW


def test_a_change_holds_from_its_day_on_and_not_before(council: Store) -> None:
    set_(council, OLD)
    days = (date(2026, 6, 30), date(2026, 7, 1))
    with council.writing() as session:
        contacts.save(
            session, NOON, {"csu_email": NEW}, reason="The office moves", valid_from=days[1]
        )
        assert [contacts.stored(session, day)["csu_email"] for day in days] == [OLD, NEW]
        change = audit.entries(session, setting_days.ENTITY)[0][0]
        assert change.after == {"csu_email": NEW, "valid_from": "2026-07-01"}
        contacts.undo(session, NOON, change.id)
        assert contacts.stored(session, days[1])["csu_email"] == OLD
        assert contacts.ahead(session) == []


def test_what_has_come_is_not_brought_back_by_a_later_change(council: Store) -> None:
    july = Actor(None, datetime(2026, 7, 2, 12, tzinfo=UTC))
    with council.writing() as session:
        first = date(2026, 7, 1)
        contacts.save(
            session, NOON, {"csu_email": OLD}, reason="The office moves", valid_from=first
        )
        contacts.save(session, july, {"csu_email": NEW}, reason="It was mistyped")
        assert contacts.stored(session, date(2026, 7, 2))["csu_email"] == NEW
        with pytest.raises(RefusedError, match="30 June 2026 has passed"):
            day = date(2026, 6, 30)
            contacts.save(
                session, july, {"csu_email": OLD}, reason="The office moves", valid_from=day
            )


def test_the_page_shows_a_change_before_it_holds_and_takes_it_back(
    council: Store, signed_in
) -> None:
    manager: FlaskClient = signed_in("manager")
    given = {"csu_email": NEW, "reason": "Decision 3"}
    shown = Page.of(manager.post("/admin/contacts", data=given | {"preview": "yes"}))
    (row,) = shown.table("What this would change").rows
    assert (row["Now"], row["Then"]) == ("not set", NEW)
    assert held(council) is None
    assert manager.post("/admin/contacts", data=given).status_code == 302
    with council.reading() as session:
        change = audit.entries(session, setting_days.ENTITY)[0][0].id
    assert f"/admin/contacts/{change}/undo" in manager.get("/admin/contacts").text
    assert manager.post(f"/admin/contacts/{change}/undo").status_code == 302
    assert held(council) is None
    assert signed_in("officer").post(f"/admin/contacts/{change}/undo").status_code == 403


def test_the_page_lists_what_is_decided_for_a_day_to_come(council: Store, signed_in) -> None:
    manager: FlaskClient = signed_in("manager")
    given = {"csu_email": NEW, "reason": "Decision 3", "valid_from": "2099-07-01"}
    assert manager.post("/admin/contacts", data=given).status_code == 302
    page = Page.of(manager.get("/admin/contacts"))
    (row,) = page.table("Decided, for a day to come").rows
    assert (row["From"], row["Then"]) == ("1 Jul 2099", NEW)
    (change,) = page.table("What was changed").rows
    assert change["Setting"] == "Mail address for the list of overdue work, from 1 Jul 2099"
    (undo,) = (action for action in page.actions if action.endswith("/undo"))
    manager.post(undo)
    assert "Decided, for a day to come" not in manager.get("/admin/contacts").text
