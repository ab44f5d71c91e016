"""Where posters are proposed: the best choice that heeds what an officer keeps and strikes out."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import PlaceKind
from geodata.posters import poster_sites
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import store_incidents
from tests.web.poster_campaign import ACTOR, NOW, with_lamps
from web.services.posters import poster_siting
from web.services.posters.poster_siting import CampaignWish

WISH = CampaignWish("Winter", date(2026, 12, 1), budget=1, view_m=50)


@pytest.fixture
@filled_once
def lamps(council: Store) -> Store:
    return with_lamps(council)


def propose(store: Store, wish: CampaignWish) -> poster_siting.Proposal:
    with store.reading() as session:
        return poster_siting.propose(session, wish, now=NOW)


def key_of(store: Store, name: str) -> str:
    with store.reading() as session:
        (place,) = places.by_name(session, name)
        return f"p{place.id}"


def test_the_site_with_most_dumps_in_view_is_proposed_and_the_next_is_told(lamps: Store) -> None:
    proposal = propose(lamps, WISH)
    assert list(proposal.sites["name"]) == ["Westgate car park"]
    assert (proposal.covered, proposal.bound, proposal.total, proposal.next_adds) == (3, 3, 5, 1)
    assert list(proposal.following["name"]) == ["Column 7"]
    assert list(proposal.following["added"]) == [1]


def test_what_each_next_site_adds_is_told(lamps: Store) -> None:
    proposal = propose(lamps, replace(WISH, budget=2))
    # three incidents by the car park, then the one by the lamp column: 4 of 5
    assert list(proposal.sites["name"]) == ["Westgate car park", "Column 7"]
    assert list(proposal.sites["added"]) == [3, 1]
    assert list(proposal.sites["covered"]) == [3, 4]
    assert proposal.next_adds == 0


def test_a_site_that_was_struck_out_gives_way_to_the_next(lamps: Store) -> None:
    proposal = propose(lamps, replace(WISH, struck=(key_of(lamps, "Westgate car park"),)))
    assert list(proposal.sites["name"]) == ["Column 7"]
    assert list(proposal.struck["name"]) == ["Westgate car park"]
    assert (proposal.covered, proposal.bound) == (1, 1)


def test_a_site_that_must_be_is_among_them_and_the_bound_speaks_of_that(lamps: Store) -> None:
    proposal = propose(lamps, replace(WISH, kept=(key_of(lamps, "Column 7"),)))
    assert list(proposal.sites["name"]) == ["Column 7"]
    assert list(proposal.sites["is_kept"]) == [True]
    # one poster more would see the car park's three incidents
    assert (proposal.covered, proposal.bound, proposal.next_adds) == (1, 1, 3)


def test_a_site_that_an_officer_put_on_the_map_is_a_candidate(lamps: Store) -> None:
    with lamps.writing() as session:
        point = shapely.Point(555_520, 174_000)
        poster_sites.add(session, ACTOR, "Station gate", point, campaign_id=None)
    proposal = propose(lamps, replace(WISH, budget=3))
    assert set(proposal.sites["name"]) == {"Westgate car park", "Column 7", "Station gate"}
    only_own = propose(lamps, replace(WISH, kinds=(poster_siting.OWN,)))
    assert list(only_own.sites["name"]) == ["Station gate"]


def test_a_site_without_a_dump_in_view_can_still_be_kept(lamps: Store) -> None:
    with lamps.writing() as session:
        site = poster_sites.add(
            session, ACTOR, "School", shapely.Point(553_000, 173_200), campaign_id=None
        )
        key = f"s{site.id}"
    proposal = propose(lamps, replace(WISH, budget=2, kept=(key,)))
    assert list(proposal.sites["name"]) == ["School", "Westgate car park"]
    assert list(proposal.sites["covered"]) == [0, 3]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (replace(WISH, kinds=("park",)), "nothing is left to choose from"),
        (replace(WISH, view_m=5.0), "none of the 5 incidents"),
    ],
)
def test_a_wish_that_nothing_meets_is_answered_with_the_remedy(
    lamps: Store, wish: CampaignWish, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        propose(lamps, wish)


def test_more_sites_kept_than_posters_is_refused(lamps: Store) -> None:
    kept = (key_of(lamps, "Column 7"), key_of(lamps, "Westgate car park"))
    with pytest.raises(RefusedError, match=r"2 sites must be among them, .* posters, 1"):
        propose(lamps, replace(WISH, kept=kept))


def test_nowhere_to_hang_a_poster_is_said_with_the_remedy(council: Store) -> None:
    with pytest.raises(RefusedError, match="hotspots import places"):
        propose(council, WISH)


def test_dumps_of_a_year_ago_and_of_the_future_do_not_count(council: Store) -> None:
    moments = [NOW - timedelta(days=366), NOW + timedelta(days=1), NOW - timedelta(days=364)]
    store_incidents(council, [(553_000, 174_000, moments)], now=NOW)
    with council.writing() as session:
        places.add(session, PlaceKind.PARK, "Park", shapely.Point(553_000, 174_000))
    assert propose(council, WISH).total == 1


POINT = st.tuples(st.integers(0, 8), st.integers(0, 3))


@given(
    st.lists(POINT, min_size=1, max_size=12),
    st.lists(POINT, min_size=3, max_size=6, unique=True),
    st.integers(1, 3),
    st.sets(st.integers(0, 5), max_size=2),
    st.sets(st.integers(0, 5), max_size=2),
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_choice_that_heeds_the_officer_sees_more(
    geopackage: Store,
    dumps: list[tuple[int, int]],
    spots: list[tuple[int, int]],
    budget: int,
    kept: set[int],
    struck: set[int],
) -> None:
    """Against every choice there is, on a grid of 30 m with a view of 45 m."""
    kept = {n for n in kept - struck if n < len(spots)}
    struck = {n for n in struck if n < len(spots)}
    grid = [(552_000 + 30 * x, 173_000 + 30 * y) for x, y in spots]
    at = np.array([(552_000 + 30 * x, 173_000 + 30 * y) for x, y in dumps])
    sees = np.array([[np.hypot(*(at[d] - g)) <= 45 for d in range(len(at))] for g in grid])
    free = [n for n in range(len(spots)) if n not in struck]
    choices = [c for c in combinations(free, min(budget, len(free))) if kept <= set(c)]
    with geopackage.session(is_writer=True) as session:
        keys = [
            f"s{poster_sites.add(session, ACTOR, str(n), shapely.Point(xy), campaign_id=None).id}"
            for n, xy in enumerate(grid)
        ]
        frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*at.T), crs=27700)
        wish = replace(
            WISH,
            budget=budget,
            view_m=45.0,
            kept=tuple(keys[n] for n in sorted(kept)),
            struck=tuple(keys[n] for n in sorted(struck)),
        )
        best = max((sees[list(c)].any(axis=0).sum() for c in choices), default=0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(poster_siting, "recent_incidents", lambda *_: frame)
            if not choices or (best == 0 and not kept):
                with pytest.raises(RefusedError):
                    poster_siting.propose(session, wish, now=NOW)
                session.rollback()
                return
            proposal = poster_siting.propose(session, wish, now=NOW)
        session.rollback()
    assert (proposal.covered, proposal.bound) == (best, best)
    assert proposal.sites["covered"].iloc[-1] == best
    assert {keys[n] for n in kept} <= set(proposal.keys)
    assert not {keys[n] for n in struck} & set(proposal.keys)
