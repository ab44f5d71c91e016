"""The demonstration: fills an empty store, says everywhere that nothing of it happened."""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from sqlalchemy import func, select

from geodata import frames, places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ActionKind, NoticeState, PlaceKind
from geodata.demo import NOTE, partners
from geodata.demo.borough import NAME, OUTLINE, ward_shapes
from geodata.enforcement import actions
from geodata.indicators.areas import Area
from geodata.models import (
    Base,
    Clearance,
    EnforcementAction,
    Incident,
    Indicator,
    Intervention,
    Observation,
    PatrolVisit,
    PosterEvent,
    Report,
)
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.rules.council import rulebook
from geodata.rules.days import local_day
from geodata.rules.enforcement.keeper_life import STEPS as KEEPER_STEPS
from geodata.rules.enforcement.notice_life import NoticeFacts, step_fault
from geodata.store.engine import Store, open_store
from tests.conftest import POSTGIS_URL
from tests.databases import address_of, drop_database, new_database
from tests.web.browsing import DEMO_NOW
from tests.web.page import Page
from web.application import create_app
from web.cli import hotspots
from web.config import Config
from web.services.admin.demonstration import ensure_demo, run_moments
from web.services.effects.effect_design import EffectQuestion
from web.services.effects.judging import report_effect
from web.services.enforcement.enforcement_figures import figures
from web.services.enforcement.notice_deadlines import board
from web.services.partnership.comparison_csv import as_csv
from web.services.partnership.comparison_table import Audience, compare_partnership
from web.services.partnership.own_series import own_series
from web.services.partnership.windows import ending, last_whole_month

NOW = DEMO_NOW
IMPORTED = [m.class_ for m in Base.registry.mappers if "external_ref" in m.columns]


@pytest.fixture(scope="module", params=["file", pytest.param("server", marks=pytest.mark.postgis)])
def demo(
    request: pytest.FixtureRequest,
) -> Iterator[Store]:
    """The demo of a moment in a store of each kind, built once: no test here changes it."""
    if request.param == "file":
        yield request.getfixturevalue("demo_store")
        return
    name = new_database(POSTGIS_URL, like=request.getfixturevalue("migrated_postgis"))
    store = open_store(address_of(POSTGIS_URL, name))
    with store.writing() as session:
        ensure_demo(session, now=NOW)
    yield store
    store.close()
    drop_database(POSTGIS_URL, name)


def test_the_demo_fills_the_store_by_the_domains_rates_up_to_now(demo: Store) -> None:
    with demo.reading() as session:
        incidents = frames.incidents(session)
        reports = session.scalar(select(func.count(Report.id)))
        last = session.scalar(select(func.max(Report.reported_at)))
        cleared = session.scalar(select(func.max(Clearance.occurred_at)))
        is_fpn = EnforcementAction.kind.in_([ActionKind.LITTER_FPN, ActionKind.PSPO_FPN])
        given = session.scalars(select(EnforcementAction.issued_on).where(is_fpn)).all()
    per_year = len(incidents) / 6
    assert 350 <= per_year <= 450
    assert reports / len(incidents) == pytest.approx(1.3, abs=0.1)
    assert NOW - timedelta(days=3) < last <= NOW
    assert cleared <= NOW
    assert given
    assert pd.Series([day.year for day in given]).value_counts().max() <= 5
    open_now = incidents["cleared_at"].isna() & (
        incidents["last_reported_at"] > NOW - timedelta(days=2)
    )
    assert open_now.any(), "a demo of clearing needs something to clear"


@pytest.mark.parametrize(
    ("today", "reported"),
    [
        ("2026-11-30T12:00Z", "2026-09-30T22:59:59Z"),  # two months later, of winter time
        ("2026-10-01T12:00Z", "2026-09-30T22:59:59Z"),  # the day after
        ("2027-03-31T12:00Z", "2026-09-30T22:59:59Z"),  # half a year later
        ("2027-04-01T12:00Z", "2027-03-31T22:59:59Z"),
    ],
)
def test_a_run_of_the_demo_ends_with_the_half_year_of_the_committees_report(
    today: str, reported: str
) -> None:
    moments = run_moments(datetime.fromisoformat(today))
    assert datetime.fromisoformat(reported) in moments
    assert moments == sorted(moments)
    assert len(set(moments)) == 4
    assert moments[-1] == datetime.fromisoformat(today)


