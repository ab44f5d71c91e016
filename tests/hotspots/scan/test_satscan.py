"""SaTScan's files: what is written reads back, and its own runs are read as they were asked."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.core.errors import CRSError, FrameError, TooFewError
from hotspots.detection.satscan_question import satscan_question
from hotspots.scan import scan_places
from hotspots.scan.satscan import read_clusters, read_satscan, read_settings, satscan_files

PLACES = gpd.GeoDataFrame(
    {"population": [10.5, 20.0]},
    index=["a", "b"],
    geometry=gpd.points_from_xy([540_000.25, 541_000], [170_000, 170_500]),
    crs=27700,
)
CASES = pd.DataFrame(
    {
        "place": ["a", "a", "b"],
        "day": [date(2026, 3, 1), date(2026, 11, 12), date(2026, 5, 9)],
        "cases": [2, 1, 4],
    }
)
PERIOD = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}


def test_what_is_written_are_satscans_lines_and_reads_back() -> None:
    files = satscan_files(PLACES, CASES, name="town", max_radius_m=150, **PERIOD)
    assert files.geo.splitlines() == ["a 540000.25 170000.00", "b 541000.00 170500.00"]
    assert files.cas.splitlines() == ["a 2 2026/3/1", "a 1 2026/11/12", "b 4 2026/5/9"]
    assert files.pop.splitlines() == ["a 2026 10.5", "b 2026 20"]
    settings = read_settings(files.prm)
    assert (settings["StartDate"], settings["EndDate"]) == ("2026/1/1", "2026/12/31")
    assert settings["MaxSpatialSizeInDistanceFromCenter"] == "150"
    texts = {"town.geo": files.geo, "town.cas": files.cas, "town.pop": files.pop}
    back = read_satscan(texts, files.prm, crs=27700)
    assert back["cases"].to_dict() == {"a": 3, "b": 4}
    pd.testing.assert_series_equal(back["population"], PLACES["population"], check_names=False)
    assert back.geometry.geom_equals(PLACES.geometry).all()


@pytest.mark.parametrize(
    ("places", "cases", "words"),
    [
        (PLACES.set_axis(["a 1", "b"]), CASES, "no blanks"),
        (PLACES.assign(population=[0, 1]), CASES, "above 0"),
        (PLACES, CASES.assign(place="c"), "not one of the places"),
        (PLACES, CASES.assign(day=date(2027, 1, 1)), "outside the study period"),
    ],
)
def test_what_satscan_would_refuse_is_not_written(
    places: gpd.GeoDataFrame, cases: pd.DataFrame, words: str
) -> None:
    with pytest.raises(FrameError, match=words):
        satscan_files(places, cases, name="town", max_radius_m=150, **PERIOD)


def test_what_cannot_be_read_is_named() -> None:
    files = satscan_files(PLACES, CASES, name="town", max_radius_m=150, **PERIOD)
    texts = {"town.geo": files.geo, "town.cas": files.cas, "town.pop": files.pop}
    with pytest.raises(FrameError, match=r"PopulationFile names 'town.pop'"):
        read_satscan({"town.geo": files.geo, "town.cas": files.cas}, files.prm, crs=27700)
    with pytest.raises(FrameError, match=r"town.cas: the line 'a' lacks n"):
        read_satscan(texts | {"town.cas": "a\n"}, files.prm, crs=27700)
    with pytest.raises(FrameError, match=r"town.cas: .*many"):
        read_satscan(texts | {"town.cas": "a many\n"}, files.prm, crs=27700)
    degrees = files.prm.replace("CoordinatesType=0", "CoordinatesType=1")
    with pytest.raises(CRSError, match="latitudes"):
        read_satscan(texts, degrees, crs=27700)
    with pytest.raises(FrameError, match="no headings"):
        read_clusters("1 76_26 781125 3.88312e+06 500.00\n2 39_65 771875 3.89288e+06 500.00\n")


@pytest.mark.shared_data
@pytest.mark.parametrize(("folder", "run"), [("memphis_poisson", "mc"), ("nhumberside", "mc")])
def test_a_run_of_satscan_is_read_and_repeated(shared_data: Path, folder: str, run: str) -> None:
    at = shared_data / "satscan_oracle" / folder
    texts = {path.name: path.read_text() for path in at.glob("*.*") if path.suffix != ".json"}
    places = read_satscan(texts, texts[f"{run}.prm"], crs=32615)
    theirs = read_clusters(texts[f"{run}.col.txt"]).iloc[0]
    model = "bernoulli" if folder == "nhumberside" else "poisson"
    radius = 500 if folder == "memphis_poisson" else np.inf
    ours = scan_places(places, model=model, max_radius_m=radius, n_simulations=19).clusters.iloc[0]
    assert ours["llr"] == pytest.approx(theirs["llr"], abs=5e-7)
    assert (ours["observed"], ours["places"]) == (theirs["observed"], theirs["number_loc"])
    known = read_settings(texts[f"{run}.prm"])
    files = satscan_files(PLACES, CASES, name="town", max_radius_m=150, **PERIOD)
    assert set(read_settings(files.prm)) <= set(known)


def incidents(n: int) -> gpd.GeoDataFrame:
    """A third of them at one place, all on nights of their own."""
    rng = np.random.default_rng(1)
    xy = np.where(np.arange(n)[:, None] % 3 > 0, rng.uniform(0, 2000, (n, 2)), [[1025, 1030]])
    when = pd.date_range("2026-01-02T08:00Z", periods=n, freq="3D")
    return gpd.GeoDataFrame(
        {"first_reported_at": when}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )


def test_a_detection_s_question_holds_its_cases_and_its_exposure() -> None:
    area = gpd.GeoSeries([shapely.box(0, 0, 2000, 2000)], crs=27700)
    rows = incidents(90)
    doubled = pd.concat([rows, rows], ignore_index=True)  # a second pile of each night is no case
    street = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 1025), (2000, 1025)])], crs=27700)
    files = satscan_question(doubled, area, as_of="2026-11-01T00:00Z", exposure=street, name="t")
    texts = {"t.geo": files.geo, "t.cas": files.cas, "t.pop": files.pop}
    places = read_satscan(texts, files.prm, crs=27700)
    assert len(places) == 40 * 40
    assert places["cases"].sum() == 90
    assert places["cases"].max() >= 30
    assert places["population"].sum() == pytest.approx(1_000_000)
    on_street = places.geometry.y.between(1000, 1050)
    # 40 of 1,600 squares: 95 % of all, and a fortieth of the twentieth that lies evenly
    assert places.loc[on_street, "population"].sum() == pytest.approx(1e6 * (0.95 + 0.05 / 40))
    scan = scan_places(places, model="poisson", max_radius_m=150, n_simulations=19)
    assert scan.clusters["observed"].iloc[0] >= 30
    with pytest.raises(TooFewError, match="no incident"):
        satscan_question(rows, area, as_of="2020-01-01T00:00Z")
