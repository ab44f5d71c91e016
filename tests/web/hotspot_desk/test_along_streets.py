"""What stands out along the streets: on the board, from the store's streets or a file's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.files.problems import FileRefusedError
from geodata.models import Street
from geodata.people.audit import Actor
from geodata.store.engine import Store
from hotspots.core.errors import FrameError
from hotspots.detection import DetectionParams
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.detection import along_streets, detecting

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
BOARD = "/officer/hotspots"
BANKS = (174_000, 174_030)
"""Two streets with a river between them, which no bridge crosses."""
EACH = [
    [(553_000, y, weekly(12, NOW - timedelta(days=3 + 3 * side)))] for side, y in enumerate(BANKS)
]


def lines(*, north: bool = True) -> list[shapely.LineString]:
    """A street every 100 m from west to east, through both banks."""
    south = [shapely.LineString([(552_000, y), (556_000, y)]) for y in range(173_000, 174_001, 100)]
    beyond = range(BANKS[1], 175_001, 100)
    return south + [shapely.LineString([(552_000, y), (556_000, y)]) for y in beyond if north]


def dumped_at(store: Store) -> None:
    store_incidents(store, [*EACH[0], *EACH[1], *scattered(NOW)], now=NOW)


def test_the_board_lists_both_banks_of_a_river_and_the_hotspot_that_they_are_in(
    council: Store, signed_in: SignIn
) -> None:
    dumped_at(council)
    with council.writing() as session:
        session.add_all(Street(geometry=line) for line in lines())
        session.flush()
        run_now(session, Actor(None, NOW))
    table = Page.of(signed_in("officer").get(BOARD)).table("Surest first")
    assert len(set(table.column("Place"))) == 2  # 30 m apart, and told apart
    assert table.column("Incidents") == ["12", "12"]
    assert [[link.href for link in row] for row in table.links] == [[f"{BOARD}/H-0001"]] * 2


def test_a_run_without_streets_says_nothing_of_them_and_streets_elsewhere_do_not_stop_it(
    council: Store, signed_in: SignIn
) -> None:
    dumped_at(council)
    with council.writing() as session:
        run_now(session, Actor(None, NOW))
    officer = signed_in("officer")
    assert "along the streets" not in officer.get(BOARD).text
    with council.writing() as session:
        for x in range(552_000, 552_900, 100):  # none of them meets another
            session.add(Street(geometry=shapely.LineString([(x, 173_500), (x + 50, 173_500)])))
        session.flush()
        assert len(run_now(session, Actor(None, NOW)).hotspots) == 1
    text = Page.of(officer.get(BOARD)).text
    assert "Read along the streets: 0 places" in text
    assert "9 bits of under 300 m that touch nothing else" in text


def test_a_file_s_streets_are_read_in_its_own_crs_or_refused(
    council: Store, tmp_path: Path
) -> None:
    dumped_at(council)
    roads = gpd.GeoDataFrame(geometry=lines(), crs=27700)
    roads.to_crs(4326).to_file(tmp_path / "roads.gpkg")
    (tmp_path / "none.csv").write_text("a\n1\n")
    read = along_streets.read_lines(tmp_path / "roads.gpkg")
    elsewhere = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (900, 0)])], crs=27700)
    with council.reading() as session:
        detected = detecting.find(session, DetectionParams(), as_of=NOW, now=NOW, streets=read)
        with pytest.raises(FrameError, match="none of the 1 line lies in the study area"):
            detecting.find(session, DetectionParams(), as_of=NOW, now=NOW, streets=elsewhere)
    assert detected.result.street_sites["incidents"].tolist() == [12, 12]
    with pytest.raises(FileRefusedError):
        along_streets.read_lines(tmp_path / "none.csv")
