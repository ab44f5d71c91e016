"""The command line as somebody with a spreadsheet uses it: every answer is a sentence."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely
import time_machine

from geodata.files.csv_files import read_csv
from tests.signing_key import SIGNING_KEY
from web.cli import COMMANDS, main

Run = Callable[..., tuple[int, str, str]]
WARDS = gpd.GeoDataFrame(
    {"WD23NM": ["West", "East"]},
    geometry=[
        shapely.box(552_000, 173_000, 554_000, 175_000),
        shapely.box(554_000, 173_000, 556_000, 175_000),
    ],
    crs=27700,
)
DUMPS = "Ref,Date reported,Easting,Northing\n" + "".join(
    [f"A{n},2026-{1 + n // 3:02}-{2 + 9 * (n % 3):02},552500,174000\n" for n in range(24)]
    + [f"B{n},2026-0{1 + n % 9}-15,{553_000 + 131 * n},{173_100 + 97 * n}\n" for n in range(15)]
)


def _alone_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.chdir(folder)
    for name in ("HOTSPOTS_DATABASE_URL", "HOTSPOTS_SECRET_KEY", "HOTSPOTS_CONFIG"):
        patch.delenv(name, raising=False)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder of its own; its status, its output and its complaints."""
    _alone_in(tmp_path, monkeypatch)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


