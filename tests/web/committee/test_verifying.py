"""``hotspots figures verify``: what it prints of a release, and with which status it ends."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from shapely.geometry import Point

from geodata.clearances.contracts import Terms
from geodata.models import CommitteeRelease, PatrolVisit
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from geodata.store.redaction import changes_allowed
from tests.filled_stores import filled_once
from tests.signing_key import SIGNING_KEY
from tests.web.desk import run_now, scattered, store_incidents
from web.cli import main
from web.services.admin.person_data import erase_person
from web.services.committee import drafting
from web.services.committee.compiling import compile_paper
from web.services.committee.released_figures import ReportFigure
from web.services.committee.report_period import ReportPeriod
from web.services.committee.verifying import differences
from web.services.partnership.comparison_table import Audience
from web.services.reporting.intake import NewReport, take_report
from web.services.settings import contracts

NOW, LATER = datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 27, 12, tzinfo=UTC)
AUGUST = datetime(2026, 8, 20, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
@filled_once
def released(council: Store) -> Store:
    """With release 1, of April to September 2026."""
    store_incidents(council, scattered(AUGUST), now=NOW, state="cleared")
    with council.writing() as session:
        run_now(session, Actor(None, AUGUST), as_of=AUGUST)
    with council.reading() as session:
        facts, report = compile_paper(
            session,
            period=ReportPeriod(date(2026, 4, 1), date(2026, 9, 30)),
            audience=Audience.EXEMPT,
            council="Testford",
            basemap=None,
            now=NOW,
        )
    with council.writing() as session:
        by = Actor(None, NOW)
        drafting.freeze(session, drafting.save_draft(session, facts, report, by), by)
    return council


@pytest.fixture
def figures(
    released: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs ``hotspots figures``; its status, its output and its complaints."""
    url = released.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["figures", *arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def test_a_release_that_nothing_touched_is_the_same(figures: Run) -> None:
    status, output, _ = figures("verify", "1")
    same, of = (int(word) for word in output.split() if word.isdigit())
    assert (status, same) == (0, of)


def test_what_differs_is_named_with_both_values_and_why(figures: Run, released: Store) -> None:
    with released.writing() as session:
        late = NewReport(Point(553_500, 174_500), "public", "web", JULY)
        take_report(session, late, now=LATER)
    status, output, _ = figures("verify", "1")
    assert status == 1
    assert "incidents / July / October 2025 to September 2026: released" in output
    assert "Why: since then: 1 late report" in output


def test_what_keeps_no_history_is_explained_by_the_audit(figures: Run, released: Store) -> None:
    """A cost entered late, another contractor, and a visit that was logged late."""
    by = Actor(None, LATER)
    with released.writing() as session:
        spot = Point(553_500, 174_500)
        days = {"valid_from": JULY.date(), "valid_to": None, "cost_pence": 12_300}
        interventions.add(session, by, spot, kind="event", name="Talk", **days)
        contracts.enter(session, by, Terms("Zed", date(2026, 9, 1), None, "Minutes"))
        session.add(PatrolVisit(geometry=spot, arrived_at=JULY, recorded_at=LATER))
    status, output, _ = figures("verify", "1")
    assert status == 1
    assert "Cost of interventions" in output
    why = "Why: since then: 1 late patrol visit, 1 intervention change and 1 contract change"
    assert why in output


def test_it_is_printed_as_json_too(figures: Run) -> None:
    status, output, _ = figures("verify", "1", "--json")
    printed = json.loads(output)
    assert status == 0
    assert (printed["release_id"], printed["is_intact"], printed["differences"]) == (1, True, [])
    assert datetime.fromisoformat(printed["known_by"]) == NOW


def test_a_release_that_is_not_there_is_refused(figures: Run) -> None:
    status, _, complaints = figures("verify", "9")
    assert status == 1
    assert "there is no release 9 of a report to the committee" in complaints.lower()


def test_a_redaction_is_told_apart_from_a_difference(figures: Run, released: Store) -> None:
    by = Actor(None, LATER)
    with released.writing() as session, changes_allowed(session, "committee_release"):
        release = session.get_one(CommitteeRelease, 1)
        release.narrative = release.narrative | {"summary": "Ask jo@example.org"}
        release.fingerprint = drafting._fingerprint(release.content, release.narrative)
    with released.writing() as session:
        erase_person(session, "jo@example.org", "Request 9", by)
    status, output, _ = figures("verify", "1")
    assert status == 0
    assert "A person was taken out of the words of the release; nothing else has changed." in output
    with released.writing() as session, changes_allowed(session, "committee_release"):
        release.narrative = release.narrative | {"summary": "Nobody asked"}
        session.merge(release)
    status, output, _ = figures("verify", "1")
    assert status == 1
    assert "its fingerprint does not match" in output


def test_a_hotspot_s_redacted_name_is_no_difference() -> None:
    before = [ReportFigure(("Hotspots", "Jo", "Nights"), "9", "")]
    after = [ReportFigure(("Hotspots", "[removed]", "Nights"), "9", "")]
    assert [each.is_redaction for each in differences(before, after)] == [True, True]
    after = [ReportFigure(("Hotspots", "[removed]", "Nights"), "8", "")]
    assert not differences(before, after)[0].is_redaction
