"""Whoever keeps every public figure and solves for the rest learns no small count of people.

Unknown is each month's number of actions, by kind and by how they ended, and each month's number of
incidents, by whether they were cleared in time. What was published, in months and years released
and in reports of any days, are equations between whole numbers. The attacker knows the rules too: a
figure that is "fewer than 5" is that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
import shapely
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy.orm import Session

from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.models import ActionEvent, EnforcementAction, Incident
from geodata.reports import new_reference
from geodata.rules.days import corresponding_day
from geodata.store.engine import Store
from hotspots.effects.displacement import BeforeAfter
from web.services.committee.sections.work_done import _is_small, _public_warning
from web.services.effects.judging import EffectReport
from web.services.partnership.comparison_table import Audience, compare_partnership
from web.services.partnership.series import Figure
from web.services.partnership.windows import Window
from web.services.publishing.enforcement_activity import published_activity
from web.services.publishing.public_figures import published
from web.services.publishing.releasing import release_due

FIRST, MONTHS = date(2024, 1, 1), 28
STARTS = [corresponding_day(FIRST, n) for n in range(MONTHS)]
PACKS = (date(2025, 3, 1), date(2025, 9, 1), date(2025, 10, 1), date(2025, 12, 1), date(2026, 3, 1))
"""Last months of reports: half-years, one a month late, and a calendar year."""
ENDINGS = {
    "paid": NoticeState.PAID_FULL,
    "cancelled": NoticeState.CANCELLED,
    "other": NoticeState.ISSUED,
}
RATES = {"paid": 0.9, "cancelled": 0.15, "other": 0.5}
"""Of each kind a month."""
MONEY = (ActionKind.LITTER_FPN, ActionKind.PSPO_FPN)
KINDS = (*MONEY, ActionKind.CAUTION)
MOST = 200
SOLVED = 15
"""Of months so many, drawn at random: each takes two whole-number programmes."""
READ_AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
Cell = tuple[str, ...]


@dataclass
class Attack:
    """What is published, as bounds of sums of cells; a cell is a month and what is counted."""

    cells: list[Cell]
    rows: list[np.ndarray] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def row(self, of: Iterator[Cell]) -> np.ndarray:
        chosen = set(of)
        return np.array([cell in chosen for cell in self.cells], float)

    def know(self, of: Iterator[Cell], least: float, most: float) -> None:
        self.rows.append(self.row(of))
        self.least.append(least)
        self.most.append(most)

    def tell(self, of: Iterator[Cell], figure: Figure) -> None:
        """Of a report's figure: the number, "fewer than 5", or nothing."""
        if figure.value is not None:
            self.know(of, figure.value, figure.value)
        elif figure.below:
            self.know(of, 0, figure.below - 1)

    def holds(self, truth: Mapping[Cell, int]) -> bool:
        """Whether each thing known is so: else the attacker reckons of something else."""
        sums = np.array(self.rows) @ np.array([truth[cell] for cell in self.cells])
        return bool(np.all((self.least <= sums) & (sums <= self.most)))

    def bounds(self, of: Iterator[Cell]) -> tuple[int, int]:
        """Least and most of a sum, in whole numbers."""
        wanted, known = self.row(of), LinearConstraint(np.array(self.rows), self.least, self.most)
        ends = [
            milp(
                sign * wanted,
                constraints=known,
                bounds=Bounds(0, MOST),
                integrality=np.ones(len(self.cells)),
            )
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends)
        return round(ends[0].fun), round(-ends[1].fun)


def months(window: Window) -> list[str]:
    return [f"{first:%Y-%m}" for first in window.starts() if first in STARTS]


def cells(of: Window, *parts: tuple[str, ...]) -> Iterator[Cell]:
    return product(months(of), *parts)


def fill(store: Store, seed: int) -> dict[Cell, int]:
    """Actions and incidents, many in some months and few in others; the truth by cell."""
    random, truth = np.random.default_rng(seed), {}
    place = shapely.Point(553_000, 174_000)
    with store.writing() as session:
        for first in STARTS:
            at = datetime(first.year, first.month, 9, 12, tzinfo=UTC)
            for kind, ending in product(KINDS, ENDINGS):
                n = truth[f"{first:%Y-%m}", kind, ending] = int(random.poisson(RATES[ending]))
                for _ in range(n):
                    act(session, kind, ENDINGS[ending], at, place)
            total = int(random.poisson(9 if random.random() < 0.9 else 2))
            in_time = int(random.binomial(total, 0.7))
            truth[f"{first:%Y-%m}", "in time"] = in_time
            truth[f"{first:%Y-%m}", "late"] = total - in_time
            session.add_all(
                incident(f"{first:%y%m}-{n}", at, place, n < in_time) for n in range(total)
            )
    return truth


def act(session: Session, kind: str, state: NoticeState, at: datetime, place: shapely.Point) -> int:
    columns = {"kind": kind, "offence_at": at, "geometry": place, "age_band": "unknown"}
    action = EnforcementAction(reference=new_reference(), **columns)
    session.add(action)
    session.flush()
    steps = dict.fromkeys((NoticeState.ISSUED, state))  # what was never issued is no enforcement
    for step in steps:
        session.add(ActionEvent(action_id=action.id, state=step.value, at=at, recorded_at=at))
        session.flush()
    return action.id


