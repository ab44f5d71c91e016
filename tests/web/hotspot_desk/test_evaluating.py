"""``hotspots evaluate`` on files as people have them."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from web.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder of its own; its status, its output and its complaints."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["evaluate", *arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Six months in a square of 2 km: half of the events of each at one place."""
    rng = np.random.default_rng(6)
    days = pd.date_range("2026-01-01", "2026-06-30", freq="D").repeat(2)
    xy = rng.uniform((553_000, 173_000), (555_000, 175_000), (len(days), 2))
    xy[::2] = (553_850, 174_150)
    rows = pd.DataFrame({"Date reported": days.strftime("%Y-%m-%d")})
    rows["Easting"], rows["Northing"] = xy.T.round(1)
    rows.to_csv(tmp_path / "events.csv", index=False)
    area = gpd.GeoSeries([shapely.box(553_000, 173_000, 555_000, 175_000)], crs=27700)
    area.to_file(tmp_path / "area.gpkg")
    return tmp_path / "events.csv"


def test_the_result_as_json_for_another_program(run: Run, events: Path) -> None:
    status, out, err = run("events.csv", "--area", "area.gpkg", "--train-months", "4", "--json")
    result = json.loads(out)
    assert status == 0
    assert set(result) == {"methods", "origins", "cells", "events"}
    assert (result["origins"], result["cells"], result["events"]) == (2, 400, 2 * (31 + 30))
    ours = result["methods"][0]
    assert ours["name"] == "hotspots"
    assert set(ours["hit_rate"]) == {"0.005", "0.01", "0.05"}
    assert ours["hit_rate"]["0.01"] >= 0.5  # one of the four cells searched holds half of them
    assert ours["pai"]["0.01"] == pytest.approx(100 * ours["hit_rate"]["0.01"])
    assert ours["hit_rate_low"]["0.01"] <= ours["hit_rate"]["0.01"] <= ours["hit_rate_high"]["0.01"]
    assert 0 < ours["pei"]["0.01"] <= 1
    assert {"random", "grid count", "KDE 100 m", "Gi* 3x3", "DBSCAN 50 m/5", "HDBSCAN 10"} <= {
        method["name"] for method in result["methods"]
    }
    assert "as Europe/London" in err


def test_the_table_for_a_person_says_what_the_file_was_taken_for(run: Run, events: Path) -> None:
    status, out, _ = run("events.csv", "--train-months", "4")
    assert status == 0
    assert "Times: column 'Date reported', local time, as Europe/London." in out
    assert "Study area: the convex hull" in out
    assert "122 events of 2 months" in out
    assert any(line.startswith("hotspots ") for line in out.splitlines())


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """Other events of the same place, homes, car parks, and a file far off."""
    rng = np.random.default_rng(7)
    rows = pd.DataFrame({"Opened": pd.date_range("2026-01-01", "2026-06-30", freq="D")})
    rows["longitud"], rows["latitud"] = rng.uniform((0.205, 51.44), (0.23, 51.45), (181, 2)).T
    rows.to_csv(tmp_path / "litter.csv", index=False)
    rows.assign(latitud=53.0).to_csv(tmp_path / "far.csv", index=False)
    middles = gpd.points_from_xy([553_850, 554_500, 553_300], [174_150, 174_500, 173_200])
    kinds = {"amenity": ["parking", "parking", "pub"], "homes": ["12", "3", "many"]}
    places = gpd.GeoDataFrame(kinds, geometry=middles, crs=27700).to_crs(4326)
    places[["amenity", "geometry"]].to_file(tmp_path / "places.geojson")
    places.iloc[:2].to_file(tmp_path / "homes.gpkg")
    places.to_file(tmp_path / "bad.gpkg")
    return tmp_path


def test_other_events_features_and_homes_may_tell_of_the_file(
    run: Run, events: Path, others: Path
) -> None:
    also = ("--layer", "litter.csv", "--covariates", "places.geojson", "--exposure", "homes.gpkg")
    status, out, _ = run(
        "events.csv", "--area", "area.gpkg", "--train-months", "4", *also, "--json"
    )
    result = json.loads(out)
    assert status == 0
    names = [method["name"] for method in result["methods"]]
    assert names[:3] == ["hotspots", "hotspots, events alone", "exposure alone"]
    plain, informed = result["methods"][1], result["methods"][0]
    assert informed["hit_rate"]["0.01"] >= 0.99 * plain["hit_rate"]["0.01"]
    # 12 of 15 homes, so at most that share of what the first of the 400 cells should have.
    assert result["methods"][2]["hit_rate"]["0.005"] >= 0.5
    parking, pub = sorted(result["covariates"], key=lambda row: row["kind"])
    assert (parking["kind"], pub["kind"]) == ("parking", "pub")
    assert (pub["low"], pub["high"]) == (0, None)  # one pub tells nothing of pubs
    _, out, _ = run("events.csv", "--train-months", "4", *also)
    assert "How many times the rate far from it" in out
    assert any(line.startswith("parking ") for line in out.splitlines())
    assert "0.00 to any" in next(line for line in out.splitlines() if line.startswith("pub "))