def test_every_case_of_the_demo_took_steps_that_the_law_allows(demo: Store) -> None:
    with demo.reading() as session:
        book = rulebook(session)
        cases = actions.every(session, kind=ActionKind.KEEPER_PENALTY.value)
        lives = [(action, actions.events(session, action)) for action, _ in cases]
    states = {state for _, state in cases}
    every = {state for step in KEEPER_STEPS for state in (step.before, step.after)}
    assert states == every - LEGACY
    for action, events in lives:
        before = events[0]
        for number, event in enumerate(events[1:], start=1):
            facts = NoticeFacts(
                action.kind,
                before.state,
                local_day(action.offence_at),
                action.issued_on,
                action.given_on,
                action.discount_pence,
                action.discount_days,
                local_day(before.at),
                been=frozenset(earlier.state for earlier in events[:number]),
            )
            state = NoticeState(event.state)
            assert step_fault(book, facts, state, local_day(event.at), "Synthetic demo data") == ""
            before = event


LEGACY = {
    NoticeState.UNPAID,
    NoticeState.REMINDER,
    NoticeState.REFERRED_TO_LEGAL,
    NoticeState.WITHDRAWN,
}
"""Of records from before the keeper's road was a road of its own: nothing leads to them."""


def test_the_demo_tells_the_truth_of_the_domain(demo: Store) -> None:
    with demo.reading() as session:
        book, actor = rulebook(session), Actor(None, NOW)
        cases = actions.every(session)
        first, last = date(2020, 1, 1), local_day(NOW)
    with demo.writing() as session:
        warnings = figures(session, first, last, actor).warnings
        soon = [due.on for due in board(session, actor) if "Last day on which" in due.words]
        session.rollback()
    early = [action for action, _ in cases if action.discount_pence == 6_500]
    assert early
    for action in early:
        row = book["council_amount"].on(action.issued_on, "litter_fpn")
        assert (row["amount_pence"], row["discount_pence"]) == (10_000, 6_500)
    assert (warnings.without_notice, warnings.finished) == (17, 20)  # 85 %
    assert warnings.still_open >= 1
    assert "caution" in {action.kind for action, _ in cases}
    assert any(last <= on <= last + timedelta(days=14) for on in soon)


def test_one_thing_worked_one_did_not_and_one_cannot_be_judged(demo: Store) -> None:
    verdicts = set()
    with demo.reading() as session:
        for each in interventions.records(session):
            try:
                today = local_day(NOW)
                report = report_effect(session, each.source, each.id, EffectQuestion(), today=today)
                verdicts.add(report.effect.verdict)
            except RefusedError:
                verdicts.add("refused")
    assert {"fewer", "no clear effect", "refused"} <= verdicts


def test_patrols_are_known_in_each_month_of_the_last_year(demo: Store) -> None:
    area, year = Area("borough", NAME), ending(last_whole_month(local_day(NOW)))
    with demo.reading() as session:
        series = own_series(session, area, year, [], now=NOW)
        visits = session.scalars(select(PatrolVisit)).all()
    for key in ("own-patrol-visits", "own-patrol-hours"):
        assert all(each.value for each in series[key].figures.values()), key
    # two stops a month, thirteen months; each visit says what it is, and none made a report
    assert {visit.note for visit in visits} == {NOTE}
    assert len(visits) == 26
    assert not any(visit.canisters_seen for visit in visits)


def test_every_row_says_that_it_is_synthetic(demo: Store) -> None:
    with demo.reading() as session:
        refs = {m.__tablename__: session.scalars(select(m.external_ref)).all() for m in IMPORTED}
    empty = {table for table, own_refs in refs.items() if not own_refs}
    assert empty == {
        "covariate_feature",
        "exposure_feature",
        "gazetteer_entry",
        "machine_update",  # no other system is there
        "remote_request",  # no other service is asked
        "street",
    }  # real files only, which a demo has none of
    for table, own_refs in refs.items():
        assert all(ref and ref.startswith("SYNTHETIC") for ref in own_refs), table