@pytest.fixture(scope="module")
def _founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `hotspots init` was run in: to make a store takes longer than most tests."""
    folder = tmp_path_factory.mktemp("founded")
    WARDS.to_file(folder / "wards.gpkg")
    with pytest.MonkeyPatch.context() as patch:
        _alone_in(folder, patch)
        with pytest.raises(SystemExit) as ended:
            main(["init", "--name", "Testford", "--area", "wards.gpkg"])
    assert not ended.value.code
    return folder


@pytest.fixture
def founded(run: Run, tmp_path: Path, _founded_once: Path) -> Run:
    shutil.copytree(_founded_once, tmp_path, dirs_exist_ok=True)
    return run


def test_from_a_spreadsheet_to_hotspots_and_out_again(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)
    status, output, _ = founded("import", "reports", "reports.csv", "--json")
    result = json.loads(output)
    assert (status, result["read"], result["accepted"], result["errors"]) == (0, 39, 39, [])
    status, output, _ = founded("detect", "--as-of", "2026-10-31", "--json")
    detected = json.loads(output)
    assert (status, detected["incidents"]) == (0, 39)
    assert detected["by_street"] is None
    (hotspot,) = detected["hotspots"]
    assert (hotspot["incidents"], hotspot["nights"]) == (24, 24)
    # 552500, 174000 is 0.19299 E, 51.44441 N
    assert (hotspot["lon"], hotspot["lat"]) == pytest.approx((0.19299, 51.44441), abs=1e-4)
    assert hotspot["reason"].startswith("24 separate incidents on 24 nights in 12 months")
    assert founded("export", "hotspots", "out.geojson")[0] == 0
    assert pyogrio.read_info(tmp_path / "out.geojson")["features"] == 1
    status, output, _ = founded("export", "gis", "gis.gpkg", "--role", "officer", "--json")
    assert (status, json.loads(output)["rows"]["hotspots"]) == (0, 1)


def test_places_are_read_along_the_streets_of_a_file(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)
    founded("import", "reports", "reports.csv")
    roads = [shapely.LineString([(552_000, y), (556_000, y)]) for y in range(173_000, 175_001, 100)]
    gpd.GeoDataFrame(geometry=roads, crs=27700).to_file(tmp_path / "roads.gpkg")
    as_of = ("--as-of", "2026-10-31", "--streets", "roads.gpkg")
    status, output, _ = founded("detect", *as_of, "--json")
    (site,) = json.loads(output)["by_street"]["sites"]
    assert (status, site["incidents"], site["rank"]) == (0, 24, 1)
    output = founded("detect", *as_of)[1]
    assert "Along the streets: 1 place." in output
    assert "in hotspot 1 of the list above: 24 separate incidents on 24 nights" in output
    status, _, complaint = founded("detect", "--streets", "gone.gpkg")
    assert (status, "there is no file gone.gpkg" in complaint) == (1, True)


def test_the_question_goes_out_to_satscan_in_squares(founded: Run, tmp_path: Path) -> None:
    status, _, complaint = founded("export", "satscan", "town.prm")
    assert (status, "no incident lies in the area" in complaint) == (1, True)
    (tmp_path / "reports.csv").write_text(DUMPS)
    founded("import", "reports", "reports.csv")
    with time_machine.travel(datetime(2026, 10, 31, tzinfo=UTC), tick=False):
        status, output, _ = founded("export", "satscan", "town.prm", "--json")
    # 4 km by 2 km in squares of 50 m; 39 dumps on days of their own
    assert (status, json.loads(output)["rows"]) == (0, {"geo": 3200, "cas": 39, "pop": 3200})
    assert "CaseFile=town.cas" in (tmp_path / "town.prm").read_text()
    status, _, complaint = founded("export", "satscan", "town.prm")
    assert (status, "town.geo is there already" in complaint) == (1, True)
    status, _, complaint = founded("export", "satscan", "town.csv")
    assert (status, "must end in .prm" in complaint) == (1, True)


def test_a_dry_run_changes_nothing_and_an_undone_import_is_gone(
    founded: Run, tmp_path: Path
) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)
    status, output, _ = founded("import", "reports", "reports.csv", "--dry-run")
    assert (status, "39 would be accepted" in output) == (0, True)
    assert "0 reports" in founded("check")[1]
    founded("import", "reports", "reports.csv")
    assert (
        "0 accepted, 0 rejected, 39 here already" in founded("import", "reports", "reports.csv")[1]
    )
    assert "39 rows taken out" in founded("import", "--undo", "1")[1]
    assert "0 reports, 0 incidents" in founded("check")[1]


def test_bad_rows_go_to_a_file_that_can_be_mended(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(
        "Ref,Date,Easting,Northing\nA,2026-05-01,553000,174000\nB,soon,553000,174000\n"
    )
    status, output, complaints = founded("import", "reports", "reports.csv")
    assert status == 0
    assert "1 accepted as batch 1, 1 rejected" in output
    assert "row 3, Date: 'soon' is not a date" in complaints
    rejects = tmp_path / "reports.csv.rejects.csv"
    rejects.write_text(rejects.read_text("utf-8-sig").replace("soon", "2026-05-02"))
    status, output, _ = founded("import", "reports", rejects.name)
    assert (status, "1 accepted" in output) == (0, True)


def test_no_cell_of_the_refused_rows_runs_as_a_formula_and_all_can_be_read_again(
    founded: Run, tmp_path: Path
) -> None:
    """The file was another's, its header too; a longitude west of Greenwich is a number."""
    (tmp_path / "reports.csv").write_text(
        "Ref,Date,Longitude,Latitude,Landmark,=Note\n"
        "A,soon,-0.12,51.44,=HYPERLINK(A1),@SUM(1)\n"
        'B,soon,-0.12,51.44,"\tx",+1\n'
    )
    founded("import", "reports", "reports.csv")
    rejects = tmp_path / "reports.csv.rejects.csv"
    head, first, second = csv.reader(io.StringIO(rejects.read_text("utf-8-sig"), newline=""))
    assert head[:6] == ["Ref", "Date", "Longitude", "Latitude", "Landmark", "'=Note"]
    assert first[2:6] == ["-0.12", "51.44", "'=HYPERLINK(A1)", "'@SUM(1)"]
    assert second[2:6] == ["-0.12", "51.44", "x", "'+1"]
    again = read_csv(rejects)
    assert again[0][1][5] == "=Note"
    assert again[1][1][2:6] == ["-0.12", "51.44", "=HYPERLINK(A1)", "@SUM(1)"]


def test_every_command_explains_itself(run: Run) -> None:
    for name in COMMANDS:
        status, output, _ = run(name, "--help")
        assert status == 0
        assert f"hotspots {name}" in output
        assert "Example" in output


def test_help_lists_the_commands_without_loading_what_they_stand_on() -> None:
    code = (
        "import sys\nfrom web.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'flask', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *lines, loaded = ended.stdout.splitlines()
    shown = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :]]
    assert (shown, loaded) == (list(COMMANDS), "[]")


