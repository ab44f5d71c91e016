"""``hotspots figures verify``: what it prints of a release, and with which status it ends."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from shapely.geometry import Point
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.clearances.contracts import Terms
from geodata.core.vocabulary import NoticeState
from geodata.frames.record_changes import RecordChange, record_changes
from geodata.models import (
    ActionEvent,
    CommitteeRelease,
    ImportBatch,
    Incident,
    Observation,
    PatrolVisit,
    Population,
)
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from geodata.store.redaction import changes_allowed
from tests.filled_stores import filled_once
from tests.signing_key import SIGNING_KEY
from tests.statements import counted
from tests.web.committee.test_subtraction import act
from tests.web.desk import run_now, scattered, store_incidents
from tests.web.partnership.tables import OWN, add_indicator, add_people
from web.cli import main
from web.services.admin.person_data import erase_person
from web.services.committee import drafting
from web.services.committee.compiling import compile_paper
from web.services.committee.difference_reasons import every_change
from web.services.committee.released_figures import ReportFigure
from web.services.committee.report_period import ReportPeriod
from web.services.committee.verifying import differences
from web.services.incidents import casework
from web.services.partnership.comparison_table import Audience
from web.services.reporting.intake import NewReport, take_report
from web.services.settings import contracts

NOW, LATER = datetime(2026, 11, 24, 12, tzinfo=UTC), datetime(2026, 11, 27, 12, tzinfo=UTC)
AUGUST = datetime(2026, 8, 20, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
MAY = datetime(2026, 5, 12, 12, tzinfo=UTC)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
@filled_once
def released(council: Store) -> Store:
    release(council)
    return council


def release(store: Store) -> None:
    """Release 1, of April to September 2026."""
    store_incidents(store, scattered(AUGUST), now=NOW, state="cleared")
    with store.writing() as session:
        run_now(session, Actor(None, AUGUST), as_of=AUGUST)
    with store.reading() as session:
        facts, report = compile_paper(
            session,
            period=ReportPeriod(date(2026, 4, 1), date(2026, 9, 30)),
            audience=Audience.EXEMPT,
            council="Testford",
            basemap=None,
            now=NOW,
        )
    with store.writing() as session:
        by = Actor(None, NOW)
        drafting.freeze(session, drafting.save_draft(session, facts, report, by), by)


@pytest.fixture
def figures(released: Store, figures_of: Callable[[Store], Run]) -> Run:
    return figures_of(released)


@pytest.fixture
def figures_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Store], Run]:
    """Runs ``hotspots figures`` on a store; its status, its output and its complaints."""
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["figures", *arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    def on(store: Store) -> Run:
        url = store.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
        return command

    return on


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
    assert "All that changed: since then: 1 late report" in output
    # of the day on which it was made, and of those on which its dump fell due
    assert "Why: 1 late report, of 1 July 2026" in output


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
    every = "since then: 1 late patrol visit, 1 intervention change and 1 contract change"
    assert f"All that changed: {every}" in output
    reasons = reasons_in(output)
    # the year before is told otherwise too: the record is now known to begin after it
    for row, change in {
        "Cost of interventions": "1 intervention change",
        "Patrol visits": "1 late patrol visit, of 1 July 2026",
    }.items():
        assert reasons[row] == {change, f"outside these days or this place: {change}"}


def test_each_figure_has_the_reasons_of_what_it_counts(
    council: Store, figures_of: Callable[[Store], Run]
) -> None:
    """Of four changes at once, each of another kind of work."""
    partners = {OWN: [10.0] * 24}
    add_people(council)
    add_indicator(council, "Thefts", partners, last=date(2026, 9, 1))
    with council.writing() as session:
        notice = act(session, "litter_fpn", NoticeState.ISSUED, MAY, Point(553_500, 174_500))
    release(council)
    with council.writing() as session:
        batches = [imported(session, kind) for kind in ("indicators", "populations")]
        session.add(ActionEvent(action_id=notice, state="withdrawn", at=LATER, recorded_at=LATER))
        one = session.scalars(select(Incident).where(Incident.key == "K0002")).one()
        casework.move(
            session, one.id, Point(9, 9), reason="Seen there again", user_id=None, now=LATER
        )
        latest = session.scalars(select(Observation).order_by(Observation.first_day.desc())).first()
        latest.value, latest.batch_id = 25.0, batches[0]
        batch = session.get_one(ImportBatch, batches[1])
        batch.undone_at = LATER
        session.execute(delete(Population))
    _, output, _ = figures_of(council)("verify", "1")
    reasons = reasons_in(output)
    undone = "1 undone import (number 2, populations)"
    withdrawn = "1 enforcement event (withdrawn), of 12 May 2026"
    assert reasons["West"] == reasons["The borough"] == {withdrawn}
    assert reasons["Thefts"] == {"1 import (number 1, indicators)", undone}
    assert reasons["Testford"] == {undone}
    # where a dump lay is reckoned as it was known then, whatever was corrected since
    assert not reasons.keys() & {"Incidents", "July", "July 2026"}


def test_reasons_of_many_changes_take_no_more_queries_than_of_few(council: Store) -> None:
    """A year of enforcement that is imported late was asked for ward by ward."""
    spot, numbers = Point(553_500, 174_500), []
    for _ in range(2):
        with council.writing() as session:
            for _ in range(4):
                known = act(session, "litter_fpn", NoticeState.ISSUED, MAY, spot)
                session.add(
                    ActionEvent(action_id=known, state="paid_full", at=LATER, recorded_at=LATER)
                )
        with counted(council) as sent, council.reading() as session:
            changes = record_changes(session, NOW)
        numbers.append((len(changes), len(sent)))
    (few, queries), (many, queries_of_many) = numbers
    assert (few, many) == (4, 8)
    assert queries == queries_of_many


def test_a_file_of_two_indicators_is_one_import() -> None:
    of_each = [
        RecordChange(("partners",), "import", "number 3, indicators", name=name)
        for name in ("Burglary", "Thefts")
    ]
    late = RecordChange(("dumps",), "late report")
    assert every_change([*of_each, late, late]) == "since then: 1 import and 2 late reports"
    assert every_change([]) == ""


def imported(session: Session, kind: str) -> int:
    counts = dict.fromkeys(("read", "accepted", "rejected", "unchanged"), 1)
    batch = ImportBatch(
        kind=kind, file_name="x", sha256="x", imported_at=LATER, warnings=[], **counts
    )
    session.add(batch)
    session.flush()
    return batch.id


def reasons_in(output: str) -> dict[str, set[str]]:
    """The reasons of what differs, by the head of its row without what follows a stop."""
    by_row: dict[str, set[str]] = {}
    lines = output.splitlines()
    for line, why in itertools.pairwise(lines):
        if why.startswith("  Why: "):
            head = line.split(" / ")[1].split(". ")[0]
            by_row.setdefault(head, set()).update(why[7:].rstrip(".").split("; "))
    return by_row


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
