"""Whoever sets places that are told of against months and wards learns of nobody elsewhere.

Unknown is each month's number of incidents at one place, in the rest of its ward, and in the other
ward. Known are the months and years released, the effect there as reports tell it after six months
and after twelve, its count among the hotspots, and every piece of good news, however it was asked
for in whichever month.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.models import Incident
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.rules.days import corresponding_day
from geodata.store.engine import Store
from tests.web.committee.test_subtraction import Attack, Cell
from tests.web.conftest import lay_wards_out
from web.services.committee.report_facts import Facts
from web.services.committee.sections import hotspot_list, work_done
from web.services.committee.sections.hotspot_list import withheld_counts
from web.services.committee.sections.small_counts import small
from web.services.effects import public_effect, report_effect
from web.services.effects.effect_design import EffectQuestion
from web.services.effects.good_news import good_news
from web.services.good_news import gone_hotspots
from web.services.partnership.comparison_table import Audience
from web.services.partnership.windows import Window
from web.services.publishing.public_figures import published
from web.services.publishing.releasing import release_due

FIRST, MONTHS = date(2023, 1, 1), 38
STARTS = [corresponding_day(FIRST, n) for n in range(MONTHS)]
BEGUN = date(2025, 1, 1)
READ_AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
PLACE, REST, EAST = "place", "rest", "east"
AREAS = {PLACE: (553_000, 174_000), REST: (553_700, 173_300), EAST: (555_000, 174_500)}
GROUND = shapely.Point(AREAS[PLACE]).buffer(100)
MANY = 8.0
SPANS = [
    *(Window(date(year, 1, 1)) for year in (2024, 2025)),
    *(Window(date(year, month, 1), 6) for year in (2024, 2025) for month in (1, 7)),
    *(Window(date(2025, month, 1), 3) for month in (1, 4, 7, 10)),
    Window(date(2025, 12, 1), 1),
]


def fill(store: Store, *, rest: float, after: float = MANY / 4) -> dict[Cell, int]:
    """Dumps that fell when the place got its bin; few elsewhere in its ward. The truth by cell."""
    random, truth = np.random.default_rng(1), {}
    lay_wards_out(store)
    with store.writing() as session:
        for first, (area, xy) in product(STARTS, AREAS.items()):
            rate = {REST: rest, EAST: 9}.get(area, MANY if first < BEGUN else after)
            n = truth[f"{first:%Y-%m}", area] = int(random.poisson(rate))
            session.add_all(incident(f"{first:%y%m}{area}{k}", first, xy, k) for k in range(n))
        spot = {"valid_from": BEGUN, "valid_to": None, "kind": "bin", "name": "New bin"}
        interventions.add(session, Actor(None, READ_AT), shapely.Point(AREAS[PLACE]), **spot)
        release_due(session, now=READ_AT)
    return truth


def incident(key: str, first: date, xy: tuple[int, int], n: int) -> Incident:
    at = datetime(first.year, first.month, 2 + n * 7 % 26, 20, tzinfo=UTC)
    return Incident(
        key=key,
        geometry=shapely.Point(xy),
        first_reported_at=at,
        last_reported_at=at,
        reports=1,
        state="cleared",
        due_at=at + timedelta(days=2),
        closed_at=at + timedelta(hours=20),
    )


def cells(window: Window, *areas: str) -> Iterator[Cell]:
    months = (f"{first:%Y-%m}" for first in window.starts() if first in STARTS)
    return product(months, areas)


def bounds(text: str) -> tuple[int, int]:
    """Between which numbers a count lies, as its words say; one by a number alone.

    >>> bounds("fewer than 5"), bounds("about 10"), bounds("7")
    ((0, 4), (8, 12), (7, 7))
    """
    number = int(text.rsplit(maxsplit=1)[-1])
    if text.startswith("fewer"):
        return 0, number - 1
    return (max(5, number - 2), number + 2) if text.startswith("about") else (number, number)


def attack(store: Store, truth: Mapping[Cell, int]) -> Attack:
    known = Attack(list(product((f"{first:%Y-%m}" for first in STARTS), AREAS)))
    with store.reading() as session:
        for month in published(session).months:
            of = cells(Window(month.first_day, 1), *AREAS)
            least, most = (0, 4) if month.reported is None else (month.reported, month.reported)
            known.know(of, least, most)
        for year in published(session).years:
            for ward in year.wards:
                areas = (EAST,) if ward.name == "East" else (PLACE, REST)
                if ward.reported is not None:
                    span = Window(date(int(year.name), 1, 1))
                    known.know(cells(span, *areas), ward.reported, ward.reported)
        for window, text in (*in_reports(session, truth), *in_news(session), *gone(session)):
            known.know(cells(window, PLACE), *bounds(text))
    return known


def in_reports(session: Session, truth: Mapping[Cell, int]) -> Iterator[tuple[Window, str]]:
    """Reports of the half-years and of the year after the bin."""
    for last in (date(2025, 6, 30), date(2025, 12, 31)):
        year = Window(corresponding_day(last + timedelta(days=1), -12))
        facts = facts_of(last, sum(truth[cell] for cell in cells(year, PLACE)))
        [record] = interventions.records(session)
        _, before, after, *_ = work_done._judged(session, facts, record)
        months = (last.month - BEGUN.month) + 1
        for first, text in ((corresponding_day(BEGUN, -12), before), (BEGUN, after)):
            if text.isdigit():
                yield Window(first, months), text
        if not withheld_counts(session, facts):
            [row] = facts.board.rows
            yield year, small(row.incidents)


def facts_of(last: date, incidents: int) -> Facts:
    """What the sections read of the facts; of the hotspots the place alone."""
    row = SimpleNamespace(identity_id=1, geometry=GROUND, incidents=incidents)
    as_of = datetime(last.year, last.month, last.day, 12, tzinfo=UTC)
    facts = SimpleNamespace(
        period=SimpleNamespace(last=last),
        audience=Audience.PUBLIC,
        is_public=True,
        board=SimpleNamespace(rows=[row], months=12, as_of=as_of),
    )
    return cast("Facts", facts)


def in_news(session: Session) -> Iterator[tuple[Window, str]]:
    """Asked for after each month, of so many months, with and without the year before."""
    [record] = interventions.records(session)
    for months, leaves_out in product((6, 9, 12), (False, True)):
        question = EffectQuestion(months=months, leaves_out_year=leaves_out)
        today = corresponding_day(BEGUN, months)
        try:
            report = report_effect(session, record.source, record.id, question, today=today)
            news = good_news(session, report)
        except RefusedError:
            continue
        yield Window(report.spans.before.first.date(), months), news.before
        yield Window(BEGUN, months), news.after


def gone(session: Session) -> Iterator[tuple[Window, str]]:
    for last in (date(2025, 6, 30), date(2025, 12, 31)):
        half = gone_hotspots._Half(corresponding_day(last + timedelta(days=1), -6), last)
        news = gone_hotspots._proposal(session, "H1", "Gate", GROUND, half)
        if news is not None:
            (before, _), (after, _) = news.figures
            yield Window(half.earlier.first, 6), before
            yield Window(half.first, 6), after


def leaks(known: Attack, truth: Mapping[Cell, int]) -> list[tuple[str, Window, int]]:
    """Small counts of people that follow exactly."""
    assert known.holds(truth)  # the attacker reckons rightly
    exact = []
    for window, area in product(SPANS, (PLACE, REST)):
        count = sum(truth[cell] for cell in cells(window, area))
        if count < 5:
            least, most = known.bounds(cells(window, area))
            assert least <= count <= most
            if least == most:
                exact.append((area, window, count))
    return exact


@pytest.mark.parametrize("after", [MANY / 4, 0.2])
def test_no_small_count_around_a_place_follows(geopackage: Store, after: float) -> None:
    """One store is enough: it holds rows, and the figures are reckoned of them alike."""
    truth = fill(geopackage, rest=0.3, after=after)
    assert leaks(attack(geopackage, truth), truth) == []


def test_the_attack_finds_what_unguarded_papers_give_away(
    geopackage: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = fill(geopackage, rest=0.3)
    for module in (public_effect, hotspot_list, gone_hotspots):
        monkeypatch.setattr(module, "leaves_others", lambda *_: True)
    assert leaks(attack(geopackage, truth), truth)


def test_a_place_among_many_others_is_told_of(geopackage: Store) -> None:
    truth = fill(geopackage, rest=2)
    with geopackage.reading() as session:
        assert len(list(in_reports(session, truth))) == 6
        assert len(list(in_news(session))) > 0
    assert leaks(attack(geopackage, truth), truth) == []