def test_every_page_of_the_demo_says_so_and_its_accounts_work(demo: Store) -> None:
    client = create_app(Config(insecure_cookies=True), store=demo).test_client()
    sign_in = client.get("/sign-in")
    accounts = (
        "officer, contractor, manager, admin, partner, member; the password is synthetic-demo"
    )
    assert accounts in sign_in.text
    token = Page.of(sign_in).value("csrf_token")
    answer = client.post(
        "/sign-in", data={"name": "officer", "password": "synthetic-demo", "csrf_token": token}
    )
    assert answer.status_code == 302
    for page in ("/", "/sign-in", "/officer/hotspots", "/no-such-page"):
        assert "Synthetic demo data" in client.get(page).text
    assert "Westgate car park" in client.get("/officer/hotspots").text


def test_a_second_start_changes_nothing(demo: Store) -> None:
    with demo.writing() as session:
        before = frames.incidents(session)
        assert ensure_demo(session, now=NOW) is None
        pd.testing.assert_frame_equal(frames.incidents(session), before)


def test_real_data_are_never_mixed_with_the_demos(store: Store) -> None:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Realborough", shapely.box(0, 0, 1, 1))
    with store.writing() as session, pytest.raises(RefusedError, match="not the demo's"):
        ensure_demo(session, now=NOW)


def test_wards_tile_the_borough() -> None:
    shapes = list(ward_shapes().values())
    assert len(shapes) == 20
    assert sum(shape.area for shape in shapes) == pytest.approx(OUTLINE.area)
    assert shapely.union_all(shapes).symmetric_difference(OUTLINE).area < 1
    assert {shape.geom_type for shape in shapes} <= {"Polygon", "MultiPolygon"}


