"""Places are found by what people write; the same on both stores."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.os_open import NAMES_COLUMNS
from geodata.importers.reading import ImportResult
from geodata.models import GazetteerWord
from geodata.places import gazetteer
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.taking_in import import_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = date(2026, 11, 24)
HEADER = ",".join([*NAMES_COLUMNS, "REGION", "COUNTRY"])


def name(
    key: str,
    text: str,
    x: int,
    y: int,
    *,
    local: str = "Named Road",
    type_: str = "transportNetwork",
    town: str = "Dartford",
    borough: str = "Dartford",
) -> str:
    """A row as OS Open Names has them."""
    cells = dict.fromkeys(NAMES_COLUMNS, "") | {
        "ID": key,
        "NAME1": text,
        "TYPE": type_,
        "LOCAL_TYPE": local,
        "GEOMETRY_X": str(x),
        "GEOMETRY_Y": str(y),
        "POPULATED_PLACE": town,
        "DISTRICT_BOROUGH": borough,
    }
    return ",".join([*(f'"{cell}"' for cell in cells.values()), "South East", "England"])


NAMES = [
    name("osgb1", "High Street", 554_300, 174_100),
    name("osgb2", "High Street", 564_700, 174_200, town="Gravesend", borough="Gravesham"),
    name("osgb3", "Highfield Road", 553_900, 173_900),
    name("osgb4", "St Mary's Road", 553_000, 174_500, town="Stone"),
    name("osgb5", "Dartford Station", 554_300, 174_500, local="Railway Station"),
    name("osgb6", "Wilmington", 553_500, 172_400, local="Village", type_="populatedPlace", town=""),
    name("osgb7", "DA1 1ZZ", 554_100, 174_050, local="Postcode", type_="other"),
    name("osgb9", "High Street", 400_000, 300_000, town="Tamworth", borough="Tamworth"),
]
POSTCODES = """"DA1 1AB",10,554222,174033,"E92000001","","","E10000016","E07000107","E05012345"
"DA1 1ND",90,0,0,"E92000001","","","","",""
"M1  1AE",10,384700,398100,"E92000001","","","","E08000003",""
"""


@pytest.fixture
@filled_once
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Dartford", shapely.box(550e3, 170e3, 560e3, 178e3))
        places.add(
            session,
            PlaceKind.CAR_PARK,
            "Westgate car park",
            shapely.box(554_000, 174_000, 554_100, 174_100),
            landmark="by the old nightclub",
        )
        places.add(
            session,
            PlaceKind.CAR_PARK,
            "Closed car park",
            shapely.Point(554_000, 174_000),
            valid_to=date(2024, 2, 1),
        )
    return store


def take(store: Store, path: Path) -> ImportResult:
    with store.writing() as session:
        return import_file(session, "gazetteer", path, now=NOW)


@pytest.fixture
def filled(council: Store, tmp_path: Path) -> Store:
    open_names = tmp_path / "opname_csv_gb.zip"
    with zipfile.ZipFile(open_names, "w") as archive:
        archive.writestr("DOC/OS_Open_Names_Header.csv", "\ufeff" + HEADER)
        archive.writestr("DATA/TQ56.csv", "\n".join(NAMES[:4]))
        archive.writestr("DATA/TQ57.csv", "\n".join(NAMES[4:]))
        archive.writestr("readme.txt", "nothing")
    code_point = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(code_point, "w") as archive:
        archive.writestr("Doc/licence.txt", "OGL")
        archive.writestr("Data/CSV/da.csv", POSTCODES)
    assert take(council, open_names).accepted == 7  # without Tamworth's
    assert take(council, code_point).accepted == 1
    return council


def labels(store: Store, text: str) -> list[str]:
    with store.reading() as session:
        return [place.label for place in gazetteer.look_up(session, text, day=TODAY)]


@pytest.mark.parametrize("text", ["DA1 1AB", "da11ab", " da1  1ab ", "DA1 1ZZ"])
def test_a_postcode_is_found_however_it_is_written(filled: Store, text: str) -> None:
    (label,) = labels(filled, text)
    assert label.startswith("DA1 1")


def test_a_postcode_without_a_position_is_not_found(filled: Store) -> None:
    assert labels(filled, "DA1 1ND") == []


@pytest.mark.parametrize("text", ["TQ 543 741", "tq543741"])
def test_a_grid_reference_is_the_middle_of_its_square(filled: Store, text: str) -> None:
    with filled.reading() as session:
        (place,) = gazetteer.look_up(session, text, day=TODAY)
    assert (place.point.x, place.point.y) == (554_350, 174_150)
    assert place.accuracy_m == pytest.approx(70.7, abs=0.1)  # half a diagonal of 100 m


def test_a_coarse_grid_reference_names_no_place(filled: Store) -> None:
    assert labels(filled, "TQ 54 74") == []


@pytest.mark.parametrize("text", ["51.44441, 0.19299", "51.44441 0.19299"])
def test_latitude_and_longitude_are_taken(filled: Store, text: str) -> None:
    with filled.reading() as session:
        (place,) = gazetteer.look_up(session, text, day=TODAY)
    assert place.point.distance(shapely.Point(552_500, 174_000)) < 10


def test_the_borough_s_own_street_comes_before_its_neighbour_s(filled: Store) -> None:
    assert labels(filled, "high street") == [
        "High Street, Dartford",
        "High Street, Gravesend, Gravesham",
    ]


def test_a_town_tells_streets_of_one_name_apart(filled: Store) -> None:
    assert labels(filled, "High Street, Gravesend") == ["High Street, Gravesend, Gravesham"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("westg", "Westgate car park"),
        ("WESTGATE CP", "Westgate car park"),
        ("old nightclub", "Westgate car park"),
        ("st marys rd", "St Mary's Road, Stone, Dartford"),
        ("highf", "Highfield Road, Dartford"),
        ("dartford stn", "Dartford Station, Dartford"),
        ("wilmington", "Wilmington, Dartford"),
    ],
)
def test_names_and_landmarks_are_found_by_their_beginnings(
    filled: Store, text: str, first: str
) -> None:
    assert labels(filled, text)[0] == first


@pytest.mark.parametrize("text", ["", "?", "Nowhere Lane", "closed car park", "%", "' OR 1=1"])
def test_other_texts_find_nothing(filled: Store, text: str) -> None:
    assert labels(filled, text) == []


def test_a_place_is_as_inexact_as_it_is_big(filled: Store) -> None:
    with filled.reading() as session:
        place = gazetteer.look_up(session, "westgate", day=TODAY)[0]
    assert place.accuracy_m == pytest.approx(56.4, abs=0.1)  # a disc of 10,000 m2
    assert place.place_id is not None


def test_a_file_imported_twice_adds_nothing_and_can_be_undone(
    filled: Store, tmp_path: Path
) -> None:
    again = take(filled, tmp_path / "opname_csv_gb.zip")
    assert (again.accepted, again.unchanged) == (0, 7)
    with filled.writing() as session:
        undo(session, 1, now=NOW)
    assert labels(filled, "high street") == []
    with filled.reading() as session:
        assert session.query(GazetteerWord).count() == 0
    assert labels(filled, "DA1 1AB") == ["DA1 1AB"]


def test_one_file_with_its_header_is_taken_too(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "TQ57.csv"
    path.write_text("\ufeff" + HEADER + "\n" + NAMES[0] + "\n", encoding="utf-8")
    assert take(council, path).accepted == 1


def test_another_file_is_refused(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FileRefusedError, match="neither Code-Point Open nor OS Open Names"):
        take(council, path)


def test_a_file_of_another_region_is_refused(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text('"M1 1AE",10,384700,398100\n')
    with pytest.raises(FileRefusedError, match="within 10 km of the borough"):
        take(council, path)


def test_without_a_borough_nothing_is_taken(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "da.csv"
    path.write_text(POSTCODES)
    with pytest.raises(FileRefusedError, match="knows no borough"):
        take(store, path)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Hihg Street", "High Street, Dartford"),  # two letters swapped
        ("High Stret Gravsend", "High Street, Gravesend"),  # a letter left out, twice
        ("12 High Street", "High Street, Dartford"),
        ("outside 12a High Street, Gravesend", "High Street, Gravesend"),
        ("Flat 2, 12 High Street, Dartford DA1 1AB", "High Street, Dartford"),
        ("Westgate carpark", "Westgate car park"),
        ("Westgaet car prk", "Westgate car park"),
        ("Westgate parking", "Westgate car park"),
        ("back of Westgate car park", "Westgate car park"),
        ("Dartford train station", "Dartford Station, Dartford"),
        ("Wilmungten", "Wilmington"),  # two letters changed in a long word
        ("Saint Marys Rd", "St Mary's Road, Stone"),
        ("DAI IAB", "DA1 1AB"),  # the letter I for the digit
        ("Nowhere, DA1 1AB", "DA1 1AB"),
        ("Wilmington https://maps.app.goo.gl/abcd1234", "Wilmington"),
    ],
)
def test_a_place_is_found_though_it_is_not_written_as_the_gazetteer_has_it(
    filled: Store, text: str, first: str
) -> None:
    assert labels(filled, text)[0].startswith(first)


@pytest.mark.parametrize("text", ["Nowhere Lane", "12", "near the", "ZZ99 9ZZ"])
def test_what_is_like_no_place_is_still_not_found(filled: Store, text: str) -> None:
    assert labels(filled, text) == []
