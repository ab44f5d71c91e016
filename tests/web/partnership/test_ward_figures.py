"""Figures by ward: counted by hand, and in the public's version what was released alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from geodata import places
from geodata.models import ContractPeriod, Incident
from geodata.store.engine import Store
from hotspots.stats.count_change import Verdict
from tests.filled_stores import filled_once
from tests.web.desk import store_incidents
from tests.web.partnership.tables import add_indicator
from web.services.partnership.comparison_table import Audience
from web.services.partnership.ward_figures import ward_figures
from web.services.partnership.windows import ending

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WINDOW = ending(date(2026, 10, 31))
WEST, EAST = (553_000, 174_000), (555_000, 174_000)


def dumps(year: int, n: int) -> list[datetime]:
    """n evenings from 2 November on, over a whole year."""
    return [datetime(year, 11, 2, 20, tzinfo=UTC) + timedelta(days=355 * k // n) for k in range(n)]


@pytest.fixture
@filled_once
def counted(council: Store) -> Store:
    """West from 40 to 12, East from 30 to 30; the record begins a year before them."""
    spots = [
        (*WEST, dumps(2023, 30) + dumps(2024, 40) + dumps(2025, 12)),
        (*EAST, dumps(2023, 30) + dumps(2024, 30) + dumps(2025, 30)),
    ]
    store_incidents(council, spots, now=NOW, state="cleared")
    with council.writing() as session:
        for incident in session.scalars(select(Incident)):
            ward = places.ward_at(session, incident.geometry)
            incident.ward_id = ward.id if ward else None
    return council


def test_the_exempt_version_counts_each_ward_and_tests_it(counted: Store) -> None:
    """Another contractor breaks figures of clearance; dumps are counted on."""
    with counted.writing() as session:
        session.add(ContractPeriod(contractor="New", valid_from=date(2026, 1, 1)))
    with counted.reading() as session:
        (own,) = ward_figures(session, WINDOW, Audience.EXEMPT)
    assert list(own.cells) == ["East", "West"]
    cells = {name: (c.before.value, c.after.value, c.verdict) for name, c in own.cells.items()}
    assert cells == {
        "West": (40, 12, Verdict.IMPROVEMENT),
        "East": (30, 30, Verdict.NO_CHANGE),
    }


def test_the_public_version_holds_nothing_that_was_not_released(counted: Store) -> None:
    with counted.reading() as session:
        assert ward_figures(session, WINDOW, Audience.PUBLIC) == []


def test_an_empty_record_is_no_zero(council: Store) -> None:
    with council.reading() as session:
        (own,) = ward_figures(session, WINDOW, Audience.EXEMPT)
    assert own.cells["West"].after.value is None
    assert own.cells["West"].after.reason == "the record is empty"


def test_partners_figures_by_ward_stand_after_our_own(counted: Store) -> None:
    add_indicator(counted, "Burglary", {("ward", "West"): [5.0] * 12 + [9.0] * 12})
    with counted.reading() as session:
        _, burglary = ward_figures(session, WINDOW, Audience.EXEMPT)
    west = burglary.cells["West"]
    # 12 months of 5, then of 9
    assert (west.before.value, west.after.value) == (60, 108)
    assert west.verdict is Verdict.DETERIORATION