def test_the_command_builds_a_store_that_gdal_opens(
    demo_by_command: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "synthetic incidents" in (demo_by_command / "said.txt").read_text(encoding="utf-8")
    shutil.copytree(demo_by_command, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    Path("demo.gpkg").rename("hotspots-demo.gpkg")  # where the command looks by itself
    monkeypatch.delenv("HOTSPOTS_DATABASE_URL", raising=False)
    again = CliRunner().invoke(hotspots, ["demo", "--no-serve"])
    assert again.exit_code == 0, again.output
    assert "holds the synthetic demo already" in again.output
    import pyogrio

    layers = {name for name, _ in pyogrio.list_layers("hotspots-demo.gpkg")}
    assert {"report", "incident", "hotspot", "place"} <= layers


# The committee's comparison: what was planted is found and nothing else, and each number is that of
# the store, reckoned anew by loops. Here, since to build the demo is what takes the time.
FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
EARLIER = (date(2024, 11, 1), date(2025, 10, 31))
OURS = partners.OWN.name


@pytest.fixture
def rows(demo: Store) -> dict[tuple[str, str], dict[str, str]]:
    with demo.reading() as session:
        table = compare_partnership(session, month=None, audience=Audience.EXEMPT, now=NOW)
    lines = csv.DictReader(io.StringIO(as_csv(table)))
    return {(line["indicator"], line["area"]): line for line in lines}


def theirs(rows: dict[tuple[str, str], dict[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    return {key: row for key, row in rows.items() if "own record" not in row["source"]}


def test_what_was_planted_is_found_and_nothing_else(
    rows: dict[tuple[str, str], dict[str, str]],
) -> None:
    verdicts = {key: row["verdict"] for key, row in theirs(rows).items()}
    better, worse = (partners.BETTER, OURS), (partners.WORSE, OURS)
    trend, spike = (partners.TREND, "Kent"), (partners.SPIKE, "Gravesham")
    assert verdicts[better] == "↓ Improvement"
    assert verdicts[worse] == "↑ Deterioration"
    assert rows[trend]["pattern"].startswith("trend up")
    assert rows[spike]["pattern"].startswith("spike in July 2026")  # four months ago
    broken = {key for key, words in verdicts.items() if words.startswith("not comparable")}
    assert broken == {(partners.BROKEN, area.name) for area in partners.PEOPLE}
    words = verdicts[partners.BROKEN, OURS]
    assert words == "not comparable: re-categorised by the police in March 2026"
    others = set(verdicts) - {better, worse, trend} - broken
    assert {verdicts[key] for key in others} == {"↔ No change"}
    assert len(verdicts) == 14 * 3 + 1
    quiet = {rows[key]["pattern"] for key in others - {spike}}
    assert quiet == {"neither spike nor trend"}


def test_partners_sums_are_those_of_the_store(
    demo: Store,
    rows: dict[tuple[str, str], dict[str, str]],
) -> None:
    sums: Counter[tuple[str, str, bool]] = Counter()
    with demo.reading() as session:
        query = select(Indicator.name, Observation).join(Indicator)
        for name, row in session.execute(query):
            if EARLIER[0] <= row.first_day <= LAST:
                sums[name, row.area, row.first_day >= FIRST] += int(row.value or 0)
    for (name, area), row in theirs(rows).items():
        assert row["value"] == str(sums[name, area, True])
        assert row["value_before"] == str(sums[name, area, False])
        people = partners.PEOPLE[next(a for a in partners.PEOPLE if a.name == area)]
        rate = 1000 * sums[name, area, True] / people
        assert float(row["rate_per_1000"]) == pytest.approx(rate, abs=1e-4)


def within(moment: datetime | date, span: tuple[date, date]) -> bool:
    return span[0] <= local_day(moment) <= span[1]


def test_own_numbers_are_those_of_the_store(
    demo: Store,
    rows: dict[tuple[str, str], dict[str, str]],
) -> None:
    with demo.reading() as session:
        incidents = session.scalars(select(Incident)).all()
        reports = session.scalars(select(Report.reported_at)).all()
        notices = session.scalars(select(EnforcementAction)).all()
        begun = session.scalars(select(Intervention)).all()
        events = session.scalars(select(PosterEvent).order_by(PosterEvent.at)).all()
    for column, span in (("value", (FIRST, LAST)), ("value_before", EARLIER)):
        seen = [i for i in incidents if within(i.first_reported_at, span)]
        due = [
            i
            for i in incidents
            if i.due_at and within(i.due_at, span) and i.state not in {"not_our_land", "duplicate"}
        ]
        in_time = [
            i for i in due if i.state == "cleared" and i.closed_at and i.closed_at <= i.due_at
        ]
        fines = {ActionKind.LITTER_FPN, ActionKind.PSPO_FPN, ActionKind.KEEPER_PENALTY}
        expected = {
            "Incidents": len(seen),
            "Reports": sum(within(at, span) for at in reports),
            "Incidents with large cylinders": sum((i.cylinders or 0) > 0 for i in seen),
            "Large cylinders": sum(i.cylinders or 0 for i in seen),
            "Cleared in target": len(in_time),
            "Penalty notices": sum(within(n.offence_at, span) for n in notices if n.kind in fines),
            "Education events": sum(
                within(i.valid_from, span) for i in begun if i.kind in {"school_visit", "event"}
            ),
        }
        assert {name: rows[name, OURS][column] for name in expected} == {
            name: str(number) for name, number in expected.items()
        }
        of = "of" if column == "value" else "of_before"
        assert rows["Cleared in target", OURS][of] == str(len(due))
    up = {e.site_id: e.kind for e in events if e.at <= datetime(2026, 10, 31, 23, 59, tzinfo=UTC)}
    standing = sum(kind in {"installed", "seen"} for kind in up.values())
    assert rows["Posters up", OURS]["value"] == str(standing)


def test_the_demos_public_version_lacks_its_exempt_table(demo: Store) -> None:
    with demo.reading() as session:
        table = compare_partnership(session, month=None, audience=Audience.PUBLIC, now=NOW)
    assert partners.EXEMPT not in as_csv(table)
    assert [(each.number, each.paragraph) for each in table.withheld] == [(1, 2)]
    assert table.areas == [partners.OWN, Area("borough", "Gravesham"), Area("county", "Kent")]