def test_linking_everything_anew_comes_to_what_the_import_linked(founded: Run) -> None:
    before = json.loads(founded("check", "--json")[1])["store"]["incidents"]
    assert json.loads(founded("relink", "--json")[1]) == {"incidents": before}
    assert f"All reports are linked: {before} incidents." in founded("relink")[1]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("detect",), 1, "there is no store at hotspots.gpkg: make one with hotspots init"),
        (("import", "reports", "none.csv"), 1, "there is no store"),
        (("import", "secrets", "none.csv"), 2, "'secrets' is not one of"),
        (("import",), 2, "say what to import"),
        (("init", "--area", "none.gpkg"), 1, "there is no file none.gpkg"),
        (("detect", "--as-of", "soon"), 2, "'soon' is no date"),
        (("export", "contacts", "x.csv"), 2, "'contacts' is not one of"),
        (("export", "gis", "x.gpkg"), 2, "give --role public, contractor, officer"),
        (("export", "reports", "x.csv", "--role", "public"), 2, "gis and --role go together"),
        (
            ("export", "gis", "x.gpkg", "--role", "officer", "--contractor", "Tidy Ltd"),
            2,
            "--contractor goes with gis --role contractor",
        ),
        (("backup", "copy.gpkg"), 1, "there is no store"),
        (("fly",), 2, "No such command"),
    ],
)
def test_wrong_use_is_answered_by_a_sentence(
    run: Run, arguments: tuple[str, ...], status: int, words: str
) -> None:
    ended, output, complaints = run(*arguments)
    assert ended == status
    assert words in complaints
    assert output == ""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "empty"),
        ("words.csv", b"hello\nworld\n", "no row that looks like a header"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", ""),
        ("not.xlsx", b"PK not a workbook", "not what its ending says"),
        ("not.gpkg", b"SQLite format 3\x00 but no more", ""),
        ("not.zip", b"PK\x03\x04 torn", ""),
        ("nulls.csv", b"Ref\x00,Date\x00\n\x00\x00,\x00\n", ""),
        ("odd.pdf", b"%PDF", "pdf"),
    ],
)
def test_files_that_are_nothing_are_refused_and_change_nothing(
    founded: Run, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    status, _, complaints = founded("import", "reports", name)
    assert status == 1
    assert complaints.startswith("Refused: ")
    assert words in complaints
    assert "0 reports" in founded("check")[1]


def test_a_workbook_with_a_title_and_merged_headers_is_read(founded: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Canister reports 2026"])
    sheet.merge_cells("A1:D1")
    sheet.append(["Ref", "Date reported", "Easting", "Northing"])
    sheet.append(["A1", "2026-05-01 08:00", 553_000, 174_000])
    book.save(tmp_path / "reports.xlsx")
    status, output, complaints = founded("import", "reports", "reports.xlsx")
    assert (status, complaints) == (0, "")
    assert "1 accepted" in output


def test_a_shapefile_without_its_projection_asks_for_it(founded: Run, tmp_path: Path) -> None:
    points = gpd.GeoDataFrame(
        {"date": ["2026-05-01"]}, geometry=[shapely.Point(553_000, 174_000)], crs=27700
    )
    (tmp_path / "shape").mkdir()
    points.to_file(tmp_path / "shape" / "reports.shp")
    (tmp_path / "shape" / "reports.prj").unlink()
    shutil.make_archive(str(tmp_path / "reports"), "zip", tmp_path / "shape")
    status, _, complaints = founded("import", "reports", "reports.zip")
    assert (status, "give --crs" in complaints) == (1, True)
    assert founded("import", "reports", "reports.zip", "--crs", "EPSG:27700")[0] == 0


def test_a_bow_tie_of_a_ward_is_mended_and_said(run: Run, tmp_path: Path) -> None:
    crossed = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    gpd.GeoDataFrame({"name": ["Bow"]}, geometry=[crossed], crs=27700).to_file(
        tmp_path / "wards.geojson"
    )
    status, _, complaints = run("init", "--area", "wards.geojson")
    assert (status, "Bow crossed itself and was mended" in complaints) == (0, True)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: path.write_bytes(b"not a database at all, really"), "not a GeoPackage"),
        (lambda path: path.write_bytes(path.read_bytes()[:20_000]), "damaged"),
        (lambda path: _alter(path, "UPDATE alembic_version SET version_num = '9999'"), "newer"),
    ],
)
def test_a_store_that_cannot_be_used_is_left_alone(
    founded: Run, tmp_path: Path, harm: Callable[[Path], object], words: str
) -> None:
    path = tmp_path / "hotspots.gpkg"
    for journal in tmp_path.glob("hotspots.gpkg-*"):
        journal.unlink()
    harm(path)
    before = path.read_bytes()
    status, _, complaints = founded("detect")
    assert status == 1
    assert words in complaints
    assert path.read_bytes() == before


def _alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


def test_a_backup_is_a_store_like_the_first(
    founded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)
    founded("import", "reports", "reports.csv")
    assert founded("backup", "copy.gpkg")[0] == 0
    assert founded("backup", "copy.gpkg")[0] == 1  # never over another file
    assert founded("backup", "no/copy.gpkg")[0] == 1
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", "sqlite:///copy.gpkg")
    assert "39 reports" in founded("check")[1]


