"""One row, several positions: they agree, or the row is named, or the valid one is taken."""

from pathlib import Path

import pytest
import shapely

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import GazetteerEntry
from geodata.store.engine import Store
from tests.geodata.importers.importing import SPOT, reports, take, with_borough, written

BOTH = "ref,Date,Easting,Northing,Lat,Lon\n"
EAST, NORTH, LAT, LON = 553_934, 174_170, 51.4456, 0.2137  # one point, by pyproj


@pytest.fixture
def council(geopackage: Store) -> Store:
    """A store of one kind: files are understood before either kind is asked."""
    return with_borough(geopackage)


def test_two_positions_that_agree_are_one(council: Store, tmp_path: Path) -> None:
    result = take(council, written(tmp_path, f"{BOTH}A,2026-05-23,{EAST},{NORTH},{LAT},{LON}\n"))
    assert (result.accepted, result.warnings) == (1, [])


def test_positions_kilometres_apart_are_refused_by_name_with_both(
    council: Store, tmp_path: Path
) -> None:
    rows = f"A,2026-05-23,{EAST},{NORTH},{LAT},{LON}\nB,2026-05-23,557000,172000,{LAT},{LON}\n"
    result = take(council, written(tmp_path, BOTH + rows))
    (problem,) = result.problems
    assert problem.row == 3
    # (557000 - 553934, 172000 - 174170) = (3066, -2170): 3.76 km
    for words in ("553934, 1741", "Easting, Northing at 557000, 172000", "3.8 km", "1 km"):
        assert words in problem.message
    assert [r.external_ref for r in reports(council)] == ["A"]


@pytest.mark.parametrize("lonlat", ["0,0", ",", "51.4,", "unknown,unknown", f"{LON},{LAT}"])
def test_an_invalid_position_gives_way_to_the_valid_one(
    council: Store, tmp_path: Path, lonlat: str
) -> None:
    text = f"{BOTH}A,2026-05-23,{EAST},{NORTH},{lonlat}\n"
    result = take(council, written(tmp_path, text))
    assert result.accepted == 1
    assert reports(council)[0].geometry.equals(shapely.Point(EAST, NORTH))
    assert result.warnings[0].startswith("1 rows have no valid Lon, Lat: Easting, Northing was")


def test_a_grid_reference_and_a_known_place_are_compared_too(
    council: Store, tmp_path: Path
) -> None:
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Westgate", SPOT.buffer(40))
    header = "Date,Easting,Northing,Grid ref,Place\n"
    rows = [
        f"2026-05-23,{EAST},{NORTH},TQ 539 741,Westgate",
        f"2026-05-23,{EAST},{NORTH},TQ 578 741,Westgate",  # 3.9 km east
        f"2026-05-23,{EAST + 3000},{NORTH},,Westgate",
        f"2026-05-23,{EAST},{NORTH},not known,Elsewhere",
    ]
    result = take(council, written(tmp_path, header + "\n".join(rows)))
    assert [problem.row for problem in result.problems] == [3, 4]


def test_a_postcode_of_the_gazetteer_is_a_place(council: Store, tmp_path: Path) -> None:
    with council.writing() as session:
        session.add(
            GazetteerEntry(name="DA1 1AB", search_name="DA11AB", kind="postcode", geometry=SPOT)
        )
    text = "Date,Postcode\n2026-05-23,da1 1ab\n2026-05-23,DA9 9ZZ\n"
    result = take(council, written(tmp_path, text))
    assert result.accepted == 1
    assert (
        reports(council)[0].geometry.distance(SPOT) < 10
    )  # a point of the ground that it may mean
    assert "is no known postcode" in result.problems[0].message


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Coordinates", '"51.4456, 0.2137"'),
        ("Location", '"(51.4456, 0.2137)"'),
        ("Where", '"51.4456,0.2137"'),
        ("GPS", "51.4456 0.2137"),
        ("Position", '"51,4456; 0,2137"'),
        ("Position", "51.4456N 0.2137E"),
        ("geom", "POINT (0.2137 51.4456)"),
        ("WKT", "SRID=4326;POINT(0.2137 51.4456)"),
        ("the_geom", "POINT (553934 174170)"),
        ("Coordinates", '"553934, 174170"'),
        ("Lat,Lon", '"51,4456","0,2137"'),
        ("Lat,Lon", "51.4456° N,0.2137° E"),
        ("latitud,longitud", "51.4456,0.2137"),
        ("Easting,Northing", '"553,934","174,170"'),
        ("Easting,Northing", "553 934,174 170"),
        ("X,Y", "553934 m,174170 m"),
    ],
)
def test_positions_are_read_as_people_write_them(
    council: Store, tmp_path: Path, header: str, cell: str
) -> None:
    result = take(council, written(tmp_path, f"Date,{header}\n2026-05-23,{cell}\n"))
    assert result.problems == []
    assert reports(council)[0].geometry.distance(SPOT) < 5


def test_a_west_letter_is_a_minus(council: Store, tmp_path: Path) -> None:
    result = take(council, written(tmp_path, "Date,Lat,Lon\n2026-05-23,51.4456N,0.2137W\n"))
    assert "sign of the longitude" in result.problems[0].message


def test_a_clearance_needs_no_position(council: Store, tmp_path: Path) -> None:
    text = "Completed,Lat,Lon\n2026-05-23,,\n2026-05-24,0,0\n"
    result = take(council, written(tmp_path, text), "clearances")
    assert (result.accepted, result.rejected) == (2, 0)
    assert "1 rows go in without a position" in result.warnings[0]


HEADER = "ref,Date,Easting,Northing,"


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Reported by", "Jane Example"),
        ("Canisters", "a few"),
        ("Large canisters", "some"),
        ("Needles", "not sure"),
        ("Vehicle", "white van"),
        ("First seen", "last week"),
        ("First seen", "03/04/2026"),  # of which nothing tells the order
        ("Last clean", "ages ago"),
    ],
)
def test_an_optional_column_blocks_no_row_and_its_text_is_not_kept(
    council: Store, tmp_path: Path, header: str, cell: str
) -> None:
    rows = "".join(f"R{n},2026-05-{n:02},554000,174000,{cell}\n" for n in range(1, 13))
    result = take(council, written(tmp_path, f"{HEADER}{header}\n{rows}"))
    assert (result.accepted, result.rejected) == (12, 0)
    (warning,) = [w for w in result.warnings if "left out" in w]
    assert header in warning
    assert cell not in warning
    for report in reports(council):
        assert cell not in [str(value) for value in vars(report).values()]
