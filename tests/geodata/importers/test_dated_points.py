"""Files of dated points from anywhere: what is found by itself, and what is asked for."""

import gzip
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.files.problems import FileRefusedError
from geodata.importers.dated_points import PointOptions, read_dated_points
from geodata.store.engine import Store
from tests.geodata.importers.importing import reports, take, with_borough


@pytest.fixture
def borough(geopackage: Store) -> Store:
    """A store of one kind: files are understood before either kind is asked."""
    return with_borough(geopackage)


LONLAT = (
    "Creation_Date,Longitude,Latitude\n2026-01-05,0.2137,51.4456\n2026-07-06 18:30,0.2193,51.4474\n"
)


def written(folder: Path, text: str, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def test_degrees_in_britain_become_the_national_grid(tmp_path: Path) -> None:
    points = read_dated_points(written(tmp_path, LONLAT))
    assert points.events.crs.to_epsg() == 27700
    # Westgate car park lies near TQ 539 741 (Ordnance Survey): within 300 m of 553900, 174100.
    assert points.events.distance(shapely.Point(553_900, 174_100)).iloc[0] < 300
    assert any("British National Grid" in note for note in points.notes)


def test_a_time_without_a_zone_is_londons(tmp_path: Path) -> None:
    points = read_dated_points(written(tmp_path, LONLAT))
    assert points.events["first_reported_at"].iloc[1] == pd.Timestamp("2026-07-06T17:30Z")
    assert points.zone == "Europe/London"
    assert "local time" in points.notes[0]


def test_degrees_elsewhere_become_the_utm_zone_of_their_middle(tmp_path: Path) -> None:
    text = "date,lon,lat\n2026-01-05,-87.63,41.88\n2026-01-06,-87.70,41.85\n"
    points = read_dated_points(written(tmp_path, text))
    assert points.events.crs.to_epsg() == 32616  # zones are 6° wide: 16 runs from 90 to 84° west
    assert "UTM zone 16N" in points.notes[2]


def test_instants_abroad_keep_the_calendar_of_utc(tmp_path: Path) -> None:
    for stamp in ("2026-06-30T23:30:00Z", "2026-06-30 23:30:00+00"):
        text = f"when_it_was,lon,lat\n{stamp},-87.63,41.88\n"
        points = read_dated_points(written(tmp_path, text), PointOptions(time="when_it_was"))
        assert points.zone == "UTC"
        assert points.events["first_reported_at"].iloc[0] == pd.Timestamp("2026-06-30T23:30Z")


@pytest.mark.parametrize("month", ["2022-03", "2022-03-01", "2022/03"])
def test_months_alone_are_their_first_day(tmp_path: Path, month: str) -> None:
    text = f"month\tlongitude\tlatitude\n{month}\t-2.46\t53.76\n"
    for name in ("asb.tab", "asb.tab.gz", "asb.csv.gz"):
        points = read_dated_points(written(tmp_path, text, name))
        local = points.events["first_reported_at"].dt.tz_convert("Europe/London")
        assert local.iloc[0] == pd.Timestamp("2022-03-01", tz="Europe/London")


def test_eastings_and_northings_need_no_system_in_britain(tmp_path: Path) -> None:
    points = read_dated_points(
        written(tmp_path, "date,easting,northing\n2026-01-05,553900,174100\n")
    )
    assert points.events.geometry.iloc[0].equals(shapely.Point(553_900, 174_100))


def test_named_columns_and_a_system_are_taken_as_given(tmp_path: Path) -> None:
    text = "date,Xcoord,Ycoord\n2026-01-05,770000,3890000\n"
    options = PointOptions(x="Xcoord", y="Ycoord", crs="EPSG:32615")
    points = read_dated_points(written(tmp_path, text), options)
    assert points.events.crs.to_epsg() == 32615
    assert points.events.geometry.iloc[0].equals(shapely.Point(770_000, 3_890_000))


def test_feet_are_turned_into_metres(tmp_path: Path) -> None:
    text = "date,east,north\n2026-01-05,1165166.5,1872509.0\n"  # Chicago, Illinois East in feet
    options = PointOptions(x="east", y="north", crs="EPSG:3435")
    points = read_dated_points(written(tmp_path, text), options)
    assert points.events.crs.axis_info[0].unit_name == "metre"
    # The same row of the city's file says 41.8058 N, 87.6698 W.
    lonlat = points.events.to_crs(4326).geometry.iloc[0]
    assert (lonlat.x, lonlat.y) == pytest.approx((-87.6698, 41.8058), abs=2e-4)


@pytest.mark.parametrize("name", ["events.gpkg", "events.geojson"])
def test_map_files_bring_their_own_positions(tmp_path: Path, name: str) -> None:
    frame = gpd.GeoDataFrame(
        {"date": pd.to_datetime(["2026-01-05", "2026-02-06"])},
        geometry=gpd.points_from_xy([0.2137, 0.2193], [51.4456, 51.4474], crs=4326),
    )
    frame.to_file(tmp_path / name)
    points = read_dated_points(tmp_path / name)
    assert len(points.events) == 2
    assert points.events.crs.to_epsg() == 27700


def test_the_one_column_that_looks_like_a_date_is_taken(tmp_path: Path) -> None:
    text = "id,seen by neighbours,lon,lat\n7,2026-01-05,0.21,51.44\n8,2026-01-06,0.21,51.44\n"
    assert "'seen by neighbours'" in read_dated_points(written(tmp_path, text)).notes[0]


def test_rows_without_a_date_or_a_position_are_counted_and_left_out(tmp_path: Path) -> None:
    text = LONLAT + "never,0.2,51.4\n2026-01-07,,51.4\n2026-01-07,0,0\n"
    points = read_dated_points(written(tmp_path, text))
    assert len(points.events) == 2
    assert "3 of 5 rows have no date or no position and are left out, first row 4." in points.notes


WESTGATE = shapely.Point(553_934, 174_170)
"""51.4456 N, 0.2137 E by pyproj without a grid."""


WHERE = (
    "longitud,latitud\n{t},0.2137,51.4456",
    "lng,lat\n{t},0.2137,51.4456",
    'long,lat\n{t},"0,2137","51,4456"',
    "X,Y\n{t},553934,174170",
    'Easting (m),Northing (m)\n{t},"553,934","174,170"',
    "Longitude (WGS84),Latitude (WGS84)\n{t},0.2137,51.4456",
    'Lat/Long\n{t},"51.4456, 0.2137"',
    'geo_point_2d\n{t},"51.4456, 0.2137"',
    'Location\n{t},"(51.4456, 0.2137)"',
    "Location\n{t},POINT (0.2137 51.4456)",
    "Grid Reference\n{t},TQ 53934 74170",
)
WHEN = ("Date Reported", "created_date", "Opened", "Log Date", "when")
TIMES = ("1774029900", "1774029900000", "20-Mar-26 6:05 pm")


@pytest.mark.parametrize(
    ("when", "where", "time"),
    [
        *(("Date Reported", where, TIMES[0]) for where in WHERE),
        *((when, WHERE[0], TIMES[2]) for when in WHEN),
        *(("created", WHERE[0], time) for time in TIMES),
    ],
)
def test_evaluate_and_import_read_the_same_columns_alike(
    borough: Store, tmp_path: Path, when: str, where: str, time: str
) -> None:
    path = written(tmp_path, f"{when}," + where.format(t=time) + "\n")
    points = read_dated_points(path).events
    result = take(borough, path)
    assert result.accepted == 1, result.problems
    (report,) = reports(borough)
    for at, place in (
        (points["first_reported_at"].iloc[0], points.geometry.iloc[0]),
        (pd.Timestamp(report.reported_at), report.geometry),
    ):
        assert at == pd.Timestamp("2026-03-20T18:05Z")
        assert place.distance(WESTGATE) < 10


def test_degrees_under_x_and_y_are_taken_for_degrees_with_a_word(
    borough: Store, tmp_path: Path
) -> None:
    result = take(borough, written(tmp_path, "date,X,Y\n2026-03-20,0.2137,51.4456\n"))
    assert result.accepted == 1
    assert "X, Y are read as longitude and latitude" in result.warnings[0]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,lon,lat\nx,0.2,51.4\n", {}, "no column holds dates: the file has a, lon, lat"),
        (
            "p,q,lon,lat\n2026-01-05,2026-01-06,0.2,51.4\n",
            {},
            "which column says when\\? Give --time, one of p, q",
        ),
        (LONLAT, {"time": "When"}, "--time When: the file has Creation_Date"),
        ("date,place\n2026-01-05,Westgate\n", {}, "give --x and --y; the file has date, place"),
        (LONLAT, {"x": "X", "y": "Y"}, "no column 'X'"),
        ("date,x,y\n2026-01-05,1165166,1872509\n", {}, "neither degrees nor National Grid metres"),
        ("date,x,y\n2026-01-05,1165166,1872509\n", {"crs": "metres"}, "no such coordinate system"),
        ("date,lon,lat\nnever,0.2,51.4\n", {}, "no row has both a date in 'date' and a position"),
        ("date,lon,lat\n03/04/2026,0.2,51.4\n", {}, "months as words"),
    ],
)
def test_what_cannot_be_told_is_asked_for(tmp_path: Path, text, options, words) -> None:
    with pytest.raises(FileRefusedError, match=words):
        read_dated_points(written(tmp_path, text), PointOptions(**options))


