"""Orders, penalty notices and interventions from files: dated, impersonal, undoable whole."""

from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import func, select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.files.problems import FileRefusedError
from geodata.importers.batches import undo
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.models import (
    ActionEvent,
    EnforcementAction,
    Intervention,
    Order,
    OrderVersion,
    Prohibition,
)
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.taking_in import import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SQUARE = "POLYGON ((553000 174000, 553100 174000, 553100 174100, 553000 174100, 553000 174000))"
BOW_TIE = "POLYGON ((553000 174000, 553100 174100, 553100 174000, 553000 174100, 553000 174000))"
FLAT = "POLYGON ((553000 174000, 553100 174000, 553000 174000, 553000 174000))"
FAR = "POLYGON ((453000 174000, 453100 174000, 453100 174100, 453000 174100, 453000 174000))"


@pytest.fixture
@filled_once
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(
            session, PlaceKind.BOROUGH, "Test", shapely.box(550_000, 170_000, 560_000, 178_000)
        )
    return store


def take(store: Store, kind: str, path: Path) -> ImportResult:
    with store.writing() as session:
        return import_file(session, kind, path, ImportOptions(), now=NOW)


def file(tmp_path: Path, text: str, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


ACTIONS = (
    "Ref,Date of offence,Offence,Easting,Northing,Issue date,Amount,Status,Paid on,Age,Notes\n"
)


def test_a_notice_goes_in_with_its_life_so_far(council: Store, tmp_path: Path) -> None:
    row = "F1,13/06/2026 23:40,Littering,553050,174050,14/06/2026,£100.00,Paid,25/06/2026,18+,\n"
    assert take(council, "actions", file(tmp_path, ACTIONS + row)).rejected == 0
    with council.reading() as session:
        (action,) = session.scalars(select(EnforcementAction))
        events = session.scalars(select(ActionEvent).order_by(ActionEvent.at)).all()
    assert action.offence_at == datetime(2026, 6, 13, 22, 40, tzinfo=UTC)
    assert (action.kind, action.amount_pence, action.age_band) == (
        "litter_fpn",
        10_000,
        "18_or_over",
    )
    assert action.issued_on == date(2026, 6, 14)
    assert [event.state for event in events] == ["issued", "paid_full"]
    assert events[1].at == datetime(2026, 6, 24, 23, tzinfo=UTC)  # midnight of the 25th, summer


def test_a_notice_may_write_its_day_and_its_time_in_two_columns(
    council: Store, tmp_path: Path
) -> None:
    text = (
        "Date,Time of offence,Offence,Easting,Northing\n13/06/2026,23:40,Littering,553050,174050\n"
    )
    assert take(council, "actions", file(tmp_path, text)).rejected == 0
    with council.reading() as session:
        (action,) = session.scalars(select(EnforcementAction))
    assert action.offence_at == datetime(2026, 6, 13, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("F,2026-06-13,Murder,553050,174050,,,,,,\n", "Offence", "litter_fpn"),
        ("F,2026-06-13,,553050,174050,,,,,,\n", "Offence", "is empty"),
        ("F,,Littering,553050,174050,,,,,,\n", "Date of offence", "is empty"),
        ("F,2027-06-13,Littering,553050,174050,,,,,,\n", "Date of offence", "future"),
        ("F,2026-06-13,Littering,553050,174050,,a lot,,,,\n", "Amount", "£100.00"),
        ("F,2026-06-13,Littering,553050,174050,,1.005,,,,\n", "Amount", "£100.00"),
        ("F,2026-06-13,Littering,553050,174050,,,forgotten,,,\n", "Status", "written_off"),
        ("F,2026-06-13,Littering,553050,174050,,,,,17ish,\n", "Age", "10_to_17"),
        ("F,2026-06-13,Littering,1,1,,,,,,\n", "Easting, Northing", "outside"),
    ],
)
def test_a_bad_notice_is_named_with_its_remedy(
    council: Store, tmp_path: Path, row: str, column: str, words: str
) -> None:
    result = take(council, "actions", file(tmp_path, ACTIONS + row))
    (problem,) = result.problems
    assert (problem.row, problem.column) == (2, column)
    assert words in problem.message