def incident(key: str, at: datetime, place: shapely.Point, is_in_time: bool) -> Incident:
    return Incident(
        key=key,
        geometry=place,
        first_reported_at=at,
        last_reported_at=at,
        reports=1,
        state="cleared",
        due_at=at + timedelta(days=2),
        closed_at=at + timedelta(days=1 if is_in_time else 5),
    )


def attack_actions(store: Store) -> Attack:
    """By kind and ending: what the years' releases and every report say."""
    attack = Attack(list(product(months(Window(FIRST, MONTHS)), KINDS, ENDINGS)))
    with store.reading() as session:
        for year in published_activity(session):
            of = Window(year.first_day)
            every = cells(of, KINDS, tuple(ENDINGS))
            attack.tell(every, Figure(year.total, below=None if year.total is not None else 5))
            for row in (row for row in year.rows if row.kind in KINDS):
                attack.tell(cells(of, (row.kind,), tuple(ENDINGS)), Figure(row.given))
                for ending in ENDINGS:
                    attack.tell(cells(of, (row.kind,), (ending,)), Figure(getattr(row, ending)))
        for key, window, figure in in_reports(session):
            standing, counted = ("paid", "other"), MONEY
            if key == "own-cautions":
                attack.tell(cells(window, (ActionKind.CAUTION,), standing), figure)
            elif key == "own-notices":
                attack.tell(cells(window, counted, standing), figure)
            elif key == "own-payment-rate" and figure.value is not None:
                attack.tell(cells(window, counted, ("paid",)), figure)
                attack.tell(cells(window, counted, standing), Figure(figure.of))
    return attack


def attack_incidents(store: Store) -> Attack:
    parts = ("in time", "late")
    attack = Attack(list(product(months(Window(FIRST, MONTHS)), parts)))
    with store.reading() as session:
        for month in published(session).months:
            of = Window(month.first_day, 1)
            if month.reported is None:
                attack.know(cells(of, parts), 0, 4)
            else:
                attack.know(cells(of, parts), month.reported, month.reported)
            attack.tell(cells(of, ("in time",)), Figure(month.in_time))
        for key, window, figure in in_reports(session):
            if key == "own-incidents":
                attack.tell(cells(window, parts), figure)
            elif key == "own-cleared-in-target" and figure.value is not None:
                attack.tell(cells(window, ("in time",)), figure)
                attack.tell(cells(window, parts), Figure(figure.of))
    return attack


def in_reports(session: Session) -> Iterator[tuple[str, Window, Figure]]:
    """The council's own figures of every report; of years that are whole in the record."""
    for last in PACKS:
        table = compare_partnership(session, month=last, audience=Audience.PUBLIC, now=READ_AT)
        for row in table.own:
            [cell] = row.cells
            for window, figure in (
                (table.window.earlier, cell.before),
                (table.window, cell.after),
            ):
                if len(months(window)) == window.months:
                    yield row.terms.key, window, figure


@pytest.mark.parametrize("seed", range(2))
def test_no_small_count_follows_from_all_that_is_public(geopackage: Store, seed: int) -> None:
    """One store is enough: it holds rows, and the figures are reckoned of them alike."""
    truth = fill(geopackage, seed)
    with geopackage.writing() as session:
        release_due(session, now=READ_AT)
    spans = [Window(first, 1) for first in STARTS[3:]]
    spans += [Window(date(2024, 1, 1)), Window(date(2025, 1, 1)), Window(date(2025, 4, 1), 6)]
    random, small, shown = np.random.default_rng(seed), 0, 0
    for attack, parts in (
        (attack_actions(geopackage), [((k,), (e,)) for k in KINDS for e in ENDINGS]),
        (attack_incidents(geopackage), [(("in time", "late"),)]),
    ):
        assert attack.holds(truth)
        shown += len(attack.rows)
        every = [
            (span, part)
            for span, part in product(spans, parts)
            if sum(truth[cell] for cell in cells(span, *part)) < 5
        ]
        years = [each for each in every if each[0].months > 1]
        some = random.permutation(len(every))[:SOLVED]
        for span, part in [*years, *(every[n] for n in some)]:
            count = sum(truth[cell] for cell in cells(span, *part))
            small += 1
            least, most = attack.bounds(cells(span, *part))
            assert least <= count <= most  # the attacker reckons rightly
            assert least < most, (span, part, count)
    assert small > SOLVED  # there was something to protect
    assert shown > MONTHS  # and something to show


def effect(before: int, after: int) -> EffectReport:
    return cast("EffectReport", SimpleNamespace(counts={"target": BeforeAfter(before, after)}))


@pytest.mark.parametrize(
    ("reports", "is_small"),
    [
        ([effect(20, 9)], False),
        ([effect(20, 4)], True),
        ([effect(20, 9), effect(12, 4)], True),  # the first six months were withheld, and 4 follows
        ([effect(20, 9), effect(12, 6)], True),  # 3 in the second half-year after
        ([effect(20, 12), effect(12, 6)], False),
    ],
)
def test_an_effect_that_is_told_twice_tells_no_small_count_between(
    reports: list[EffectReport], is_small: bool
) -> None:
    assert _is_small(reports, "target") is is_small


def test_a_warning_tells_the_public_no_number_of_reports() -> None:
    warning = (
        "Changed reporting: 5 of 48 reports after came by a poster's QR code, 0 of 103 before."
    )
    assert not any(character.isdigit() for character in _public_warning(warning))
    assert _public_warning("Only 6 whole months have passed") == "Only 6 whole months have passed"
