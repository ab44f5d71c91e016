"""The page over the whole audit log: who may read it, what it shows, and that reading it tells."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from geodata.accounts import users
from geodata.people import audit
from geodata.people.audit import THE_PROGRAM, Actor, LogFilter
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.page import Page
from web.services.admin.audit_log import PAGE, Change, read_log

NIGHT = datetime(2026, 6, 13, 23, 30, tzinfo=UTC)  # half past midnight on the 14th in London
PROGRAM = Actor(None, NIGHT)


@pytest.fixture
@filled_once
def logged(council: Store) -> Store:
    """A change of a notice and a new rule row, half an hour on either side of a midnight."""
    with council.writing() as session:
        before = Actor(None, NIGHT - timedelta(hours=1))
        audit.write(session, before, "create", "rule_row", 7, after={"pence": 9_000})
        states = ({"state": "issued", "kind": "cpw"}, {"state": "MARK-STATE", "kind": "cpw"})
        audit.write(
            session,
            PROGRAM,
            "change",
            "enforcement_action",
            3,
            before=states[0],
            after=states[1],
            reason="MARK-REASON",
        )
    return council


def test_admins_and_managers_with_the_permission_read_it(logged: Store, signed_in) -> None:
    assert signed_in("admin").get("/admin/audit").status_code == 200
    manager = signed_in("manager", may_read_enforcement=True)
    assert Page.of(manager.get("/enforcement/")).leads_to("/admin/audit")
    assert manager.get("/admin/audit").status_code == 200


def test_nobody_else_reads_it(logged: Store, client: FlaskClient, signed_in) -> None:
    assert client.get("/admin/audit").location.startswith("/sign-in")
    assert signed_in("manager").get("/admin/audit").status_code == 403
    assert signed_in("officer", may_read_enforcement=True).get("/admin/audit").status_code == 403


def test_an_admin_without_the_permission_sees_that_but_not_what(logged: Store, signed_in) -> None:
    page = signed_in("admin").get("/admin/audit").text
    assert "Change: enforcement action 3" in page
    assert "Shown to those who may read enforcement data" in page
    assert "MARK" not in page
    assert "9000" in page


def test_who_may_read_enforcement_sees_what_changed_and_why(logged: Store, signed_in) -> None:
    page = signed_in("admin", may_read_enforcement=True).get("/admin/audit").text
    assert "issued → MARK-STATE" in page
    assert "Why: MARK-REASON" in page


def test_reading_it_is_an_entry_with_what_was_asked(logged: Store, signed_in) -> None:
    assert signed_in("admin").get("/admin/audit?entity=rule_row").status_code == 200
    with logged.reading() as session:
        ((entry, who),) = audit.entries(session, "audit_entry")
    assert (entry.act, who, entry.after) == ("list", "admin-1", {"entity": "rule_row", "rows": 1})


@pytest.mark.parametrize(
    ("wanted", "acts"),
    [
        (LogFilter(), ["change", "create"]),
        (LogFilter(entity="rule_row"), ["create"]),
        (LogFilter(user_id=THE_PROGRAM), ["change", "create"]),
        (LogFilter(user_id=99), []),
        (LogFilter(day=date(2026, 6, 13)), ["create"]),  # the days are London's
        (LogFilter(day=date(2026, 6, 14)), ["change"]),
    ],
)
def test_entries_are_chosen_by_thing_person_and_london_day(
    logged: Store, wanted: LogFilter, acts: list[str]
) -> None:
    with logged.writing() as session:
        page = read_log(session, wanted, PROGRAM, may_read_enforcement=True)
    assert [line.act for line in page.lines] == acts


def test_only_what_differs_is_shown_as_a_change(logged: Store) -> None:
    with logged.writing() as session:
        wanted = LogFilter(entity="enforcement_action")
        (line,) = read_log(session, wanted, PROGRAM, may_read_enforcement=True).lines
    assert line.changes == [Change("state", "issued", "MARK-STATE")]


def test_days_times_and_answers_are_written_as_people_write_them(council: Store) -> None:
    after = {"is_active": True, "on": date(2026, 6, 14), "at": NIGHT, "badge": "2026-13-45"}
    with council.writing() as session:
        was = {"is_active": False}
        audit.write(session, PROGRAM, "create", "thing", 1, before=was, after=after)
        wanted = LogFilter(entity="thing")
        (line,) = read_log(session, wanted, PROGRAM, may_read_enforcement=False).lines
    assert sorted(line.changes, key=lambda change: change.name) == [
        Change("at", "", "14 June 2026, 12:30am"),  # 23:30 UTC in summer
        Change("badge", "", "2026-13-45"),
        Change("is_active", "no", "yes"),
        Change("on", "", "14 June 2026"),
    ]


def test_pages_hold_every_entry_once_while_the_log_grows(council: Store) -> None:
    total = 2 * PAGE + 1
    with council.writing() as session:
        for number in range(total):
            audit.write(session, PROGRAM, "create", "thing", number)
    wanted: LogFilter | None = LogFilter()
    seen, sizes = [], []
    while wanted is not None:  # each reading adds an entry at the top, which moves nothing
        with council.writing() as session:
            page = read_log(session, wanted, PROGRAM, may_read_enforcement=False)
        seen += [int(line.subject) for line in page.lines]
        sizes.append(len(page.lines))
        wanted = page.older
    assert seen == list(range(total))[::-1]
    assert sizes == [PAGE, PAGE, 1]


@pytest.mark.parametrize("wrong", ["day=yesterday", "before=99999999999999999999", "user=x"])
def test_a_filter_that_is_none_is_refused_and_shows_the_whole(
    logged: Store, signed_in, wrong: str
) -> None:
    answer = signed_in("admin").get(f"/admin/audit?{wrong}")
    assert answer.status_code == 400
    assert "rule row 7" in answer.text


def test_accounts_are_called_by_their_names(council: Store, signed_in) -> None:
    reader = signed_in("admin")
    with council.writing() as session:
        crew = next(key for key, name in users.names(session).items() if name == "admin-1")
        audit.write(session, PROGRAM, "change", "account", crew, after={"role": "officer"})
        page = read_log(session, LogFilter("account"), PROGRAM, may_read_enforcement=False)
        assert page.lines[0].subject == "admin-1"
        audit.write(session, PROGRAM, "list", "audit_entry", after={"user_id": crew})
        page = read_log(session, LogFilter("audit_entry"), PROGRAM, may_read_enforcement=False)
    assert page.lines[0].changes == [Change("user_id", "", "admin-1")]
    assert "account admin-1" in Page.of(reader.get("/admin/audit?entity=account")).text
