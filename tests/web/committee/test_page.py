"""Results, Committee: from draft to release, who may read which version, and what is noted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from shapely.geometry import Point
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Source
from geodata.models import AuditEntry, CommitteeRelease
from geodata.people.audit import Actor
from geodata.store import committee_papers
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents
from tests.web.page import Page
from web.clock import utc_now
from web.services.admin.person_data import erase_person
from web.services.committee import checking, making
from web.services.committee.verifying import verify
from web.services.reporting.intake import NewReport, take_report

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE = "/officer/committee"
DAYS = {"first": "2026-04-01", "last": "2026-09-30"}
EARLIER = {"first": "2025-10-01", "last": "2026-08-31"}
WORDS = {
    "summary": "Fewer canisters lie about than a year ago.",
    "strengths": "Clearing is fast.",
    "plan": "Visit the car parks on Friday nights.",
    "recommendations-0-text": "Extend the order by three years",
    "recommendations-0-owner": "Community safety manager",
    "recommendations-0-due_on": "2027-01-31",
}


@pytest.fixture(autouse=True)
def _at_that_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
@filled_once
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
        query = select(func.count(AuditEntry.id)).where(
            AuditEntry.entity == "committee_release", AuditEntry.act == "read"
        )
        return session.scalar(query) or 0


def work(client: FlaskClient) -> int:
    """What the background work does of drafts; how many it made."""
    store: Store = client.application.extensions["store"]
    return making.make_waiting(store, "Testford", None, clock=utc_now)


def make(client: FlaskClient, audience: str = "public", **days: str) -> str:
    """The address of a new draft."""
    answer = client.post(PAGE, data={**(days or DAYS), "audience": audience})
    assert answer.status_code == 302, Page.of(answer).text
    work(client)
    made = client.get(answer.headers["Location"])
    assert made.status_code == 302, Page.of(made).text
    return made.headers["Location"]


def freeze(client: FlaskClient, draft: str) -> str:
    """The address of the release that a draft becomes."""
    return press(client, draft, shown_by(client, draft)).headers["Location"]


def shown_by(client: FlaskClient, draft: str) -> str:
    """The print of what the page shows that asks whether to freeze."""
    page = client.get(f"{draft}/freeze").text
    return page.partition('name="shown" value="')[2].partition('"')[0]


def press(client: FlaskClient, draft: str, shown: str) -> TestResponse:
    return client.post(f"{draft}/freeze", data={"shown": shown})


def test_the_page_begins_with_a_choice_and_reckons_nothing(signed_in: SignIn) -> None:
    page = Page.of(signed_in("officer").get(PAGE))
    assert "Choose the days and the version" in page.text
    assert "There is no draft." in page.text


def test_a_draft_is_written_frozen_and_taken_away(signed_in: SignIn, detected: Store) -> None:
    officer = signed_in("officer")
    draft = make(officer)
    page = Page.of(officer.get(draft))
    assert page.headings[0] == "Dumped nitrous oxide canisters: report to the committee"
    assert page.table("Hotspots, the strongest").rows
    assert officer.post(f"{draft}/words", data=WORDS).status_code == 302
    release = freeze(officer, draft)
    assert officer.get(draft).status_code == 404
    page = Page.of(officer.get(release))
    assert "Fewer canisters lie about than a year ago." in page.text
    (row,) = page.table("What the committee is asked to recommend").rows
    assert list(row.values()) == [
        "Extend the order by three years",
        "Community safety manager",
        "31 January 2027",
    ]
    for ending, begins in (
        ("docx", b"PK"),
        ("odt", b"PK"),
        ("pdf", b"%PDF"),
        ("map", b"%PDF"),
        ("html", b"<!doctype html>"),
    ):
        answer = officer.get(f"{release}/report.{ending}")
        assert answer.data.strip().startswith(begins)
    assert officer.get(f"{release}/map.png").data.startswith(b"\x89PNG")
    assert officer.get(f"{release}/none.png").status_code == 404
    assert reads(detected) == 0


def test_pressing_twice_makes_one_draft_and_shows_how_far_it_is(
    signed_in: SignIn, detected: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("officer")
    first, second = (officer.post(PAGE, data={**DAYS, "audience": "public"}) for _ in range(2))
    at = first.headers["Location"]
    assert at == second.headers["Location"]
    answer = officer.get(at)
    assert answer.headers["Refresh"] == "2"
    assert "waits to be made" in Page.of(answer).text
    assert "has not run yet" in Page.of(answer).text
    (row,) = Page.of(officer.get(PAGE)).table("Drafts that were asked for").rows
    assert row["State"].endswith("Waits for the background work")
    seen = []
    compile_paper = making.compile_paper

    def looking(*args: object, **known: object) -> object:
        paper = compile_paper(*args, **known)
        seen.append(officer.get(at))
        return paper

    monkeypatch.setattr(making, "compile_paper", looking)
    assert work(officer) == 1
    assert work(officer) == 0
    assert "Drawing the map: step 4 of 4" in Page.of(seen[0]).text
    assert officer.get(officer.get(at).headers["Location"]).status_code == 200
    with detected.reading() as session:
        assert len(committee_papers.drafts(session)) == 1
    assert "Drafts that were asked for" not in officer.get(PAGE).text
    officer.post(PAGE, data={**DAYS, "audience": "public"})  # what is over can be made anew
    assert work(officer) == 1


class KilledError(BaseException):
    """A process that ends in the middle of its work."""


def test_a_draft_whose_process_was_killed_failed_and_can_be_tried_again(
    signed_in: SignIn, detected: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KilledError

    officer = signed_in("officer")
    at = officer.post(PAGE, data={**DAYS, "audience": "public"}).headers["Location"]
    with monkeypatch.context() as patch:
        patch.setattr(making.drafting, "save_draft", killed)
        with pytest.raises(KilledError):
            work(officer)
    assert "is being made" in Page.of(officer.get(at)).text  # it may still live
    assert work(officer) == 0
    with time_machine.travel(NOW + timedelta(minutes=6)):
        page = officer.get(at)
        assert "Refresh" not in page.headers
        assert "ended while it was made. Nothing of it was kept" in Page.of(page).text
        with detected.reading() as session:
            assert committee_papers.drafts(session) == []
        assert officer.post(f"{at}/again").headers["Location"] == at
        assert work(officer) == 1
        assert "/draft/" in officer.get(at).headers["Location"]


def test_work_that_was_held_up_makes_no_second_draft(
    signed_in: SignIn, detected: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine slept while a draft was made, and somebody asked for it anew."""
    officer = signed_in("officer")
    officer.post(PAGE, data={**DAYS, "audience": "public"})
    compile_paper = making.compile_paper

    def sleeping(*args: object, **known: object) -> object:
        paper = compile_paper(*args, **known)
        monkeypatch.setattr(making, "compile_paper", compile_paper)
        with time_machine.travel(NOW + timedelta(minutes=6)):
            officer.post(PAGE, data={**DAYS, "audience": "public"})
        return paper

    monkeypatch.setattr(making, "compile_paper", sleeping)
    assert work(officer) == 2
    with detected.reading() as session:
        assert len(committee_papers.drafts(session)) == 1


