"""A layer that can be imported comes back from its own file as it went out."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.exporters import export_layer
from geodata.exporters.layer_files import layer_frame
from geodata.exporters.layers import LAYERS
from geodata.importers.kinds import KINDS
from geodata.models import (
    ActionEvent,
    Base,
    Clearance,
    EnforcementAction,
    Intervention,
    Order,
    OrderVersion,
    Place,
    Report,
    Street,
)
from geodata.store.engine import Store, open_store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
AT = NOW - timedelta(days=40)
SPOT = shapely.Point(553_934, 174_170)
AREA = shapely.MultiPolygon([shapely.box(553_000, 174_000, 553_100, 174_100)])
NEW_IN_EVERY_STORE = {
    "reports": {"channel"},  # it came by an import now
    "clearances": {"id", "recorded_at"},
    "places": set(),
    "streets": set(),
    "orders": {"is_verified"},  # whoever takes it in has yet to compare it with the order
    "actions": set(),
    "interventions": set(),
}
"""Columns that say something of the store that a row is in, and not of what it tells."""
ROWS: dict[str, list[tuple[type, list[dict[str, Any]]]]] = {
    "reports": [
        (
            Report,
            [
                {
                    "reference": "2BCDFGHJKM",
                    "external_ref": "R-1",
                    "reported_at": AT,
                    "recorded_at": AT,
                    "geometry": SPOT,
                    "source": "officer",
                    "channel": "import",
                    "accuracy_m": 12.5,
                    "charger_band": "11_to_50",
                    "chargers": 42,
                    "cylinders": 3,
                    "has_needles": True,
                    "has_glass": True,
                    "is_leaking": True,
                    "from_vehicle": False,
                    "first_seen_at": AT - timedelta(hours=2),
                    "last_clean_at": AT - timedelta(days=1),
                },
                {
                    "reference": "3BCDFGHJKM",
                    "reported_at": AT,
                    "recorded_at": AT,
                    "geometry": SPOT,
                    "source": "public",
                    "channel": "import",
                    "charger_band": "unknown",
                },
            ],
        )
    ],
    "clearances": [
        (
            Clearance,
            [
                {
                    "external_ref": "C-1",
                    "occurred_at": AT,
                    "device_at": AT,
                    "recorded_at": AT,
                    "outcome": "not_our_land",
                    "geometry": SPOT,
                    "charger_band": "51_to_100",
                    "chargers": 77,
                    "cylinders": 2,
                    "sacks": 4,
                    "weight_kg": 12.5,
                    "disposal": "depot",
                    "contractor": "Contractor plc",
                },
                {
                    "occurred_at": AT,
                    "device_at": AT,
                    "recorded_at": AT,
                    "outcome": "cleared",
                    "geometry": SPOT,
                },
            ],
        )
    ],
    "places": [
        (
            Place,
            [
                {
                    "external_ref": "P-1",
                    "kind": "car_park",
                    "name": 'Car park, =1 of "two"',
                    "code": "CP/1",
                    "geometry": AREA.geoms[0],
                    "valid_from": date(2020, 2, 29),
                    "valid_to": date(2024, 2, 29),
                    "land_type": "council",
                    "landmark": "Top deck",
                    "access": "By the ramp",
                },
                {"kind": "park", "name": "=Park", "geometry": AREA.geoms[0]},
            ],
        )
    ],
    "streets": [
        (
            Street,
            [
                {
                    "external_ref": "S-1",
                    "name": "High Street",
                    "road_class": "A Road",
                    "is_one_way": True,
                    "geometry": shapely.LineString([(553_000, 174_000), (553_100, 174_050)]),
                },
                {"geometry": shapely.LineString([(553_000, 174_000), (553_000, 174_050)])},
            ],
        )
    ],
    "orders": [
        (Order, [{"id": 1, "name": "Town"}]),
        (
            OrderVersion,
            [
                {
                    "external_ref": "O-1",
                    "order_id": 1,
                    "number": 1,
                    "change": "made",
                    "geometry": AREA,
                    "made_on": date(2023, 1, 1),
                    "valid_from": date(2023, 2, 1),
                    "valid_to": date(2026, 1, 31),
                    "penalty_pence": 10_000,
                    "source": "Decision 12",
                },
                {
                    "order_id": 1,
                    "number": 2,
                    "change": "extended",
                    "geometry": AREA,
                    "made_on": date(2026, 1, 1),
                    "valid_from": date(2026, 2, 1),
                    "valid_to": date(2029, 1, 31),
                },
            ],
        ),
    ],
    "actions": [
        (
            EnforcementAction,
            [
                {
                    "id": 1,
                    "reference": "4BCDFGHJKM",
                    "external_ref": "A-1",
                    "kind": "litter_fpn",
                    "offence_code": "epa1990_s87",
                    "offence_at": AT,
                    "issued_on": AT.date(),
                    "geometry": SPOT,
                    "given_on": AT.date(),
                    "amount_pence": 45_000,
                    "discount_pence": 30_000,
                    "discount_days": 10,
                    "age_band": "unknown",
                    "is_nitrous_oxide": False,
                },
                {
                    "id": 2,
                    "reference": "5BCDFGHJKM",
                    "kind": "advice",
                    "offence_at": AT,
                    "geometry": SPOT,
                    "age_band": "unknown",
                },
            ],
        ),
        (
            ActionEvent,
            [
                {"action_id": 1, "state": "issued", "at": AT, "recorded_at": AT},
                {"action_id": 2, "state": "issued", "at": AT, "recorded_at": AT},
                {
                    "action_id": 1,
                    "state": "paid_full",
                    "at": AT + timedelta(days=20),
                    "recorded_at": NOW,
                },
            ],
        ),
    ],
    "interventions": [
        (
            Intervention,
            [
                {
                    "external_ref": "I-1",
                    "kind": "school_visit",
                    "name": "Assembly",
                    "geometry": SPOT,
                    "valid_from": date(2026, 1, 5),
                    "valid_to": date(2026, 1, 5),
                    "cost_pence": 1,
                },
                {
                    "kind": "patrol",
                    "name": "Patrols",
                    "geometry": SPOT,
                    "valid_from": date(2026, 1, 5),
                },
            ],
        )
    ],
}
"""For each layer a row with every column filled, and one with as few as may be."""


def with_borough(store: Store) -> Store:
    with store.writing() as session:
        borough = shapely.box(550_000, 170_000, 560_000, 178_000)
        places.add(session, PlaceKind.BOROUGH, "Test", borough)
    return store


def rows_of_layer(store: Store, layer: str) -> list[dict[str, str]]:
    """What a layer's file says, but for what each store says anew; the borough left out."""
    with store.reading() as session:
        frame = layer_frame(session, layer)
    if layer == "places":
        frame = frame[frame["kind"] != "borough"]
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = shapely.set_precision(frame.geometry.to_numpy(), 1)
        frame = pd.DataFrame(frame.drop(columns="geometry")).assign(where=shapely.to_wkt(shapes))
    frame = frame.drop(columns=list(NEW_IN_EVERY_STORE[layer]))
    return [{name: str(value) for name, value in row.items()} for row in frame.to_dict("records")]


