"""Whoever sets places that are shown of against each other learns of nobody at one of them.

A campaign stands at three sites; a bin follows at one of them, and an order holds two. Unknown is
each month's number of incidents at each site; known is whatever is shown of the three.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.models import Incident
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.rules.days import corresponding_day
from geodata.store.engine import Store
from tests.web.committee.test_place_subtraction import facts_of
from tests.web.committee.test_subtraction import Attack, Cell
from tests.web.conftest import lay_wards_out
from web.services.committee.sections import work_done
from web.services.committee.sections.small_counts import TOO_FEW
from web.services.partnership.windows import Window
from web.services.publishing.joint_counts import PlaceCount, hide_parts

FIRST, MONTHS = date(2024, 1, 1), 24
STARTS = [corresponding_day(FIRST, n) for n in range(MONTHS)]
SITES = {name: shapely.Point(553_000 + 300 * n, 174_000).buffer(60) for n, name in enumerate("abc")}
NAMES = {"campaign": "abc", "bin": "a", "order": "ab", "lamp": "c"}
SPANS = [
    *(Window(first, 12) for first in STARTS[:13:3]),
    *(Window(first, 6) for first in STARTS[:19:6]),
]


def counts(name: str, window: Window) -> PlaceCount:
    ground = shapely.union_all([SITES[site] for site in NAMES[name]])
    return PlaceCount(ground, window.first, window.last)


def drawn(seed: int) -> tuple[dict[Cell, int], gpd.GeoDataFrame]:
    """Many at some sites, and at others hardly any; by month and site, and as a frame."""
    random = np.random.default_rng(seed)
    rates = dict(zip(SITES, random.permutation([6.0, random.choice([0.1, 3.0]), 0.3]), strict=True))
    truth = {
        (f"{first:%Y-%m}", site): int(random.poisson(rates[site]))
        for first, site in product(STARTS, SITES)
    }
    rows = [
        (shapely.Point(SITES[site].centroid), datetime.fromisoformat(f"{month}-15T12:00Z"))
        for (month, site), n in truth.items()
        for _ in range(n)
    ]
    frame = gpd.GeoDataFrame(rows, columns=["geometry", "first_reported_at"], crs=27700)
    return truth, frame


def cells(window: Window, sites: str) -> Iterator[Cell]:
    return product((f"{first:%Y-%m}" for first in window.starts()), sites)


def told_of(
    seed: int, frame: gpd.GeoDataFrame, truth: dict[Cell, int], *, is_guarded: bool
) -> list[tuple[str, Window]]:
    """A sequence of counts, none of them small by itself, each shown if it may stand beside all."""
    random = np.random.default_rng(seed)
    order = [(name, window) for name in NAMES for window in SPANS]
    shown: list[tuple[str, Window]] = []
    for n in random.permutation(len(order))[:12]:
        name, window = order[n]
        is_small = sum(truth[cell] for cell in cells(window, NAMES[name])) < 5
        together = [counts(*each) for each in (*shown, (name, window))]
        if not is_small and (not is_guarded or hide_parts(frame, together)):
            shown.append((name, window))
    return shown


def leaks(shown: list[tuple[str, Window]], truth: dict[Cell, int]) -> int:
    """How many small numbers of a site in some months follow exactly, in whole numbers."""
    known = Attack(list(truth))
    for name, window in shown:
        total = sum(truth[cell] for cell in cells(window, NAMES[name]))
        known.know(cells(window, NAMES[name]), total, total)
    assert known.holds(truth)
    followed = 0
    for window, site in product(SPANS, SITES):
        count = sum(truth[cell] for cell in cells(window, site))
        if count < 5:
            least, most = known.bounds(cells(window, site))
            followed += least == most
    return followed


def test_no_small_part_follows_from_counts_that_may_be_told_together() -> None:
    open_leaks = guarded_leaks = n_told = 0
    for seed in range(12):
        truth, frame = drawn(seed)
        open_leaks += leaks(told_of(seed, frame, truth, is_guarded=False), truth)
        guarded = told_of(seed, frame, truth, is_guarded=True)
        n_told += len(guarded)
        guarded_leaks += leaks(guarded, truth) if guarded else 0
    assert open_leaks > 0  # unguarded the attack finds some
    assert guarded_leaks == 0
    assert n_told >= 12  # and the guard is no ban


@pytest.mark.parametrize(
    ("rest", "is_told"),
    [(1, False), (12, True)],  # a month at each of the two sites without the bin, every other one
)
def test_a_bin_at_one_site_of_a_campaign_does_not_give_the_others_away(
    geopackage: Store, rest: int, is_told: bool
) -> None:
    lay_wards_out(geopackage)
    begun, later = date(2025, 1, 1), date(2025, 2, 1)
    starts = [corresponding_day(date(2023, 6, 1), n) for n in range(33)]
    with geopackage.writing() as session:
        for n, first in enumerate(starts):
            for site, many in (("a", 9), ("b", rest if n % 4 == 0 else 0), ("c", 0)):
                session.add_all(
                    incident(f"{first:%y%m}{site}{k}", first, site, k) for k in range(many)
                )
            elsewhere = shapely.Point(553_700, 173_300)
            session.add_all(
                incident(f"{first:%y%m}x{k}", first, "", k, elsewhere) for k in range(9)
            )
        for name, day, sites in (("Campaign", begun, "abc"), ("Bin", later, "a")):
            points = shapely.union_all([SITES[site].centroid for site in sites])
            terms = {"valid_from": day, "valid_to": None, "kind": "bin", "name": name}
            interventions.add(
                session, Actor(None, datetime(2026, 3, 1, tzinfo=UTC)), points, **terms
            )
    with geopackage.reading() as session:
        facts = facts_of(date(2025, 12, 31), 100)
        campaign, put_up = sorted(interventions.records(session), key=lambda r: r.valid_from)
        assert work_done._judged(session, facts, campaign)[1] != TOO_FEW
        assert (work_done._judged(session, facts, put_up)[1] != TOO_FEW) is is_told


def incident(
    key: str, first: date, site: str, n: int, place: shapely.Point | None = None
) -> Incident:
    at = datetime(first.year, first.month, 2 + n * 7 % 26, 20, tzinfo=UTC)
    return Incident(
        key=key,
        geometry=place or shapely.Point(SITES[site].centroid),
        first_reported_at=at,
        last_reported_at=at,
        reports=1,
        state="cleared",
    )
