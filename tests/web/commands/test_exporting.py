"""What leaves the store as a file, and comes back: every layer, every format, nobody in it."""

import csv
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import func, select

from geodata.core.errors import RefusedError
from geodata.exporters import export_layer
from geodata.exporters.layers import LAYERS
from geodata.models import EnforcementAction, Place, Report, ReporterContact
from geodata.store.engine import Store
from tests.taking_in import import_file
from tests.web.browsing import DEMO_NOW

NOW = DEMO_NOW
NOT_IN_THE_DEMO = {
    "campaigns",
    "patrol_stops",
    "patrol_visits",
    "poster_events",
    "prohibitions",
    "streets",
}
MARKER = "Jane Doe 07700 900123"


@pytest.fixture(scope="module")
def demo(demo_store: Store) -> Store:
    """A demo store with a planted reporter, free text and recipient, that are not to be seen."""
    with demo_store.writing() as session:
        report = session.scalars(select(Report)).first()
        report.description = report.landmark = MARKER
        session.add(
            ReporterContact(report_id=report.id, email=MARKER, token=MARKER, created_at=NOW)
        )
        like = session.scalars(select(EnforcementAction)).first()
        personal = dict.fromkeys(("recipient_ref", "note", "landmark"), MARKER)
        kept = {
            name: getattr(like, name) for name in ("kind", "offence_at", "geometry", "age_band")
        }
        session.add(EnforcementAction(reference="MARKED", **kept, **personal))
    return demo_store


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "csv"])
@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_goes_out_whole_and_names_nobody(
    demo: Store, tmp_path: Path, layer: str, ending: str
) -> None:
    path = tmp_path / f"out.{ending}"
    with demo.reading() as session:
        rows = export_layer(session, layer, path)
    assert rows > 0 or layer in NOT_IN_THE_DEMO
    assert MARKER.encode() not in path.read_bytes()
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert len(list(csv.DictReader(file))) == rows
    else:
        read = gpd.read_file(path)
        assert len(read) == rows
        if LAYERS[layer].has_geometry:
            assert read.crs.to_epsg() == (27700 if ending == "gpkg" else 4326)
    assert list(tmp_path.iterdir()) == [path]


def test_exported_reports_come_back_as_the_same_reports(
    demo: Store, geopackage: Store, tmp_path: Path
) -> None:
    path = tmp_path / "reports.csv"
    with demo.reading() as session:
        export_layer(session, "reports", path)
        sent = {
            row.reported_at.replace(microsecond=0): (row.geometry, row.chargers, row.cylinders)
            for row in session.scalars(select(Report))
        }
    with geopackage.writing() as session:
        result = import_file(session, "reports", path, now=NOW)
        assert (result.rejected, result.accepted) == (0, result.read)
        assert session.scalar(select(func.count(Report.id))) == result.read
        for row in session.scalars(select(Report)):
            point, chargers, cylinders = sent[row.reported_at]
            assert row.geometry.distance(point) < 0.1
            assert (row.chargers, row.cylinders) == (chargers, cylinders)


def test_a_text_that_a_spreadsheet_would_run_is_defused(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        for name in ("=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "plain", "Fish & Chips £1 🎈"):
            session.add(Place(kind="other", name=name, geometry=shapely.Point(552_000, 174_000)))
    with store.reading() as session:
        export_layer(session, "places", tmp_path / "places.csv")
    with (tmp_path / "places.csv").open(encoding="utf-8-sig", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert names == [
        "'=HYPERLINK(1)",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "plain",
        "Fish & Chips £1 🎈",
    ]


def test_positions_and_days_are_written_as_they_are(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        session.add(
            Place(
                kind="park",
                name="Park",
                # Dartford station's easting and northing: 51.44737 N, 0.219276 E (DOMAIN section 8)
                geometry=shapely.Point(554_316, 174_378),
                valid_from=date(2020, 2, 29),
            )
        )
    with store.reading() as session:
        export_layer(session, "places", tmp_path / "places.csv")
    with (tmp_path / "places.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["easting"], row["northing"]) == ("554316.0", "174378.0")
    assert float(row["longitude"]) == pytest.approx(0.219276, abs=2e-5)
    assert float(row["latitude"]) == pytest.approx(51.44737, abs=2e-5)
    assert (row["valid_from"], row["valid_to"]) == ("2020-02-29", "")


@pytest.mark.parametrize("layer", LAYERS)
def test_an_empty_layer_is_an_empty_file(store: Store, tmp_path: Path, layer: str) -> None:
    with store.reading() as session:
        for ending in ("csv", "gpkg", "geojson"):
            assert export_layer(session, layer, tmp_path / f"{layer}.{ending}") == 0


def test_nothing_is_overwritten_and_unknown_wishes_are_refused(
    geopackage: Store, tmp_path: Path
) -> None:
    there = tmp_path / "there.csv"
    there.write_text("mine")
    with geopackage.reading() as session:
        for layer, path, words in (
            ("reports", there, "is there already"),
            ("reports", tmp_path / "x.docx", "no known format"),
            ("contacts", tmp_path / "x.csv", "no layer 'contacts'"),
            ("reports", tmp_path / "no" / "x.csv", "cannot be written"),
        ):
            with pytest.raises(RefusedError, match=words):
                export_layer(session, layer, path)
    assert there.read_text() == "mine"
