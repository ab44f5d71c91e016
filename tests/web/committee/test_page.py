"""Results, Committee: who may see which version, what is noted, and what bad answers get."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from geodata.models import AuditEntry
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents
from tests.web.page import Page
from web.committee import report

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE = "/officer/committee"
DAYS = "from=2026-04-01&to=2026-09-30"
FILE = f"/officer/committee/report.{{}}?{DAYS}"


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "utc_now", lambda: NOW)


@pytest.fixture
def detected(council: Store) -> Store:
    """A run that looks from August, on half a year of dumps, one place of which recurs."""
    august = datetime(2026, 8, 20, 12, tzinfo=UTC)
    often = [august - timedelta(days=9 * n, hours=4) for n in range(30)]
    store_incidents(
        council, [(553_000, 174_000, often), *scattered(august)], now=NOW, state="cleared"
    )
    with council.writing() as session:
        run_now(session, Actor(None, august), as_of=august)
    return council


def reads(store: Store) -> int:
    with store.reading() as session:
        query = select(func.count(AuditEntry.id)).where(AuditEntry.entity == "committee_report")
        return session.scalar(query) or 0


def test_the_page_begins_with_a_choice_and_reckons_nothing(signed_in: SignIn) -> None:
    page = Page.of(signed_in("officer").get(PAGE))
    assert "Choose the days and the version" in page.text
    assert not page.tables


def test_the_public_version_is_shown_and_taken_away_unnoted(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer")
    page = Page.of(officer.get(f"{PAGE}?{DAYS}"))
    assert page.headings[0] == "Dumped nitrous oxide canisters: report to the committee"
    assert "1 April 2026 to 30 September 2026" in page.text
    assert page.table("Hotspots, the strongest").rows
    for ending, begins in (("docx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype html>")):
        answer = officer.get(FILE.format(ending))
        assert answer.status_code == 200
        assert answer.data.strip().startswith(begins)
        name = f"committee-public-2026-04-01-to-2026-09-30.{ending}"
        assert name in answer.headers["Content-Disposition"]
    assert officer.get(f"{PAGE}/map.png?{DAYS}").data.startswith(b"\x89PNG")
    assert reads(detected) == 0


def test_each_reading_of_the_exempt_version_is_in_the_audit(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    page = Page.of(officer.get(f"{PAGE}?{DAYS}&audience=exempt"))
    assert "EXEMPT: NOT FOR PUBLICATION" in page.text
    assert reads(detected) == 1
    for ending in ("docx", "pdf", "html"):
        officer.get(FILE.format(ending) + "&audience=exempt")
    assert reads(detected) == 4
    with detected.reading() as session:
        newest = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.entity == "committee_report")
            .order_by(AuditEntry.id.desc())
        ).first()
        assert newest.after == {
            "version": "exempt",
            "from": "2026-04-01",
            "to": "2026-09-30",
            "format": "html",
        }


def test_the_exempt_version_needs_leave_to_read_enforcement(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer")
    assert officer.get(f"{PAGE}?{DAYS}&audience=exempt").status_code == 403
    assert officer.get(FILE.format("pdf") + "&audience=exempt").status_code == 403
    assert reads(detected) == 0


@pytest.mark.parametrize("role", ["contractor", "partner"])
def test_it_is_for_officers_alone(signed_in: SignIn, role: str) -> None:
    client: FlaskClient = signed_in(role)
    for address in (PAGE, FILE.format("pdf"), f"{PAGE}/map.png"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (
            "from=2026-09-30&to=2026-04-01",
            "The report would end on 1 April 2026, before it begins on 30 September 2026",
        ),
        ("from=2026-10-01&to=2026-12-31", "31 December 2026 is not over yet"),
        ("from=2016-10-01&to=2026-10-31", "too long: choose at most 36 months"),
        (DAYS, "No detection run looks from a day up to 30 September 2026"),
    ],
)
def test_what_is_no_period_is_said_at_the_form(signed_in: SignIn, days: str, words: str) -> None:
    answer = signed_in("officer").get(f"{PAGE}?{days}")
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.text
    assert not page.tables


def test_a_format_that_is_none_is_no_page(signed_in: SignIn) -> None:
    assert signed_in("officer").get(FILE.format("odt")).status_code == 404


def test_work_that_was_never_recorded_is_not_zero(signed_in: SignIn, detected: Store) -> None:
    page = Page.of(signed_in("officer").get(f"{PAGE}?{DAYS}"))
    assert "there is no record of enforcement" in page.text
    assert "Penalty notices by ward and year" not in page.text
    assert "There is no record of patrols." in page.text