def test_numbers_that_a_spreadsheet_cut_are_refused(tmp_path: Path) -> None:
    text = "date,easting,northing\n2026-01-05,553900,174100\n2026-01-06,5.54E+05,174100\n"
    with pytest.raises(FileRefusedError, match=r"row 3: easting '5\.54E\+05' was cut by a spread"):
        read_dated_points(written(tmp_path, text))
    kept = text.replace("5.54E+05", "5.53900E+05")
    assert len(read_dated_points(written(tmp_path, kept)).events) == 2  # all six digits are there


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        (
            "kobo",
            (
                "start,_spot_latitude,_spot_longitude,today,_submission_time\n"
                "2026-07-01T09:00:00.000+01:00,51.4456,0.2137,2026-07-01,2026-07-06T18:30:00\n"
            ),
        ),
        (
            "survey123",
            (
                "ObjectID,GlobalID,CreationDate,EditDate,Found on,x,y\n"
                "1,ab,7/6/2026 6:30:00 PM,7/7/2026 6:30:00 PM,7/1/2026 9:00:00 AM,0.2137,51.4456\n"
            ),
        ),
    ],
)
def test_files_of_a_known_system_are_read_by_its_profile(
    tmp_path: Path, profile: str, text: str
) -> None:
    options = PointOptions(profile=profile, order="mdy")
    points = read_dated_points(written(tmp_path, text), options)
    (event,) = points.events.itertuples()
    assert event.first_reported_at == pd.Timestamp("2026-07-06T18:30Z")  # as UTC, and not as London
    assert event.geometry.distance(shapely.Point(553_900, 174_100)) < 300
    with pytest.raises(FileRefusedError, match=r"--profile kobold: choose from .*kobo"):
        read_dated_points(written(tmp_path, text), PointOptions(profile="kobold"))