def test_a_draft_that_fails_says_why(
    signed_in: SignIn, detected: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RefusedError("the record is in use")

    monkeypatch.setattr(making, "compile_paper", fail)
    officer = signed_in("officer")
    at = officer.post(PAGE, data={**DAYS, "audience": "public"}).headers["Location"]
    work(officer)
    assert "The record is in use." in Page.of(officer.get(at)).text
    assert officer.get(f"{PAGE}/draft/making/none").status_code == 404


def test_what_is_frozen_was_shown_and_pressing_twice_freezes_once(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer")
    draft = make(officer)
    page = Page.of(officer.get(f"{draft}/freeze"))
    for words in (
        "Public: for members of the committee, and fit to be published.",
        "What is exempt, or too small to be shown",
        "No summary is written.",
        "Nothing is recommended.",
    ):
        assert words in page.text
    before = shown_by(officer, draft)
    officer.post(f"{draft}/words", data=WORDS)
    refused = press(officer, draft, before)
    assert refused.status_code == 409
    assert "Nothing is frozen yet" in Page.of(refused).text
    shown = shown_by(officer, draft)
    first, second = press(officer, draft, shown), press(officer, draft, shown)
    assert first.headers["Location"] == second.headers["Location"]
    with detected.reading() as session:
        assert len(committee_papers.releases(session, frozenset({"public"}))) == 1
    later = make(officer)
    with detected.writing() as session:
        late = NewReport(Point(553_500, 174_500), "public", "web", NOW - timedelta(days=30))
        take_report(session, late, now=utc_now())
    again = Page.of(officer.get(f"{later}/freeze"))
    assert "has changed since then: 1 late report. Make the draft anew" in again.text
    assert "Release 1 of the same days and version is frozen already" in again.text


def test_whose_a_recommendation_is_is_a_post_and_nobody_s_name(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer")
    draft = make(officer)
    item = {"kind": "action", "item": "Count the bins"}
    for name in ("Jo Bloggs", "Sgt 12345 Brown", "Mary-Ann O’Neil", "Inspector Brown"):
        words = officer.post(f"{draft}/words", data=WORDS | {"recommendations-0-owner": name})
        work = officer.post(f"{PAGE}/work/new", data=item | {"owner": name})
        assert (words.status_code, work.status_code) == (400, 400), name
    for post in ("Kent Police", "Head of Waste", "Inspector", "Community Safety Manager"):
        assert officer.post(f"{PAGE}/work/new", data=item | {"owner": post}).status_code == 302


def test_a_release_is_checked_on_its_page_figure_by_figure_and_why(
    signed_in: SignIn, detected: Store
) -> None:
    officer, member = signed_in("officer", may_read_enforcement=True), signed_in("member")
    release = freeze(officer, make(officer, audience="exempt"))
    address = f"{release}/check"
    assert member.get(address).status_code == member.post(address).status_code == 403
    assert "has not been checked yet" in Page.of(officer.get(address)).text
    same = checked(officer, address)
    assert "All is as it was frozen" in same.text
    n_figures = sum(len(table.cells) for table in same.tables)
    assert f"{n_figures} of {n_figures} figures are the same" in same.text
    with detected.writing() as session:
        late = NewReport(
            Point(553_500, 174_500), "public", "web", datetime(2026, 7, 1, 12, tzinfo=UTC)
        )
        take_report(session, late, now=utc_now())
    before = reads(detected)
    other = checked(officer, address)
    assert reads(detected) == before + 1
    differing = other.table("Figures that differ").rows
    n_same = sum(cells[-1].endswith("The same") for t in other.tables for cells in t.cells)
    assert n_same == n_figures - len(differing) < n_figures
    assert f"{n_same} of {n_figures} figures are the same" in other.text
    whys = [row["Why"] for row in differing if "chart of incidents / July" in row["Figure"]]
    assert whys
    assert all("1 late report, of 1 July 2026" in why for why in whys)
    with detected.writing() as session:
        erase_person(session, "jo@example.org", "Request 9", Actor(None, utc_now()))
    assert "has not been checked yet" in Page.of(officer.get(address)).text


def checked(client: FlaskClient, address: str) -> Page:
    """The page after a check, which waits until the background work has done it."""
    assert client.post(address).status_code == 302
    waits = client.get(address)
    assert waits.headers["Refresh"] == "2"
    assert "background work" in Page.of(waits).text
    store: Store = client.application.extensions["store"]
    assert checking.check_waiting(store, clock=utc_now) == 1
    page = client.get(address)
    assert "Refresh" not in page.headers
    return Page.of(page)


def test_a_year_of_releases_is_an_annual_report_for_members(
    signed_in: SignIn, detected: Store
) -> None:
    officer, member = signed_in("officer"), signed_in("member")
    year = f"{PAGE}/year/2026-08-31/public"
    assert member.get(year).status_code == 404
    freeze(officer, make(officer, first="2025-09-01", last="2026-08-31"))
    assert year in member.get(f"{PAGE}/releases").text
    assert "annual report" in Page.of(member.get(year)).headings[0]
    assert member.get(f"{year}/report.docx").data.startswith(b"PK")
    assert member.get(f"{year}/report.map").status_code == 404
    assert member.get(f"{PAGE}/year/2026-08-31/exempt").status_code == 403


def test_words_that_name_somebody_are_refused(signed_in: SignIn, detected: Store) -> None:
    officer = signed_in("officer")
    draft = make(officer)
    answer = officer.post(f"{draft}/words", data=WORDS | {"plan": "Ask Sarah Jones of Acacia Road"})
    assert answer.status_code == 400
    assert "Take out" in Page.of(answer).text


def test_the_store_refuses_to_change_a_release(signed_in: SignIn, detected: Store) -> None:
    officer = signed_in("officer")
    freeze(officer, make(officer))
    for change in ("UPDATE committee_release SET audience = 'x'", "DELETE FROM committee_release"):
        with pytest.raises(Exception, match="append-only"), detected.writing() as session:
            session.execute(text(change))


def test_what_became_of_last_time_s_recommendations_is_in_the_next_report(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer")
    first = make(officer, **EARLIER)
    officer.post(f"{first}/words", data=WORDS)
    freeze(officer, first)
    item = f"{PAGE}/work/1"
    officer.post(item, data={"state": "under_way", "note": "A consultation runs"})
    release = freeze(officer, make(officer))
    officer.post(item, data={"state": "done"})  # later, and not in what was frozen
    (row,) = Page.of(officer.get(release)).table("Recommendations of the report before").rows
    assert list(row.values()) == [
        "Extend the order by three years",
        "Community safety manager",
        "Under way",
        "A consultation runs",
    ]


def test_what_only_the_exempt_version_recommends_stays_out_of_public_ones_and_of_the_programme(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    secret = {
        "recommendations-1-text": "Watch the back gate",
        "recommendations-1-owner": "Enforcement manager",
    }
    for audience, words in (("exempt", WORDS | secret), ("public", WORDS)):
        draft = make(officer, audience, **EARLIER)
        officer.post(f"{draft}/words", data=words)
        freeze(officer, draft)
    member, work = signed_in("member"), f"{PAGE}/work"
    assert "Watch the back gate" in Page.of(officer.get(work)).text
    assert "Watch the back gate" not in Page.of(member.get(work)).text
    assert "Extend the order by three years" in Page.of(member.get(work)).text
    manager = signed_in("manager")
    assert manager.get(f"{work}/1").status_code == 200
    assert manager.get(f"{work}/2").status_code == 404
    later, closed = Page.of(officer.get(make(officer))), make(officer, "exempt")
    assert "Extend the order by three years" in later.text
    assert "Watch the back gate" not in later.text
    assert "Watch the back gate" in Page.of(officer.get(closed)).text


def test_a_release_is_confirmed_until_a_late_report_comes(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    freeze(officer, make(officer, "exempt"))
    with detected.reading() as session:
        key = session.scalars(select(CommitteeRelease.id)).one()
        verification = verify(session, key)
    assert verification.is_confirmed, verification.differences[:3]
    assert verification.figures > 100
    late = NewReport(
        Point(553_500, 174_500),
        Source.PUBLIC.value,
        "web",
        datetime(2026, 7, 1, 12, tzinfo=UTC),
    )
    with detected.writing() as session:
        take_report(session, late, now=NOW + timedelta(days=3))
    with detected.reading() as session:
        verification = verify(session, key)
    (july,) = (
        each
        for each in verification.differences
        if each.name.startswith("Numbers of the chart of incidents / July")
    )
    assert int(july.today) == int(july.released) + 1
    assert "late report" in " ".join(verification.reasons)
    assert verification.is_intact


def test_each_reading_of_an_exempt_release_is_in_the_audit(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    release = freeze(officer, make(officer, "exempt"))
    member = signed_in("member", may_read_enforcement=True)
    assert "EXEMPT: NOT FOR PUBLICATION" in Page.of(member.get(release)).text
    assert reads(detected) == 1
    for ending in ("docx", "pdf", "html", "map"):
        member.get(f"{release}/report.{ending}")
    assert reads(detected) == 5
    with detected.reading() as session:
        newest = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "read").order_by(AuditEntry.id.desc())
        ).first()
        assert newest.after == {"format": "map"}


def test_the_exempt_version_needs_leave_to_read_enforcement(
    signed_in: SignIn, detected: Store
) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    draft, release = make(officer, "exempt"), freeze(officer, make(officer, "exempt"))
    member, manager = signed_in("member"), signed_in("manager")
    for address in (release, f"{release}/report.pdf", f"{release}/map.png"):
        assert member.get(address).status_code == 403
        assert manager.get(address).status_code == 403
    assert manager.get(draft).status_code == 403
    assert manager.post(f"{draft}/freeze").status_code == 403
    assert manager.post(PAGE, data={**DAYS, "audience": "exempt"}).status_code == 403
    assert "Exempt" not in [
        row["Version"] for row in Page.of(member.get(f"{PAGE}/releases")).tables[0].rows
    ]
    assert reads(detected) == 0


@pytest.mark.parametrize("role", ["contractor", "partner"])
def test_it_is_for_the_council_and_its_members_alone(signed_in: SignIn, role: str) -> None:
    client: FlaskClient = signed_in(role)
    for address in (PAGE, f"{PAGE}/releases", f"{PAGE}/release/1", f"{PAGE}/work"):
        assert client.get(address).status_code == 403


def test_a_member_reads_what_is_frozen_and_nothing_else(signed_in: SignIn, detected: Store) -> None:
    officer = signed_in("officer")
    draft = make(officer)
    release = freeze(officer, make(officer))
    member = signed_in("member")
    for address in (f"{PAGE}/releases", release, f"{release}/report.pdf", f"{PAGE}/work"):
        assert member.get(address).status_code == 200
    for address in (PAGE, draft, f"{draft}/words", f"{draft}/report.pdf", f"{PAGE}/work/new"):
        assert member.get(address).status_code == 403
    for address in ("/officer/hotspots", "/enforcement", "/officer/incidents", "/patrols"):
        assert member.get(address, follow_redirects=True).status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (
            date(2026, 9, 30),
            date(2026, 4, 1),
            "The report would end on 1 April 2026, before it begins on 30 September 2026",
        ),
        (date(2026, 10, 1), date(2026, 12, 31), "31 December 2026 is not over yet"),
        (date(2016, 10, 1), date(2026, 10, 31), "too long: choose at most 36 months"),
        (date(2026, 4, 1), date(2026, 9, 30), "No detection run looks from a day up to 30 Sept"),
    ],
)
def test_what_is_no_period_is_said_at_the_form(
    signed_in: SignIn, first: date, last: date, words: str
) -> None:
    days = {"first": first.isoformat(), "last": last.isoformat(), "audience": "public"}
    answer = signed_in("officer").post(PAGE, data=days)
    assert answer.status_code == 400
    assert words in Page.of(answer).text


def test_a_format_that_is_none_is_no_page(signed_in: SignIn, detected: Store) -> None:
    officer = signed_in("officer")
    assert officer.get(f"{make(officer)}/report.rtf").status_code == 404


def test_work_that_was_never_recorded_is_not_zero(signed_in: SignIn, detected: Store) -> None:
    officer = signed_in("officer")
    page = Page.of(officer.get(make(officer)))
    assert "there is no record of enforcement" in page.text
    assert "Penalty notices by ward and year" not in page.text
    assert "There is no record of patrols." in page.text
