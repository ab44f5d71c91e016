"""Files as councils' systems write them: each right, or refused with what mends it in one step."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.files.columns import Field, match_columns
from geodata.files.problems import FileRefusedError
from geodata.files.tables import read_table
from geodata.importers.kinds.actions import ACTIONS
from geodata.importers.kinds.clearances import CLEARANCES
from geodata.importers.kinds.reports import REPORTS
from geodata.importers.when.time_forms import fault_of
from geodata.importers.when.times import read_times
from geodata.importers.where import position_columns, positions
from geodata.importers.where.number_texts import as_pair
from geodata.store.engine import Store
from tests.geodata.importers.importing import BOROUGH, SPOT, reports, take, with_borough, written

DAYS = ("2026-03-14 22:40", "2026-07-31 23:55")
"""One in winter, one in summer: 22:40 and 22:55 UTC."""
INSTANTS = [datetime(2026, 3, 14, 22, 40, tzinfo=UTC), datetime(2026, 7, 31, 22, 55, tzinfo=UTC)]


def meanings(*headers: str) -> dict[str, str]:
    return match_columns(headers, (REPORTS.reference, *REPORTS.fields), {})


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        pytest.param(
            ("ServiceRequest_Code", "DateRequested", "Metric_Easting", "Metric_Northing"),
            ("external_ref", "reported_at", "easting", "northing"),
            id="Bartec",
        ),
        pytest.param(
            ("WorksheetRef", "WorksheetCreatedDate", "WorksheetCompletedDate", "SiteEasting"),
            ("external_ref", "reported_at", "cleared_at", "easting"),
            id="Whitespace",
        ),
        pytest.param(
            ("Cyfeirnod", "Dyddiad yr adroddiad", "Dyddiad cau", "Dwyreiniad", "Cod post"),
            ("external_ref", "reported_at", "cleared_at", "easting", "postcode"),
            id="Welsh",
        ),
        pytest.param(
            ("Case Reference", "Submitted Date", "Location Easting", "Location Northing"),
            ("external_ref", "reported_at", "easting", "northing"),
            id="Granicus",
        ),
        pytest.param(
            ("Case Number", "Date/Time Opened", "Location__Latitude__s", "Geo__Longitude__s"),
            ("external_ref", "reported_at", "latitude", "longitude"),
            id="Salesforce",
        ),
        pytest.param(
            ("ticketnumber", "createdon", "geo_lat", "geo_lng"),
            ("external_ref", "reported_at", "latitude", "longitude"),
            id="Dynamics OData",
        ),
        pytest.param(
            ("REF", "REPORTED_A", "BNG_E", "BNG_N"),
            ("external_ref", "reported_at", "easting", "northing"),
            id="Shapefile, ten letters",
        ),
        pytest.param(
            ("service_request_id", "requested_datetime", "GPS Lat", "GPS Long"),
            ("external_ref", "reported_at", "latitude", "longitude"),
            id="Open311",
        ),
    ],
)
def test_systems_own_names_of_columns_are_known(
    headers: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    assert meanings(*headers) == dict(zip(fields, headers, strict=True))


def test_whole_name_of_ten_letters_is_not_taken_for_a_cut_one() -> None:
    fields = [Field("kind", ("road classification",)), Field("road_class")]
    assert match_columns(["road_class"], fields, {}) == {"road_class": "road_class"}
    assert match_columns(["ROAD_CLASS"], fields[:1], {}) == {"kind": "ROAD_CLASS"}


def test_penalty_spreadsheet_of_a_contractor_is_known() -> None:
    headers = ("Ticket Number", "Offence Date/Time", "Offence Type", "Penalty Amount")
    columns = match_columns(headers, (ACTIONS.reference, *ACTIONS.fields), {})
    assert columns == {
        "external_ref": "Ticket Number",
        "offence_at": "Offence Date/Time",
        "kind": "Offence Type",
        "amount_pence": "Penalty Amount",
    }


def test_answered_jobs_reference_is_not_taken_for_the_answers_own() -> None:
    for header in ("report_ref", "Job reference", "Report reference"):
        columns = match_columns([header], (CLEARANCES.reference, *CLEARANCES.fields), {})
        assert columns == {"report_ref": header}


@pytest.mark.parametrize(
    "forms",
    [
        ("22:40 14/03/2026", "23:55 31/07/2026"),
        ("14/03/2026 2240 hrs", "31/07/2026 2355 hrs"),
        ("14/03/2026\u00a022:40", "31/07/2026\u00a023:55"),
        ("14\u201303\u20132026 22:40", "31\u201307\u20132026 23:55"),
        ("'14/03/2026 22:40", "'31/07/2026 23:55"),
        ("2026/03/14 10:40:00 PM GMT", "2026/07/31 11:55:00 PM GMT+1"),  # Google Forms
    ],
)
def test_times_as_forms_and_spreadsheets_write_them(forms: tuple[str, str]) -> None:
    assert read_times(pd.Series(forms), column="Date").instants.tolist() == INSTANTS


def test_system_that_writes_utc_without_saying_so_is_read_by_it() -> None:
    texts = pd.Series(["2026-07-31T22:55:00"])
    kobo = read_times(texts, column="_submission_time").instants
    marked = read_times(texts, column="CreationDate", is_utc=True).instants
    assert kobo.tolist() == marked.tolist() == [INSTANTS[1]]


def test_month_without_a_day_and_time_without_one_are_named() -> None:
    assert "goes in as the kind police" in fault_of("Mar-26")
    assert "goes in as the kind police" in fault_of("2026-03")
    assert fault_of("18:05").startswith("is a time without a day")
    assert "no marks between" in fault_of("14032026")


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/maps?q=51.4456,0.2137",
        "https://www.google.co.uk/maps/place/x/@51.5,0.1,17z/data=!3d51.4456!4d0.2137",
        "12 Park Road Dartford (51.4456, 0.2137)",
    ],
)
def test_links_and_addresses_with_a_position_behind_hold_it(text: str) -> None:
    assert as_pair(text) == (51.4456, 0.2137, False)


def located(**columns: list[str]) -> positions.Positions:
    rows = pd.DataFrame(columns)
    headers = match_columns(list(columns), REPORTS.fields, {})
    return positions.locate(rows, headers, None, area=BOROUGH, find_place=lambda *_: [])


def test_nameless_x_and_y_are_what_their_numbers_say() -> None:
    degrees = located(X=["0.2137"], Y=["51.4456"])
    np.testing.assert_allclose(degrees.xy, [[SPOT.x, SPOT.y]], atol=2)
    assert degrees.notes == ["X, Y are read as longitude and latitude, by their numbers"]
    metres = located(x=["553934"], y=["174170"])
    assert metres.xy.tolist() == [[553_934, 174_170]]
    assert metres.notes == []


def test_web_mercator_is_named() -> None:
    # 0.2137° is 0.2137 * 6378137 * pi / 180 = 23789 m east
    mercator = located(X=["23788.98"], Y=["6700496.95"])
    assert "EPSG:3857" in mercator.problem.iloc[0]


def test_easting_and_northing_may_stand_in_one_column() -> None:
    rows = pd.DataFrame({"Grid": ["553934,174170", "553940, 174180"]})
    assert position_columns.pair_column(rows, ["Grid"]) == "Grid"


def test_degrees_of_two_decimals_are_said_to_lie_far_off() -> None:
    # half the diagonal of 0.01° by 0.01° at 51.5° N: hypot(1113, 694) / 2 = 656 m
    coarse = located(lat=["51.44", "51.4"], lon=["0.21", "0.22"])
    assert coarse.accuracy_m[0] == pytest.approx(656, rel=0.01)
    assert "657 m off" in coarse.notes[0]
    assert located(lat=["51.4456"], lon=["0.2137"]).notes == []


def test_number_that_a_spreadsheet_cut_is_refused() -> None:
    cut = located(easting=["5.54E+05"], northing=["1.74E+05"])
    assert "was cut by a spreadsheet" in cut.problem.iloc[0]
    exact = located(easting=["5.53934E+05"], northing=["1.74170E+05"])
    assert exact.xy.tolist() == [[553_934, 174_170]]


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("UPRN", "OS Open UPRN"),
        ("USRN", "whole street"),
        ("what3words", "what3words is not read"),
        ("Street", "a street alone"),
    ],
)
def test_place_in_a_way_that_is_not_read_is_answered_with_what_to_add(
    header: str, advice: str
) -> None:
    with pytest.raises(FileRefusedError, match=advice):
        located(**{header: ["100060870123"]})


CASES = "Case Number,Date Opened,Lat,Long,Case Reason\n" + "".join(
    f"C{n},{day},51.4456,0.2137,Nitrous oxide\n" for n, day in enumerate(DAYS)
)
FOOTER = '\n\n"Cases: canisters"\n"Copyright (c) 2000-2026"\n"Generated By: somebody"\n'


def test_lines_below_a_crms_table_are_no_rows(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    result = take(geopackage, written(tmp_path, CASES + FOOTER))
    assert (result.read, result.accepted, result.rejected) == (2, 2, 0)
    assert "3 lines below the table, from row 6 ('Cases: canisters') on" in result.warnings[0]
    assert [r.reported_at for r in reports(geopackage)] == INSTANTS


def test_rows_of_one_cell_stay_rows_of_a_narrow_or_unbroken_table(tmp_path: Path) -> None:
    narrow = read_table(written(tmp_path, "ref,date\nA,2026-03-14\n\nB,\n"))
    unbroken = read_table(
        written(tmp_path, "ref,date,lat\nA,2026-03-14,51\nC,2026-03-15,51\nB,,\n")
    )
    assert (len(narrow.rows), len(unbroken.rows)) == (2, 3)
    assert narrow.notes == unbroken.notes == []


def test_utf_16_without_its_mark_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, CASES.encode("utf-16-le"))
    assert read_table(path).rows["Case Number"].tolist() == ["C0", "C1"]


@pytest.fixture
def points() -> gpd.GeoDataFrame:
    columns = {"ref": ["A", "B"], "reported_at": list(DAYS)}
    where = [SPOT, shapely.Point(554_000, 174_000)]
    return gpd.GeoDataFrame(columns, geometry=where, crs=27700)


def read_back(path: Path) -> Iterator[tuple[str, float, float]]:
    table = read_table(path)
    assert table.geometry is not None
    for ref, shape in zip(table.rows["ref"], table.geometry.to_crs(27700), strict=True):
        yield ref, round(shape.x), round(shape.y)


PLACES = [("A", 553_934, 174_170), ("B", 554_000, 174_000)]


@pytest.mark.parametrize("ending", ["mif", "tab"])
def test_mapinfo_is_read_as_a_zip_and_beside_its_parts(
    ending: str, points: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    points.to_file(tmp_path / f"finds.{ending}", driver="MapInfo File")
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in tmp_path.glob("finds.*"):
            archive.write(part, f"Export/{part.name.upper()}")
    assert list(read_back(path)) == PLACES
    if ending == "mif":
        assert list(read_back(tmp_path / "finds.mif")) == PLACES


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '!table\n!version 300\nOpen Table "/etc/secret" Hide\nCreate View x As Select * From a',
            "names other",
        ),
        ('!table\nDefinition Table\n  Type LINKED Charset "x"\n', "names other"),
        ("<OGRVRTDataSource></OGRVRTDataSource>", "no MapInfo table"),
    ],
)
def test_mapinfo_table_that_leads_elsewhere_is_refused(
    content: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.tab", content)
        archive.writestr("a.dat", "")
    with pytest.raises(FileRefusedError, match=message):
        read_table(path)


def test_half_a_mapinfo_table_is_asked_for_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match=r"lacks \.mid: send all its files as one zip"):
        read_table(written(tmp_path, "Version 300\n", "finds.mif"))


def test_geoparquet_is_read_where_its_library_is(points: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "finds.parquet"
    if find_spec("pyarrow") is None:
        path.write_bytes(b"PAR1")
        with pytest.raises(FileRefusedError, match=r"hotspots\[arrow\]"):
            read_table(path)
        return
    points.to_parquet(path)
    assert list(read_back(path)) == PLACES


OLD = Path(__file__).parent / "canisters.xls"
"""Written by LibreOffice: Ref, Date and time, Latitude, Longitude and Canisters of six reports."""


def test_workbook_of_before_2007_is_read() -> None:
    rows = read_table(OLD).rows
    assert rows.columns.tolist() == ["Ref", "Date and time", "Latitude", "Longitude", "Canisters"]
    assert rows.loc[3].tolist() == ["R002", "2026-03-14 22:40:00", "51.4467", "0.2201", "5"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<html><table><tr><td>Ref</td></tr></table></html>", "a web page that is named so"),
        ('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "of 2003"),
    ],
)
def test_other_files_named_xls_are_called_what_they_are(
    content: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(FileRefusedError, match=words):
        read_table(written(tmp_path, content, "export.xls"))


def test_text_named_xls_is_read_as_text(tmp_path: Path) -> None:
    path = written(tmp_path, CASES.replace(",", "\t"), "export.xls")
    assert read_table(path).rows["Case Number"].tolist() == ["C0", "C1"]


def test_of_a_gps_walk_the_marked_points_are_taken(tmp_path: Path) -> None:
    gpx = (
        '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="51.4456" lon="0.2137"><name>A</name></wpt><trk><trkseg>'
        '<trkpt lat="51.4" lon="0.2"/><trkpt lat="51.5" lon="0.3"/></trkseg></trk></gpx>'
    )
    assert read_table(written(tmp_path, gpx, "walk.gpx")).rows["name"].tolist() == ["A"]


def test_early_amount_without_its_days_is_left_out_with_a_word(
    geopackage: Store, tmp_path: Path
) -> None:
    with_borough(geopackage)
    fpn = (
        "FPN No,Offence Date,Offence,FPN Amount,Discounted Amount,Date Issued,Easting,Northing\n"
        "F1,14/03/2026 09:00,Littering,£150.00,£100.00,14/03/2026,553934,174170\n"
    )
    result = take(geopackage, written(tmp_path, fpn), "actions")
    assert (result.accepted, result.rejected) == (1, 0)
    assert any("for which it was enough" in warning for warning in result.warnings)


def test_records_of_another_systems_interface_are_read(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    record = {"ticketnumber": "C1", "createdon": "2026-07-31T22:55:00Z"}
    document = {"@odata.context": "x", "value": [{**record, "lat": 51.4456, "long": 0.2137}]}
    take(geopackage, written(tmp_path, json.dumps(document), "cases.json"))
    (report,) = reports(geopackage)
    assert (report.external_ref, report.reported_at) == ("C1", INSTANTS[1])
