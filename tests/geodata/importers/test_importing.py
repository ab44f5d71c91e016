"""Files as councils have them: good rows go in, each bad one is named with its remedy."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from sqlalchemy import select

from geodata import frames, places
from geodata.core.bulk import CHUNK
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import PlaceKind
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.models import Clearance, Place, Report
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.taking_in import import_file
from web.cli import main

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOROUGH = shapely.box(550_000, 170_000, 560_000, 178_000)
HEADER = "ref,Date reported,Easting,Northing,Canisters,Details\n"


@pytest.fixture
@filled_once
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", BOROUGH)
    return store


def take(
    store: Store, path: Path, kind: str = "reports", options: ImportOptions | None = None
) -> ImportResult:
    with store.writing() as session:
        return import_file(session, kind, path, options, now=NOW)


def written(tmp_path: Path, body: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = tmp_path / "reports.csv"
    path.write_bytes((header + body).encode(encoding))
    return path


def reports(store: Store) -> list[Report]:
    with store.reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def test_a_row_goes_in_as_it_stands(council: Store, tmp_path: Path) -> None:
    result = take(council, written(tmp_path, "A1,23/05/2026 08:10,554000,174000,12,by the wall\n"))
    assert (result.read, result.accepted, result.rejected, result.unchanged) == (1, 1, 0, 0)
    (report,) = reports(council)
    assert report.reported_at == datetime(2026, 5, 23, 7, 10, tzinfo=UTC)  # 08:10 in summer
    assert report.geometry.equals(shapely.Point(554_000, 174_000))
    assert (report.chargers, report.charger_band) == (12, "11_to_50")
    assert (report.external_ref, report.description) == ("A1", "by the wall")
    assert (report.description_state, report.source, report.batch_id) == (
        "pending",
        "public",
        result.batch,
    )


def test_windows_1252_and_emoji_and_a_byte_order_mark_are_read(
    council: Store, tmp_path: Path
) -> None:
    take(
        council, written(tmp_path, "A,2026-05-23,554000,174000,,£5 – “cream”\n", encoding="cp1252")
    )
    take(
        council,
        written(tmp_path, "B,2026-05-23,554000,174000,,🎈 balloons\n", encoding="utf-8-sig"),
    )
    assert [r.description for r in reports(council)] == ["£5 – “cream”", "🎈 balloons"]


@pytest.mark.parametrize(
    ("body", "column", "words"),
    [
        ("A,2026-05-23,174000,554000,,\n", "Easting, Northing", "swapped"),
        ("A,2026-05-23,0,0,,\n", "Easting, Northing", "0, 0 is no place"),
        ("A,2026-05-23,554000,,,\n", "Easting, Northing", "numbers"),
        ("A,2026-05-23,570000,174000,,\n", "Easting, Northing", "10.0 km outside the borough"),
        ("A,2026-05-23,57000000000,174000,,\n", "Easting, Northing", "nowhere near the borough"),
        ("A,soon,554000,174000,,\n", "Date reported", "2026-11-23 18:05"),
        ("A,2027-05-23,554000,174000,,\n", "Date reported", "future"),
        ("A,1900-01-01,554000,174000,,\n", "Date reported", "blank date"),
        ("A,0001-01-01,554000,174000,,\n", "Date reported", "blank date"),
        ("A,,554000,174000,,\n", "Date reported", "is empty"),
        ("A,46143,554000,174000,,\n", "Date reported", "format the column as dates"),
        ("A,2026-05,554000,174000,,\n", "Date reported", "month without a day"),
        (f"{'A' * 101},2026-05-23,554000,174000,,\n", "ref", "longer than 100"),
        ("B,2026-05-25,554000,174000,,\n", "ref", "earlier row of this file"),
    ],
)
def test_a_bad_row_is_named_with_its_cell_and_remedy(
    council: Store, tmp_path: Path, body: str, column: str, words: str
) -> None:
    good = "B,2026-05-24,554000,174000,5,\n"
    result = take(council, written(tmp_path, good + body))
    (problem,) = result.problems
    assert (problem.row, problem.column) == (3, column)
    assert words in problem.message
    assert [r.external_ref for r in reports(council)] == ["B"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Date,Lat,Lon\n", "2026-05-23,51.4456,0.2137"),
        ("Date,Grid reference\n", "2026-05-23,TQ 53934 74170"),
        ("Date,Place\n", "2026-05-23,westgate  CAR park"),
    ],
)
def test_a_place_may_be_told_in_several_ways(
    council: Store, tmp_path: Path, header: str, cells: str
) -> None:
    spot = shapely.Point(553_934, 174_170)  # by pyproj, of 51.4456 N, 0.2137 E
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Westgate car park", spot.buffer(40))
    take(council, written(tmp_path, cells + "\n", header))
    (report,) = reports(council)
    assert report.geometry.distance(spot) < 5


def test_a_lost_sign_is_recognised(council: Store, tmp_path: Path) -> None:
    result = take(council, written(tmp_path, "2026-05-23,51.4456,-0.2137\n", "Date,Lat,Lon\n"))
    assert "sign of the longitude" in result.problems[0].message


def test_the_same_file_again_adds_nothing_though_rows_repeat(
    council: Store, tmp_path: Path
) -> None:
    path = written(tmp_path, "2026-05-23,554000,174000\n" * 3, "Date,Easting,Northing\n")
    assert take(council, path).accepted == 3
    again = take(council, path)
    assert (again.accepted, again.unchanged, again.batch) == (0, 3, None)


def test_the_same_rows_in_another_order_of_columns_and_with_more_add_nothing(
    council: Store, tmp_path: Path
) -> None:
    take(council, written(tmp_path, "2026-05-23,554000,174000\n" * 2, "Date,Easting,Northing\n"))
    again = written(
        tmp_path, "x,554000,174000,23/05/2026\nx,554000,174000,2026-05-23\n", "Mood,X,Y,Date\n"
    )
    result = take(council, again)
    assert (result.accepted, result.unchanged) == (1, 1)  # the other writes its date otherwise


def test_a_file_of_another_place_is_refused_as_one(council: Store, tmp_path: Path) -> None:
    body = "".join(f"A{n},2026-05-23,{300_000 + n},174000,5,\n" for n in range(20))
    with pytest.raises(FileRefusedError, match="all 20 rows lie outside the borough"):
        take(council, written(tmp_path, body))


TIMED = "ref,Date,Time,Easting,Northing\n"


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("23/05/2026", "18:05", "17:05"),  # summer: London is an hour ahead of UTC
        ("23/05/2026", "6.05 pm", "17:05"),
        ("2026-05-23 00:00:00", "18:05:00", "17:05"),  # as a workbook writes a day and a time
        ("2026-05-23T18:05", "18:05", "17:05"),  # both say the same
        ("23 May 2026", "18:05Z", "18:05"),
        ("2026-05-23T18:05", "", "17:05"),
    ],
)
def test_a_time_in_a_column_beside_its_day_is_read(
    council: Store, tmp_path: Path, day: str, time: str, utc: str
) -> None:
    take(council, written(tmp_path, f"A,{day},{time},554000,174000\n", TIMED))
    assert f"{reports(council)[0].reported_at:%d %H:%M}" == f"23 {utc}"


def test_a_sighting_has_its_time_beside_its_day_too(council: Store, tmp_path: Path) -> None:
    heading = "Date,Time,First seen,Time first seen,Easting,Northing\n"
    take(council, written(tmp_path, "24/05/2026,09:00,23/05/2026,23:10,554000,174000\n", heading))
    (report,) = reports(council)
    assert report.reported_at == datetime(2026, 5, 24, 8, tzinfo=UTC)
    assert report.first_seen_at == datetime(2026, 5, 23, 22, 10, tzinfo=UTC)


def test_a_long_import_says_how_far_it_is(council: Store, tmp_path: Path) -> None:
    body = "".join(f"{n},2026-05-23,{552_000 + n},174000\n" for n in range(CHUNK + 2))
    path = written(tmp_path, body, "ref,Date,Easting,Northing\n")
    progress: list[tuple[int, int]] = []
    with council.writing() as session:
        import_file(
            session, "reports", path, now=NOW, on_rows=lambda done, of: progress.append((done, of))
        )
    assert progress == [(CHUNK, CHUNK + 2), (CHUNK + 2, CHUNK + 2)]


def test_a_day_without_a_time_beside_it_stays_a_day(council: Store, tmp_path: Path) -> None:
    take(council, written(tmp_path, "A,23/05/2026,,554000,174000\n", TIMED))
    assert reports(council)[0].reported_at == datetime(2026, 5, 22, 23, tzinfo=UTC)  # midnight BST


def test_a_column_time_that_stands_alone_is_a_whole_instant(council: Store, tmp_path: Path) -> None:
    take(
        council,
        written(tmp_path, "A,2026-05-23 18:05,554000,174000\n", "ref,Time,Easting,Northing\n"),
    )
    assert reports(council)[0].reported_at == datetime(2026, 5, 23, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("23/05/2026", "evening", "is no time of day"),
        ("23/05/2026", "24:10", "is no time of day"),
        ("23/05/2026 18:05", "18:10", "contradicts the time in Date"),
    ],
)
def test_a_time_that_cannot_be_is_a_problem_of_its_own_cell(
    council: Store, tmp_path: Path, day: str, time: str, words: str
) -> None:
    result = take(council, written(tmp_path, f"A,{day},{time},554000,174000\n", TIMED))
    (problem,) = result.problems
    assert (problem.column, problem.value) == ("Time", time)
    assert words in problem.message


def test_the_hours_when_the_clocks_change_are_named(council: Store, tmp_path: Path) -> None:
    body = "2026-03-29 01:30,554000,174000\n2025-10-26 01:30,554000,174000\n"
    result = take(council, written(tmp_path, body, "Date,Easting,Northing\n"))
    assert result.accepted == 2
    assert ["go back" in w or "skip" in w for w in result.warnings] == [True, True]


@pytest.mark.parametrize(
    ("coordinates", "words"),
    [
        ((51.445, 0.21), "look swapped"),
        ((-0.21, 51.445), "sign of the longitude"),
        ((0.0, 0.0), "0, 0 is no place"),
        ((554_000.0, 174_000.0), "eastings and northings (EPSG:27700)"),
        ((2.35, 48.85), "km outside the borough"),
    ],
)
def test_a_misplaced_point_of_a_map_is_named_with_its_remedy(
    council: Store, tmp_path: Path, coordinates: tuple[float, float], words: str
) -> None:
    path = tmp_path / "points.gpkg"
    points = [shapely.Point(0.21, 51.445), shapely.Point(coordinates)]
    gpd.GeoDataFrame({"Date": ["2026-05-23"] * 2}, geometry=points, crs=4326).to_file(path)
    (problem,) = take(council, path).problems
    assert words in problem.message


def test_a_coordinate_system_that_the_user_names_wins(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "points.geojson"  # which always claims to be WGS 84
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{"Date": "2026-05-23"}, "geometry": {"type": "Point", "coordinates": [554000, 174000]}}]}'
    )
    take(council, path, options=ImportOptions(crs="EPSG:27700"))
    assert reports(council)[0].geometry.equals(shapely.Point(554_000, 174_000))
    with pytest.raises(FileRefusedError, match="no such coordinate system"):
        take(council, path, options=ImportOptions(crs="nonsense"))


def test_a_collection_of_one_point_is_that_point_and_heights_are_left_out(
    council: Store, tmp_path: Path
) -> None:
    path = tmp_path / "points.gpkg"
    points = [shapely.MultiPoint([(554_000, 174_000)]), shapely.Point(555_000, 174_000, 12)]
    gpd.GeoDataFrame({"Date": ["2026-05-23"] * 2}, geometry=points, crs=27700).to_file(path)
    assert take(council, path).accepted == 2
    assert [r.geometry.has_z for r in reports(council)] == [False, False]


def test_the_rejects_of_a_map_keep_their_places(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    spot = gpd.GeoSeries([shapely.Point(554_000, 174_000)], crs=27700)
    gpd.GeoDataFrame({"Date": ["soon"]}, geometry=spot).to_file(path)
    result = take(council, path)
    mended = tmp_path / "mended.csv"
    result.rejects.replace("soon", "2026-05-23").to_csv(mended, index=False)
    assert take(council, mended).accepted == 1
    assert reports(council)[0].geometry.distance(spot.iloc[0]) < 0.01


def test_the_rejects_of_areas_keep_their_shapes(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "places.gpkg"
    square = shapely.box(554_000, 174_000, 554_100, 174_100)
    gpd.GeoDataFrame({"name": ["Park"], "type": ["moon"]}, geometry=[square], crs=27700).to_file(
        path
    )
    result = take(council, path, "places")
    mended = tmp_path / "mended.csv"
    result.rejects.replace("moon", "park").to_csv(mended, index=False)
    assert take(council, mended, "places").accepted == 1


def test_the_same_reference_with_other_words_is_refused(council: Store, tmp_path: Path) -> None:
    take(council, written(tmp_path, "A,2026-05-23,554000,174000,5,\n"))
    result = take(council, written(tmp_path, "A,2026-05-23,554000,174000,9,\n"))
    assert "other content" in result.problems[0].message
    assert len(reports(council)) == 1


def test_mended_rejects_are_taken_in(council: Store, tmp_path: Path) -> None:
    result = take(council, written(tmp_path, "A,soon,554000,174000,5,\n"))
    mended = tmp_path / "mended.csv"
    result.rejects.replace("soon", "2026-05-23").to_csv(mended, index=False)
    assert "problem" in result.rejects
    assert take(council, mended).accepted == 1


def test_a_batch_is_taken_out_whole(council: Store, tmp_path: Path) -> None:
    first = take(council, written(tmp_path, "A,2026-05-23,554000,174000,5,\n"))
    second = take(council, written(tmp_path, "B,2026-05-23,554000,174000,5,\n"))
    assert first.batch is not None
    assert second.batch is not None
    with council.writing() as session:
        assert undo(session, second.batch, now=NOW) == ("reports", 1)
    assert [r.external_ref for r in reports(council)] == ["A"]
    with pytest.raises(RefusedError, match="was undone"), council.writing() as session:
        undo(session, second.batch, now=NOW)
    with pytest.raises(NotFoundError, match="99"), council.writing() as session:
        undo(session, 99, now=NOW)


def test_a_batch_that_others_rest_on_stays(council: Store, tmp_path: Path) -> None:
    batch = take(council, written(tmp_path, "A,2026-05-23,554000,174000,5,\n")).batch
    clearances = tmp_path / "clearances.csv"
    clearances.write_text("Job,Completed,Outcome\nA,2026-05-24 10:00,Collected\n")
    assert take(council, clearances, "clearances").accepted == 1
    assert batch is not None
    with pytest.raises(RefusedError, match="rest on it"), council.writing() as session:
        undo(session, batch, now=NOW)
    assert len(reports(council)) == 1


def test_a_clearance_answers_its_report(council: Store, tmp_path: Path) -> None:
    take(council, written(tmp_path, "A,2026-05-23,554000,174000,5,\n"))
    path = tmp_path / "clearances.csv"
    path.write_text("Job,Completed,Outcome\nA,2026-05-24 10:00,Not found\nZ,2026-05-24,done\n")
    result = take(council, path, "clearances")
    assert result.problems[0].message.startswith("is no known report")
    with council.reading() as session:
        clearance = session.scalars(select(Clearance)).one()
        frame = frames.clearances(session)
    assert clearance.outcome == "not_found"
    assert frame["report_id"].tolist() == [reports(council)[0].reference]


def test_a_pile_of_rows_on_one_point_is_named(council: Store, tmp_path: Path) -> None:
    body = "".join(f"P{i},2026-05-23,554000,174000,5,\n" for i in range(25))
    body += "Q,2026-05-23,555000,175000,5,\n"
    (warning,) = take(council, written(tmp_path, body)).warnings
    assert "25 rows lie on the one point 554000, 174000" in warning


def test_personal_data_in_free_text_is_taken_out(council: Store, tmp_path: Path) -> None:
    body = "A,2026-05-23,554000,174000,5,call 07700 900123 or jo@example.org about AB12 CDE\n"
    result = take(council, written(tmp_path, body))
    assert reports(council)[0].description == "call [removed] or [removed] about [removed]"
    assert "taken out" in result.warnings[0]


def test_columns_can_be_mapped_and_others_are_listed(council: Store, tmp_path: Path) -> None:
    path = written(tmp_path, "2026-05-23,554000,174000,x\n", "Told,Across,Up,Mood\n")
    mapping = {"Told": "reported_at", "Across": "easting", "Up": "northing"}
    result = take(council, path, options=ImportOptions(mapping=mapping))
    assert (result.accepted, result.ignored) == (1, ["Mood"])


def test_files_that_cannot_be_understood_are_refused(council: Store, tmp_path: Path) -> None:
    for content, name, words in (
        (b"", "empty.csv", "is empty"),
        (b"PK\x03\x04rubbish", "not.xlsx", "not what its ending says"),
        (b"\x00\x01\x02", "binary.csv", "not a text file"),
        (b"a,b\n1,2\n", "where.csv", "no column says where"),
        (b"Date,Easting,Northing\n03/04/2026,554000,174000\n", "when.csv", "months as words"),
        (b"hello", "letter.docx", "save it as"),
        (b"Ref,Easting,Northing\nA,554000,174000\n", "no-date.csv", "call the one that does"),
        (b"not gzip", "a.csv.gz", "gzip"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(FileRefusedError, match=words):
            take(council, path)
    with pytest.raises(FileRefusedError, match="there is no file"):
        take(council, tmp_path / "absent.csv")
    assert reports(council) == []


def test_lacking_column_is_answered_for_a_page_and_for_a_shell(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / "no-date.csv"
    path.write_text("Ref,Easting,Northing\nA,554000,174000\n")
    with pytest.raises(FileRefusedError) as refusal:
        take(council, path)
    assert "--" not in str(refusal.value)
    url = council.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    with pytest.raises(SystemExit):
        main(["import", "reports", str(path)])
    assert "give --map THEIRS=reported_at" in capsys.readouterr().err


def test_a_workbook_with_a_title_and_merged_cells_is_read(council: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Canister reports 2026"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Ref", "Date reported", "Easting", "Northing"])
    sheet.append([7, datetime(2026, 5, 23, 8, 10), 554000, 174000.0])  # noqa: DTZ001
    sheet.append([8, "soon", 554000, 174000])
    path = tmp_path / "book.xlsx"
    book.save(path)
    result = take(council, path)
    assert [(p.row, p.value) for p in result.problems] == [(5, "soon")]
    assert reports(council)[0].reported_at == datetime(2026, 5, 23, 7, 10, tzinfo=UTC)


def test_a_formula_without_its_result_is_a_problem_of_its_cell(
    council: Store, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Ref", "Date reported", "Easting", "Northing", "Checked"])
    sheet.append([1, "2026-05-23", 554000, 174000, "=A2+1"])  # in a column without meaning here
    sheet.append([2, "=TODAY()", 554000, 174000])
    sheet.append([3, "2026-05-23", "=C2+0", 174000])
    path = tmp_path / "book.xlsx"
    book.save(path)  # openpyxl writes formulas and reckons none
    result = take(council, path)
    assert [(p.row, p.column, p.value) for p in result.problems] == [
        (3, "Date reported", "=TODAY()"),
        (4, "Easting", "=C2+0"),
    ]
    assert all("open and save the file in Excel" in p.message for p in result.problems)
    assert [r.external_ref for r in reports(council)] == ["1"]


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp.zip"])
def test_map_files_are_read_in_their_own_coordinates(
    council: Store, tmp_path: Path, ending: str
) -> None:
    spot = gpd.GeoSeries([shapely.Point(554_000, 174_000)], crs=27700).to_crs(4326)
    frame = gpd.GeoDataFrame({"date": ["2026-05-23"]}, geometry=spot)
    path = tmp_path / f"points.{ending}"
    frame.to_file(path)
    assert take(council, path).accepted == 1
    assert reports(council)[0].geometry.distance(shapely.Point(554_000, 174_000)) < 0.01


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_map_without_coordinate_system_asks_for_it(council: Store, tmp_path: Path) -> None:
    path = tmp_path / "points.shp.zip"
    gpd.GeoDataFrame({"date": ["2026-05-23"]}, geometry=[shapely.Point(554_000, 174_000)]).to_file(
        path
    )
    with pytest.raises(FileRefusedError, match=r"\.prj"):
        take(council, path)
    assert take(council, path, options=ImportOptions(crs="EPSG:27700")).accepted == 1


def test_a_bow_tie_of_a_place_is_mended_and_told(council: Store, tmp_path: Path) -> None:
    bow_tie = shapely.Polygon(
        [(554_000, 174_000), (554_100, 174_100), (554_100, 174_000), (554_000, 174_100)]
    )
    path = tmp_path / "places.gpkg"
    gpd.GeoDataFrame({"name": ["Park"], "type": ["park"]}, geometry=[bow_tie], crs=27700).to_file(
        path
    )
    result = take(council, path, "places")
    assert "mended" in result.warnings[0]
    with council.reading() as session:
        place = session.scalars(select(Place).where(Place.name == "Park")).one()
    assert place.geometry.is_valid
    assert place.geometry.area == pytest.approx(5000)


@pytest.mark.shared_data
def test_the_police_file_of_lancashire_is_understood(
    store: Store, sampled: Callable[[str], Path]
) -> None:
    result = take(store, sampled("lancashire_asb.tab.gz"))
    assert (result.read, result.accepted) == (3_000, 3_000)