def test_a_note_that_names_somebody_is_left_out_of_its_notice(
    council: Store, tmp_path: Path
) -> None:
    row = "F,2026-06-13,Littering,553050,174050,,,,,,ring 07700 900123\n"
    result = take(council, "actions", file(tmp_path, ACTIONS + row))
    assert (result.accepted, "telephone number" in " ".join(result.warnings)) == (1, True)
    with council.reading() as session:
        assert session.scalars(select(EnforcementAction.note)).all() == [None]


CODED = "Ref,Date of offence,Type,Code,Easting,Northing,Issue date,Date given,Amount,Discount,Age\n"


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("F,2026-06-13,litter,LIT01,553050,174050,,,,,\n", "Code", "no known offence code"),
        ("F,2026-06-13,litter,s67,553050,174050,,,,,\n", "Code", "not the offence of litter_fpn"),
        ("F,2018-03-31,civil penalty,,553050,174050,,,,,\n", "Date of offence", "1 April 2018"),
        ("F,2014-10-19,cpn,,553050,174050,,,,,\n", "Date of offence", "20 October 2014"),
        ("F,2023-07-30,litter,,553050,174050,,,£200,,\n", "Amount", "£65.00 to £150.00"),
        ("F,2018-03-31,litter,,553050,174050,,,£81,,\n", "Amount", "£50.00 to £80.00"),
        ("F,2026-06-13,litter,,553050,174050,,,£100,£49,\n", "Amount", "under the least, £50.00"),
        ("F,2026-06-13,pspo,,553050,174050,,,£101,,\n", "Amount", "£101.00 is outside"),
        ("F,2026-06-13,cpw,,553050,174050,,,£50,,\n", "Amount", "asks no money"),
        ("F,2026-06-13,litter,,553050,174050,2026-06-12,,,,\n", "Issue date", "before the offence"),
        (
            "F,2026-06-13,civil penalty,,553050,174050,2026-06-14,2026-06-13,,,\n",
            "Date given",
            "before",
        ),
        ("F,2026-06-13,civil penalty,,553050,174050,2026-06-14,,,,\n", "Date given", "is empty"),
        ("F,2026-06-13,civil penalty,,553050,174050,,2026-06-14,,,\n", "Issue date", "is empty"),
        (  # 13 June is the first of 35 days: 17 July is the last
            "F,2026-06-13,civil penalty,,553050,174050,2026-06-14,2026-07-18,,,\n",
            "Date given",
            "had to be given by 17 July 2026",
        ),
        ("F,2026-04-13,litter,,553050,174050,2026-10-14,,,,\n", "Issue date", "time-barred"),
        ("F,2026-06-13,litter,,553050,174050,,,,£50,\n", "Amount", "beside an early amount"),
        ("F,2026-06-13,simple caution,,553050,174050,,,,,10-17\n", "Age", "18 or over"),
        ("F,2026-06-13,litter,,553050,174050,,,,,under 10\n", "Age", "never"),
        ("F,2026-06-13,pspo,,553050,174050,,,£100,,\n", "Type", "no order was in force here"),
    ],
)
def test_a_notice_that_was_not_lawful_is_named_with_its_reason(
    council: Store, tmp_path: Path, row: str, column: str, words: str
) -> None:
    (problem,) = take(council, "actions", file(tmp_path, CODED + row)).problems
    assert problem.column == column
    assert words in problem.message


def test_a_keepers_notice_that_was_given_in_time_goes_in(council: Store, tmp_path: Path) -> None:
    row = "F,2026-06-13,civil penalty,,553050,174050,2026-06-14,2026-07-17,£100,,\n"
    assert take(council, "actions", file(tmp_path, CODED + row)).problems == []


def test_a_keepers_notice_that_is_not_given_yet_goes_in_as_that(
    council: Store, tmp_path: Path
) -> None:
    row = "F,2026-06-13,civil penalty,,553050,174050,2026-06-14,,£100,,\n"
    (problem,) = take(council, "actions", file(tmp_path, CODED + row)).problems
    assert "the day on which the keeper was given it" in problem.message
    head, drafted = CODED.replace("\n", ",state\n"), row.replace("\n", ",draft\n")
    assert take(council, "actions", file(tmp_path, head + drafted)).problems == []
    with council.reading() as session:
        assert session.scalars(select(ActionEvent.state)).all() == ["draft"]