def moved(source: Store, target: Store, layer: str, path: Path) -> None:
    """Send a layer from one store to another as a file."""
    with source.reading() as session:
        export_layer(session, layer, path)
    with target.writing() as session:
        result = import_file(session, layer, path, now=NOW)
    assert result.problems == []


def test_every_layer_that_can_be_imported_is_tried() -> None:
    assert set(ROWS) == set(LAYERS) & set(KINDS)


def test_every_amount_of_the_store_that_leaves_it_is_tried() -> None:
    tried = {
        (model.__tablename__, name)
        for rows_of in ROWS.values()
        for model, rows in rows_of
        for row in rows
        for name, value in row.items()
        if name.endswith("_pence") and value
    }
    kept = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_pence")
    }
    assert tried == kept


@pytest.mark.parametrize("ending", ["csv", "gpkg", "geojson"])
@pytest.mark.parametrize("layer", ROWS)
def test_a_layer_comes_back_from_its_file_as_it_went_out(
    empty_stores: tuple[Store, Store], tmp_path: Path, layer: str, ending: str
) -> None:
    source, target = empty_stores
    with source.writing() as session:
        for model, rows in ROWS[layer]:
            for row in rows:
                session.execute(insert(model), row)
    sent = rows_of_layer(source, layer)
    moved(source, target, layer, tmp_path / f"out.{ending}")
    assert rows_of_layer(target, layer) == sent