def test_a_backup_is_rehearsed_and_restored_and_the_store_checked(
    founded: Run, tmp_path: Path
) -> None:
    founded("backup", "copy.gpkg")
    assert founded("check", "--store")[:2] == (0, "The store is sound.\n")
    assert "opens, migrates and is sound" in founded("restore", "copy.gpkg", "--check-only")[1]
    status, _, complaints = founded("restore", "copy.gpkg")
    assert (status, "say --replace" in complaints) == (1, True)
    status, _, complaints = founded("restore", "hotspots.gpkg", "--replace")
    assert (status, "is the store itself" in complaints) == (1, True)
    (tmp_path / "junk.gpkg").write_text("junk")
    status, _, complaints = founded("restore", "junk.gpkg", "--replace")
    assert (status, "junk.gpkg is not a GeoPackage: " in complaints) == (1, True)
    assert "unfinished" not in complaints
    status, output, _ = founded("restore", "copy.gpkg", "--replace")
    assert (status, "is kept as hotspots.gpkg.before-restore-1" in output) == (0, True)
    with sqlite3.connect(tmp_path / "hotspots.gpkg") as connection:
        connection.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'report'")
    connection.close()
    status, output, _ = founded("check", "--store")
    assert status == 1
    assert output == "FAULT: the GeoPackage does not list the geometry of report\n"


def test_a_store_without_an_area_says_what_it_lacks(run: Run) -> None:
    status, output, complaints = run("init", "--name", "Testford")
    assert (status, "is ready for Testford" in output) == (0, True)
    assert "It has no area yet" in complaints


def test_a_change_of_contacts_is_rehearsed_told_and_undone(founded: Run) -> None:
    assert founded("settings", "--start-place", "Foo", "--dry-run")[0] == 1  # no such place
    change = ("settings", "--set", "csu_email=a@b.example")
    output = founded(*change, "--dry-run")[1]
    assert "now not set, then a@b.example" in output
    assert founded("settings", "--changes")[1] == "None.\n"
    assert founded(*change, "--reason", "A trial")[0] == 0
    line = founded("settings", "--changes")[1]
    assert "the command line: csu_email was not set, is a@b.example. Reason: A trial" in line
    number = line.partition(":")[0]
    assert founded("settings", "--undo", "9999")[0] == 1
    assert founded("settings", "--undo", number)[0] == 0
    assert "a@b.example" not in founded("settings")[1]


def test_the_old_key_is_not_asked_for_before_there_is_a_new_one(
    founded: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, complaints = founded("user", "reseal")
    assert (status, "HOTSPOTS_SECRET_KEY is not set" in complaints) == (1, True)
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)
    status, _, complaints = founded("user", "reseal")
    assert (status, "give --old-key" in complaints) == (2, True)


def test_the_check_hides_secrets_and_names_what_is_unsafe(
    founded: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, output, _ = founded("check")
    assert (status, "UNSAFE: HOTSPOTS_SECRET_KEY is not set" in output) == (1, True)
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)
    status, output, _ = founded("check")
    assert (status, SIGNING_KEY in output, "Nothing unsafe" in output) == (0, False, True)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", "postgresql://me:s3cr3t@127.0.0.1:1/none")
    status, output, complaints = founded("check")
    assert (status, "s3cr3t" in output + complaints) == (1, False)
    assert "does not answer" in output


@pytest.mark.shared_data
def test_a_countys_antisocial_behaviour_goes_in_whole(
    run: Run, shared_data: Path, sampled: Callable[[str], Path]
) -> None:
    assert run("init", "--name", "L", "--area", str(shared_data / "lancashire_wards.gpkg"))[0] == 0
    status, output, _ = run("import", "reports", str(sampled("lancashire_asb.tab.gz")), "--json")
    result = json.loads(output)
    assert status == 0
    assert (result["read"], result["rejected"]) == (3_000, 0)


@pytest.mark.shared_data
def test_another_countrys_requests_are_refused_with_the_distance(
    run: Run, shared_data: Path, sampled: Callable[[str], Path]
) -> None:
    wards = str(shared_data / "dartford_wards_2013.geojson")
    _, output, _ = run("init", "--name", "Dartford", "--area", wards)
    assert "17 wards" in output
    status, _, complaints = run("import", "reports", str(sampled("chicago_sanitation.csv.gz")))
    assert status == 1
    assert "rows lie outside the borough, and the nearest lies" in complaints
    assert len(complaints.splitlines()) == 1