def test_a_notice_without_a_date_is_dated_by_its_act_and_says_so(
    council: Store, tmp_path: Path
) -> None:
    row = "F,2026-06-13 23:30,litter,,553050,174050,,,,,\n"
    result = take(council, "actions", file(tmp_path, CODED + row))
    assert any("the day of the act was taken. Row 2" in words for words in result.warnings)
    with council.reading() as session:
        assert session.scalars(select(EnforcementAction.issued_on)).all() == [date(2026, 6, 13)]


@pytest.mark.parametrize(
    ("code", "kept"),
    [("EPA 1990 s.87(1)", "epa1990_s87"), ("S87", "epa1990_s87"), ("section 87", "epa1990_s87")],
)
def test_an_offence_is_known_by_its_section(
    council: Store, tmp_path: Path, code: str, kept: str
) -> None:
    row = f"F,2026-06-13,litter,{code},553050,174050,,,£100,,\n"
    assert take(council, "actions", file(tmp_path, CODED + row)).rejected == 0
    with council.reading() as session:
        assert session.scalars(select(EnforcementAction.offence_code)).all() == [kept]


def test_a_breach_is_tied_to_the_order_that_held_there(council: Store, tmp_path: Path) -> None:
    plan = order_row("Town", "2024-02-01", "2027-01-31", SQUARE)
    take(council, "orders", file(tmp_path, ORDERS + plan, "orders.tsv"))
    rows = "A,2026-06-13,pspo,s67,553050,174050,,,£100,,\n"  # inside, in force
    rows += "B,2024-01-31,pspo,s67,553050,174050,,,£100,,\n"  # the day before
    rows += "C,2026-06-13,pspo,s67,553150,174050,,,£100,,\n"  # 50 m east of the square
    result = take(council, "actions", file(tmp_path, CODED + rows))
    assert [(p.row, p.message) for p in result.problems] == [
        (3, "Town was not in force on 31 January 2024: it begins on 1 February 2024"),
        (4, "the place is outside by 50 m of Town"),
    ]
    with council.reading() as session:
        (action,) = session.scalars(select(EnforcementAction))
        (version,) = session.scalars(select(OrderVersion))
    assert action.order_version_id == version.id


@pytest.mark.parametrize(
    ("limits", "when", "vehicle", "words"),
    [
        ("[18:00-06:00]", "2026-06-13", "", "has no time of day"),
        ("[18:00-06:00]", "2026-06-13 15:00", "", "applies from 18:00 to 06:00"),
        ("[18:00-06:00]", "2026-06-13 19:00", "", None),
        ("[vehicles only]", "2026-06-13 19:00", "", "say in a column from_vehicle"),
        ("[vehicles only]", "2026-06-13 19:00", "no", "none is recorded for the act"),
        ("[vehicles only]", "2026-06-13", "yes", None),
        ("[18:00-06:00, vehicles only]", "2026-06-13", "yes", "has no time of day"),
        ("", "2026-06-13", "", None),
    ],
)
def test_a_breach_says_the_hour_and_the_vehicle_that_its_prohibition_is_limited_to(
    council: Store, tmp_path: Path, limits: str, when: str, vehicle: str, words: str | None
) -> None:
    plan = order_row("Town", "2024-02-01", "2027-01-31", SQUARE)
    plan = plan.replace("No inhaling; No dumping", f"No inhaling {limits}")
    take(council, "orders", file(tmp_path, ORDERS + plan, "orders.tsv"))
    rows = f"Date,Type,Easting,Northing,from_vehicle\n{when},pspo,553050,174050,{vehicle}\n"
    messages = [p.message for p in take(council, "actions", file(tmp_path, rows)).problems]
    assert len(messages) == (words is not None)
    assert all(str(words) in message for message in messages)


def test_an_undone_batch_of_notices_takes_their_events_along(
    council: Store, tmp_path: Path
) -> None:
    row = "F1,2026-06-13,cpw,553050,174050,,,,,,\n"
    batch = take(council, "actions", file(tmp_path, ACTIONS + row)).batch
    with council.writing() as session:
        assert undo(session, batch, now=NOW) == ("actions", 1)
        for table in (EnforcementAction, ActionEvent):
            assert session.scalar(select(func.count(table.id))) == 0