@given(cost=st.integers(0, 2**31 - 1), ending=st.sampled_from(("csv", "gpkg", "geojson")))
@settings(
    max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_amount_of_pence_comes_back_to_the_penny(
    empty_stores: tuple[Store, Store], tmp_path: Path, cost: int, ending: str
) -> None:
    source, target = empty_stores
    # without digits: of 1,000 UUIDs 8 hold what may be a telephone number, and are refused
    name = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    row = {**ROWS["interventions"][0][1][1], "name": name, "cost_pence": cost}
    with source.writing() as session:
        session.execute(delete(Intervention))
        session.execute(insert(Intervention), row)
    moved(source, target, "interventions", tmp_path / f"{uuid4()}.{ending}")
    with target.reading() as session:
        query = select(Intervention.cost_pence).where(Intervention.name == row["name"])
        assert session.scalars(query).all() == [cost]


@pytest.mark.parametrize(
    ("header", "text", "pence"),
    [
        ("cost_pence", "45000", 45_000),
        ("Cost in pence", "45000.0", 45_000),  # as a program without gaps in whole numbers has it
        ("cost", "450.00", 45_000),
        ("Cost", "£1,234.50", 123_450),
    ],
)
def test_a_column_is_pounds_unless_its_name_says_pence(
    empty_stores: tuple[Store, Store], tmp_path: Path, header: str, text: str, pence: int
) -> None:
    assert cost_of(empty_stores[0], tmp_path, header, text) == (pence, [])


def test_pounds_in_a_column_of_pence_are_told_and_not_taken(
    empty_stores: tuple[Store, Store], tmp_path: Path
) -> None:
    for text in ("450.00", "£450", "-1"):
        cost, (warning,) = cost_of(empty_stores[0], tmp_path, "cost_pence", text)
        assert cost is None
        assert "no number of pence" in warning


def test_a_clearance_that_was_taken_back_or_corrected_does_not_come_to_stand_again(
    empty_stores: tuple[Store, Store], tmp_path: Path
) -> None:
    source, target = empty_stores
    like = ROWS["clearances"][0][1][1]
    with source.writing() as session:
        for n, more in enumerate(({"voided_at": NOW}, {}, {"replaces_id": 2}), 1):
            session.execute(insert(Clearance), {**like, "id": n, "sacks": n, **more})
    moved(source, target, "clearances", tmp_path / "out.csv")
    with target.reading() as session:
        assert session.scalars(select(Clearance.sacks)).all() == [3]


def test_a_stores_own_file_does_not_double_what_is_there(
    empty_stores: tuple[Store, Store], tmp_path: Path
) -> None:
    source, _ = empty_stores
    with source.writing() as session:
        session.execute(insert(Report), ROWS["reports"][0][1])
    with source.reading() as session:
        export_layer(session, "reports", tmp_path / "out.csv")
    with source.writing() as session:
        result = import_file(session, "reports", tmp_path / "out.csv", now=NOW)
    assert (result.accepted, result.rejected) == (0, 2)
    assert "is here already" in result.problems[0].message


def cost_of(store: Store, folder: Path, header: str, text: str) -> tuple[int | None, list[str]]:
    """What an intervention's cost becomes that a file gives so, and what is said of it."""
    path = folder / f"{uuid4()}.csv"
    name = path.stem
    where = f"{SPOT.x},{SPOT.y}"
    path.write_text(
        f'name,kind,valid_from,{header},easting,northing\n{name},patrol,2026-01-05,"{text}",{where}\n'
    )
    with store.writing() as session:
        result = import_file(session, "interventions", path, now=NOW)
        query = select(Intervention.cost_pence).where(Intervention.name == name)
        return session.scalar(query), result.warnings


@pytest.fixture
def empty_stores(geopackage_template: Path, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    source, target = (
        with_borough(open_store(f"sqlite:///{shutil.copy(geopackage_template, tmp_path / name)}"))
        for name in ("source.gpkg", "target.gpkg")
    )
    yield source, target
    source.close()
    target.close()