def test_a_bare_name_is_a_layer_of_the_file_itself(run: Run, events: Path) -> None:
    rows = pd.read_csv(events)
    points = gpd.points_from_xy(rows.pop("Easting"), rows.pop("Northing"), crs=27700)
    frame = gpd.GeoDataFrame(rows, geometry=points)
    frame.to_file(events.parent / "both.gpkg", layer="reports")
    frame.iloc[:5].to_file(events.parent / "both.gpkg", layer="found")
    arguments = ("both.gpkg", "--train-months", "4", "--json")
    status, out, _ = run(*arguments, "--layer", "reports")
    assert (status, json.loads(out)["events"]) == (0, 122)
    _, out, err = run(*arguments)
    assert "give --layer" in out + err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--layer", "none.csv"), 1, "there is no file none.csv"),
        (("--layer", "places.geojson"), 1, "no column holds dates"),
        (("--layer", "far.csv"), 1, "layer 1: none of its 181 events lies in the study area"),
        (("--layer", "one", "--layer", "two"), 2, "name one layer of events.csv"),
        (("--covariates", "none.csv"), 1, "there is no file none.csv"),
        (("--exposure", "bad.gpkg"), 1, "row 4: homes is 'many', which is no amount"),
        (("--exposure", "far.csv"), 1, "exposure: none of it lies in the study area"),
    ],
)
def test_what_tells_nothing_is_refused(
    run: Run, events: Path, others: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    ended, out, err = run("events.csv", "--train-months", "4", *arguments)
    assert ended == status
    assert words in out + err


def test_a_share_of_less_than_one_cell_catches_nothing_and_says_so_in_json(
    run: Run, events: Path
) -> None:
    _, out, _ = run("events.csv", "--train-months", "4", "--cell", "500", "--json")
    ours = json.loads(out)["methods"][0]  # 5 x 5 cells: 0.005 of them is none
    assert ours["hit_rate"]["0.005"] == 0
    assert ours["pei"]["0.005"] is None


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("events.csv", "--train-months", "12"), 1, "it takes 12 months to learn from"),
        (("none.csv",), 1, "there is no file none.csv"),
        (("events.csv", "--time", "When"), 1, "--time When: the file has Date reported"),
        (("events.csv", "--area", "events.csv"), 1, "save it as GeoJSON"),
        (("events.csv", "--x", "Easting"), 2, "give --x and --y together"),
        (("events.csv", "--train-months", "1"), 2, "train-months"),
    ],
)
def test_what_cannot_be_done_is_refused(
    run: Run, events: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    ended, out, err = run(*arguments)
    assert ended == status
    assert words in out + err


def test_hours_are_judged_by_place_and_days_without_hours_are_refused(
    run: Run, events: Path, tmp_path: Path
) -> None:
    status, _, err = run("events.csv", "--hours")
    assert status != 0
    assert "days without hours" in err
    rng = np.random.default_rng(3)
    times = pd.date_range("2025-01-03T22:00", periods=60, freq="7D").repeat(2)  # Fridays
    times += pd.to_timedelta(rng.uniform(0, 50, 120), unit="min")
    spread = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.uniform(0, 400, 300), unit="D")
    rows = pd.DataFrame({"Date reported": times.append(spread).strftime("%Y-%m-%d %H:%M")})
    rows["Easting"] = [553_850] * 120 + rng.integers(553_000, 555_000, 300).tolist()
    rows["Northing"] = [174_150] * 120 + rng.integers(173_000, 175_000, 300).tolist()
    rows.to_csv(tmp_path / "hours.csv", index=False)
    status, out, _ = run("hours.csv", "--hours", "--json")
    result = json.loads(out)
    assert status == 0
    assert result["gain"] > 0.3
    assert result["own_hits"] > 0.8
    assert (result["better"], result["worse"]) == (1, 0)
    assert "better at 1 and worse at 0" in run("hours.csv", "--hours")[1]