ORDERS = "Name;Change;From;To;Prohibition;Penalty;WKT;Made\n".replace(";", "\t")


MADE_BEFORE = "2021-06-01"
"""Made while the first versions of these tests hold."""


def order_row(name: str, first: str, last: str, shape: str, change: str = "made") -> str:
    made = first if change == "made" else min(first, MADE_BEFORE)
    return f"{name}\t{change}\t{first}\t{last}\tNo inhaling; No dumping\t£100\t{shape}\t{made}\n"


def test_versions_of_an_order_are_numbered_by_the_day_they_begin(
    council: Store, tmp_path: Path
) -> None:
    rows = order_row("Town", "2024-02-01", "2027-01-31", SQUARE, "extended")
    rows += order_row("Town", "2021-02-01", "2024-01-31", SQUARE)
    rows += order_row("Park", "2022-02-01", "2025-01-31", SQUARE)
    assert take(council, "orders", file(tmp_path, ORDERS + rows, "orders.tsv")).rejected == 0
    with council.reading() as session:
        versions = session.execute(
            select(Order.name, OrderVersion.number, OrderVersion.change, OrderVersion.valid_to)
            .join(Order)
            .order_by(Order.name, OrderVersion.number)
        ).all()
        texts = session.scalars(select(Prohibition.text).distinct()).all()
        version = session.scalars(select(OrderVersion)).first()
    assert versions == [
        ("Park", 1, "made", date(2025, 1, 31)),
        ("Town", 1, "made", date(2024, 1, 31)),
        ("Town", 2, "extended", date(2027, 1, 31)),
    ]
    assert sorted(texts) == ["No dumping", "No inhaling"]
    assert version.geometry.geom_type == "MultiPolygon"
    assert version.geometry.area == pytest.approx(10_000)
    assert (version.penalty_pence, version.is_verified) == (10_000, False)


def test_a_penalty_that_no_notice_under_an_order_can_ask_is_told_of(
    council: Store, tmp_path: Path
) -> None:
    """At most £100 (2014 Act, s.68(6)); the order itself goes in as it was made."""
    fair = order_row("Town", "2021-02-01", "2024-01-31", SQUARE)
    steep = order_row("Park", "2021-02-01", "2024-01-31", SQUARE).replace("£100", "£500")
    result = take(council, "orders", file(tmp_path, ORDERS + fair + steep, "orders.tsv"))
    (warning,) = [words for words in result.warnings if "no notice under this order" in words]
    assert (result.accepted, warning.startswith("Row 3: the penalty £500.00 is outside")) == (
        2,
        True,
    )


def test_a_later_file_adds_the_next_version_and_undo_takes_it_back(
    council: Store, tmp_path: Path
) -> None:
    first = order_row("Town", "2021-02-01", "2024-01-31", SQUARE)
    take(council, "orders", file(tmp_path, ORDERS + first, "a.tsv"))
    later = order_row("Town", "2024-02-01", "2027-01-31", SQUARE, "extended")
    later += order_row("New", "2024-02-01", "2027-01-31", SQUARE)
    batch = take(council, "orders", file(tmp_path, ORDERS + later, "b.tsv")).batch
    with council.writing() as session:
        assert set(session.scalars(select(OrderVersion.number))) == {1, 2}
        undo(session, batch, now=NOW)
        assert session.scalars(select(Order.name)).all() == ["Town"]
        assert session.scalars(select(OrderVersion.number)).all() == [1]
        assert session.scalar(select(func.count(Prohibition.id))) == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("2021-02-01", "2024-01-31", "extended")], "nothing was made"),
        ([("2021-02-01", "2024-02-01", "made")], "end it on 31 January 2024"),
        (
            [("2021-02-01", "2024-01-31", "made"), ("2024-03-01", "2027-01-31", "extended")],
            "write 1 February 2024",
        ),
        (
            [("2021-02-01", "2024-01-31", "made"), ("2022-02-01", "2024-06-01", "varied")],
            "cannot outlast the order",
        ),
    ],
)
def test_a_version_the_law_does_not_let_follow_is_refused(
    council: Store, tmp_path: Path, rows: list[tuple[str, str, str]], words: str
) -> None:
    text = "".join(order_row("Town", first, last, SQUARE, change) for first, last, change in rows)
    result = take(council, "orders", file(tmp_path, ORDERS + text, "orders.tsv"))
    (problem,) = result.problems
    assert problem.row == len(rows) + 1
    assert words in problem.message


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (FLAT, "without any area"),
        (FAR, "outside the borough"),
        ("POINT (553000 174000)", "is no area"),
        ("", "has no shape"),
        ("a triangle", "is no shape in WKT"),
    ],
)
def test_an_order_without_a_usable_area_is_refused(
    council: Store, tmp_path: Path, shape: str, words: str
) -> None:
    rows = order_row("Town", "2021-02-01", "2024-01-31", shape)
    result = take(council, "orders", file(tmp_path, ORDERS + rows, "orders.tsv"))
    assert result.accepted == 0
    assert words in result.problems[0].message
    with council.reading() as session:
        assert session.scalar(select(func.count(Order.id))) == 0