def test_the_result_of_an_import_is_json_of_the_agreed_shape(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text("Ref,Date,Easting,Northing\nA,soon,553000,174000\n")
    status, output, _ = founded("import", "reports", "reports.csv", "--dry-run", "--json")
    result = json.loads(output)
    assert list(result) == ["batch", "read", "accepted", "rejected", "unchanged", "errors"]
    assert (status, result["batch"], result["rejected"]) == (1, None, 1)
    (error,) = result["errors"]
    assert error == {
        "row": 2,
        "column": "Date",
        "value": "soon",
        "message": "is not a date: write 2026-11-23 18:05 or 23/11/2026 18:05",
    }
    assert not (tmp_path / "reports.csv.rejects.csv").exists()


def test_an_undo_can_be_tried_first(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)
    founded("import", "reports", "reports.csv")
    assert "would be undone: 39 rows" in founded("import", "--undo", "1", "--dry-run")[1]
    assert "39 reports" in founded("check")[1]
    assert json.loads(founded("import", "--undo", "1", "--json")[1]) == {"batch": 1, "removed": 39}


def test_nothing_is_kept_where_the_rejects_cannot_be(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(
        "Ref,Date,Easting,Northing\nA,2026-05-01,553000,174000\nB,soon,553000,174000\n"
    )
    arguments = ("import", "reports", "reports.csv", "--rejects", "absent/rejects.csv")
    status, _, complaints = founded(*arguments)
    assert (status, "give --rejects FILE; nothing was imported" in complaints) == (1, True)
    assert "0 reports" in founded("check")[1]


def test_an_area_that_is_refused_leaves_no_store(run: Run, tmp_path: Path) -> None:
    memphis = gpd.GeoDataFrame({"name": ["X"]}, geometry=[shapely.box(-90, 35, -89, 36)], crs=4326)
    memphis.to_file(tmp_path / "area.geojson")
    status, _, complaints = run("init", "--area", "area.geojson")
    assert (status, "outside Great Britain" in complaints) == (1, True)
    assert "; give --crs" in complaints
    assert not list(tmp_path.glob("hotspots.gpkg*"))


def test_a_foreign_database_is_refused_and_stays_as_it_was(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    _alter(path, "CREATE TABLE accounts (owner)")
    before = path.read_bytes()
    for arguments in (
        ("init", "--name", "X"),
        ("detect",),
        ("user", "add", "jo", "--role", "officer"),
    ):
        status, output, complaints = run(*arguments)
        assert (status, output) == (1, "")
        assert "holds other tables (accounts)" in complaints
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_opened_is_named(
    founded: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)

    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied", "reports.csv")

    monkeypatch.setattr(Path, "read_bytes", denied)
    status, _, complaints = founded("import", "reports", "reports.csv")
    assert (status, complaints) == (1, "Refused: reports.csv: Permission denied\n")


def test_what_is_printed_for_people_is_there_for_programs(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_text(DUMPS)
    founded("import", "reports", "reports.csv")
    status, output, _ = founded("check", "--json")
    checked = json.loads(output)
    assert status == 1  # no secret key is set
    assert checked["store"] == {
        "council": "Testford",
        "area_km2": 8.0,
        "reports": 39,
        "incidents": 39,
        "mails_waiting": 0,
    }
    assert checked["settings"]["secret_key"] == {"value": "not set", "source": "default"}
    assert json.loads(founded("export", "reports", "out.csv", "--json")[1])["rows"] == 39
    size = json.loads(founded("backup", "copy.gpkg", "--json")[1])["bytes"]
    assert size == (tmp_path / "copy.gpkg").stat().st_size


def test_a_tick_says_what_it_did_and_keeps_the_password_hidden(
    founded: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, output, _ = founded("tick", "--json")
    done = json.loads(output)
    assert (status, done["has_run"], done["sent"], done["problems"]) == (0, True, 0, [])
    assert "0 mails queued, 0 sent, 0 waiting" in founded("tick")[1]
    monkeypatch.setenv("HOTSPOTS_SMTP_PASSWORD", "quite-secret")
    output = founded("check")[1]
    assert "quite-secret" not in output
    assert "0 mails waiting" in output


def test_a_gazetteer_is_imported_from_its_own_file(founded: Run, tmp_path: Path) -> None:
    (tmp_path / "da.csv").write_text('"DA1 1AB",10,553222,174033,"E92000001"\n')
    status, output, _ = founded("import", "gazetteer", "da.csv")
    assert (status, "1 accepted as batch 1" in output) == (0, True)
