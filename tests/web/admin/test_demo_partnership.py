"""The demo's comparison: what was planted is found and nothing else, and each number is that of
the store, reckoned anew by loops."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from geodata.core.vocabulary import ActionKind
from geodata.demo import partners
from geodata.indicators.areas import Area
from geodata.models import (
    EnforcementAction,
    Incident,
    Indicator,
    Intervention,
    Observation,
    PosterEvent,
    Report,
)
from geodata.rules.days import local_day
from geodata.store.engine import Store
from tests.web.admin.test_demo import NOW, demo  # noqa: F401
from web.services.partnership.comparison_csv import as_csv
from web.services.partnership.comparison_table import Audience, compare_partnership

FIRST, LAST = date(2025, 11, 1), date(2026, 10, 31)
EARLIER = (date(2024, 11, 1), date(2025, 10, 31))
OURS = partners.OWN.name


@pytest.fixture
def rows(demo: Store) -> dict[tuple[str, str], dict[str, str]]:  # noqa: F811
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
    demo: Store,  # noqa: F811
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
    demo: Store,  # noqa: F811
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


def test_the_demos_public_version_lacks_its_exempt_table(demo: Store) -> None:  # noqa: F811
    with demo.reading() as session:
        table = compare_partnership(session, month=None, audience=Audience.PUBLIC, now=NOW)
    assert partners.EXEMPT not in as_csv(table)
    assert [(each.number, each.paragraph) for each in table.withheld] == [(1, 2)]
    assert table.areas == [partners.OWN, Area("borough", "Gravesham"), Area("county", "Kent")]