def test_a_bow_tie_is_mended_and_the_change_is_said(council: Store, tmp_path: Path) -> None:
    rows = order_row("Town", "2021-02-01", "2024-01-31", BOW_TIE)
    result = take(council, "orders", file(tmp_path, ORDERS + rows, "orders.tsv"))
    # The ring runs 8-shaped: its two triangles of 2,500 m² cancel until it is mended.
    assert result.warnings == ["row 2: the shape crossed itself and was mended (+5000 m²)"]


def test_an_order_that_ends_before_it_begins_is_refused(council: Store, tmp_path: Path) -> None:
    rows = order_row("Town", "2024-02-01", "2021-01-31", SQUARE)
    result = take(council, "orders", file(tmp_path, ORDERS + rows, "orders.tsv"))
    assert result.problems[0].message == "lies before the first day"


def test_a_spreadsheet_without_shapes_cannot_be_orders(council: Store, tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="need their shapes"):
        take(council, "orders", file(tmp_path, "Name,From\nTown,2021-02-01\n"))


def test_an_orders_plan_in_degrees_lands_on_the_grid(council: Store, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["Town"], "valid_from": ["2021-02-01"], "valid_to": ["2024-01-31"]},
        geometry=gpd.GeoSeries.from_wkt([SQUARE], crs=27700),
    )
    frame.to_crs(4326).to_file(tmp_path / "plan.geojson")
    take(council, "orders", tmp_path / "plan.geojson")
    with council.reading() as session:
        (version,) = session.scalars(select(OrderVersion))
    assert version.geometry.hausdorff_distance(shapely.from_wkt(SQUARE)) < 0.2


def test_interventions_may_be_points_or_areas(council: Store, tmp_path: Path) -> None:
    points = file(
        tmp_path,
        "Title,Type,Date,To,Cost,Easting,Northing\nPoster,posters,2026-01-05,,£12.50,553000,174000\n",
    )
    areas = file(
        tmp_path, f"Title\tType\tDate\tWKT\nPatrols\tpatrol\t2026-01-05\t{SQUARE}\n", "a.tsv"
    )
    for path in (points, areas):
        assert take(council, "interventions", path).rejected == 0
    with council.reading() as session:
        poster, patrol = session.scalars(select(Intervention).order_by(Intervention.id))
    assert (poster.kind, poster.cost_pence, poster.valid_from) == (
        "poster",
        1_250,
        date(2026, 1, 5),
    )
    assert poster.geometry.equals(shapely.Point(553_000, 174_000))
    assert patrol.geometry.area == pytest.approx(10_000)


@pytest.mark.parametrize("field", ["name", "prohibitions", "source"])
def test_an_order_that_names_somebody_is_refused(
    council: Store, tmp_path: Path, field: str
) -> None:
    columns = {"name": "Town", "prohibitions": "No inhaling", "source": "CAB/26/1"}
    columns[field] = "Banning Sarah Jones"
    path = tmp_path / "orders.gpkg"
    days = {"valid_from": "2024-02-01", "valid_to": "2027-01-31"}
    area = gpd.GeoSeries.from_wkt([SQUARE], crs=27700)
    gpd.GeoDataFrame(
        {name: [value] for name, value in (columns | days).items()}, geometry=area
    ).to_file(path)
    result = take(council, "orders", path)
    assert "may say who somebody is" in result.problems[0].message
