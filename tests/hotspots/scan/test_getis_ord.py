"""Gi* against R's spdep, esda, and a brute-force twin."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from esda.getisord import G_Local
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.weights import lat2W
from scipy.stats import false_discovery_control

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.scan.getis_ord import CAVEAT, local_getis_ord, neighbourhood_sums


def squares(
    column: np.ndarray, row: np.ndarray, counts: np.ndarray, size_m: float = 100.0
) -> gpd.GeoDataFrame:
    x, y = np.asarray(column) * size_m, np.asarray(row) * size_m
    return gpd.GeoDataFrame(
        {"count": counts}, geometry=shapely.box(x, y, x + size_m, y + size_m), crs=27700
    )


def board(counts: np.ndarray, size_m: float = 100.0) -> gpd.GeoDataFrame:
    """Cells of a whole rectangle, row by row from the south."""
    row, column = np.indices(counts.shape)
    return squares(column.ravel(), row.ravel(), counts.ravel(), size_m)


def by_hand(xy: np.ndarray, x: np.ndarray, radius_m: float, *, star: bool) -> np.ndarray:
    """Ord and Getis's equations 14 and 15, place by place."""
    result = []
    for i in range(len(x)):
        w = (np.hypot(*(xy - xy[i]).T) <= radius_m).astype(float)
        others = np.ones(len(x), dtype=bool)
        others[i] = star
        n, w, values = others.sum(), w[others], x[others]
        s = np.sqrt((values**2).mean() - values.mean() ** 2)
        below = s * np.sqrt((n * (w**2).sum() - w.sum() ** 2) / (n - 1))
        result.append(((w * values).sum() - values.mean() * w.sum()) / below)
    return np.array(result)


@pytest.mark.shared_data
def test_the_memphis_robberies_are_those_of_spdep(shared_data: Path) -> None:
    oracle = pd.read_csv(shared_data / "gistar_oracle" / "memphis_gistar_500m_spdep.csv")
    result = local_getis_ord(squares(oracle["col"], oracle["row"], oracle["n"], 500.0))
    np.testing.assert_allclose(result["gi_star"], oracle["gistar"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(result["p_value"], oracle["p2"], rtol=1e-8)
    assert oracle["n"].sum() == 2245
    assert result["gi_star"].max() == pytest.approx(17.50676, abs=5e-6)  # METHOD.md, last table


@pytest.mark.shared_data
def test_as_many_cells_pass_each_correction_as_in_r(shared_data: Path) -> None:
    oracle = pd.read_csv(shared_data / "gistar_oracle" / "memphis_gistar_500m_spdep.csv")
    result = local_getis_ord(squares(oracle["col"], oracle["row"], oracle["n"], 500.0))
    p, is_high = result["p_value"].to_numpy(), result["gi_star"] > 0
    order = np.argsort(p)
    holm = np.empty(len(p))  # Holm (1979): the k-th smallest of n times n - k + 1, never falling
    holm[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    passing = [p, false_discovery_control(p), false_discovery_control(p, method="by"), holm]
    counts = [int(((q < 0.05) & is_high).sum()) for q in passing]
    assert counts == [515, 382, 282, 182]  # METHOD.md, last table: plain, BH, BY, Holm


@pytest.mark.shared_data
def test_the_values_of_getis_and_ords_own_image(shared_data: Path) -> None:
    image = pd.read_csv(shared_data / "getisord" / "getisord_localG_spdep.csv")
    cells = squares(image["x"] / 30, image["y"] / 30, image["val"], 30.0)
    here = (image["x"] == 210) & (image["y"] == 210)
    for d, gi, gi_star in [  # METHOD.md, last table
        (30, 1.221979, 1.450780),
        (60, 1.748098, 1.900559),
        (90, 1.986135, 2.096939),
        (120, 1.893374, 1.981907),
        (150, 1.237454, 1.306698),
    ]:
        star = local_getis_ord(cells, radius_m=d)["gi_star"]
        plain = local_getis_ord(cells, radius_m=d, star=False)["gi"]
        assert star[here].item() == pytest.approx(gi_star, abs=1e-6)
        assert plain[here].item() == pytest.approx(gi, abs=1e-6)
    star = local_getis_ord(cells, radius_m=30)["gi_star"]
    plain = local_getis_ord(cells, radius_m=30, star=False)["gi"]
    np.testing.assert_allclose(star, image["Gstar30"], atol=1e-10)
    np.testing.assert_allclose(plain, image["G30"], atol=1e-10)


@pytest.mark.shared_data
def test_the_memphis_map_of_sfhotspot(shared_data: Path) -> None:
    oracle = pd.read_csv(shared_data / "gistar_oracle" / "sfhotspot_memphis_1km.csv")
    column = ((oracle["x"] - oracle["x"].min()) / 1000).round()
    row = ((oracle["y"] - oracle["y"].min()) / 1000).round()
    result = local_getis_ord(squares(column, row, oracle["n"], 1000.0))
    np.testing.assert_allclose(result["gi_star"], oracle["gistar"], atol=1e-10)


def test_it_is_esdas() -> None:
    counts = np.random.default_rng(4).poisson(0.8, (14, 19))
    queen = lat2W(*counts.shape, rook=False)
    ours = local_getis_ord(board(counts))["gi_star"]
    theirs = G_Local(counts.ravel(), queen, transform="B", permutations=0, star=True).Zs
    np.testing.assert_allclose(ours, theirs, atol=1e-10)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_is_the_sum_over_every_pair_whatever_the_gaps(data: st.DataObject) -> None:
    places = data.draw(
        st.sets(st.tuples(st.integers(-4, 5), st.integers(-4, 5)), min_size=6, max_size=30)
    )
    column, row = np.array(sorted(places)).T
    counts = np.array(
        data.draw(st.lists(st.integers(0, 9), min_size=len(column), max_size=len(column)))
    )
    radius, star = data.draw(st.sampled_from([60.0, 100.0, 142.0, 250.0])), data.draw(st.booleans())
    result = local_getis_ord(squares(column, row, counts), radius_m=radius, star=star).iloc[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        twin = by_hand(np.column_stack([column, row]) * 100.0, counts, radius, star=star)
    is_known = result.notna().to_numpy()
    np.testing.assert_allclose(result[is_known], twin[is_known], atol=1e-8)
    assert not np.isfinite(np.where(np.abs(twin) > 1e6, np.nan, twin)[~is_known]).any()


def test_sums_over_a_neighbourhood_wider_than_the_grid_are_the_whole() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert (neighbourhood_sums(values, np.full(9, 4)) == 15).all()


def test_rows_may_come_in_any_order_and_keep_their_index() -> None:
    cells = board(np.random.default_rng(1).poisson(2, (6, 7)))
    mixed = cells.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(
        local_getis_ord(mixed).sort_index(), local_getis_ord(cells), check_exact=True
    )


def test_nothing_stands_out_where_all_are_equal() -> None:
    assert local_getis_ord(board(np.full((5, 5), 0.1))).isna().all(axis=None)


def test_a_peak_beyond_the_smallest_number_has_a_p_value_above_0() -> None:
    counts = np.zeros((60, 60))
    counts[30:33, 30:33] = 1000
    assert local_getis_ord(board(counts))["p_value"].min() > 0


def test_its_caveat_goes_with_the_result() -> None:
    assert local_getis_ord(board(np.eye(4))).attrs["caveat"] == CAVEAT


def test_no_cells_give_no_rows_and_one_cell_no_answer() -> None:
    cells = board(np.eye(4))
    assert local_getis_ord(cells.iloc[:0]).empty
    assert local_getis_ord(cells.iloc[:1]).isna().all(axis=None)


def test_the_callers_cells_are_left_as_they_were() -> None:
    cells = board(np.eye(4))
    before = cells.copy()
    local_getis_ord(cells)
    pd.testing.assert_frame_equal(cells, before)


@pytest.mark.parametrize(
    ("break_it", "error", "words"),
    [
        (lambda c: c.drop(columns="count"), FrameError, "'count' is missing"),
        (lambda c: c.assign(count=[None, *c["count"][1:]]), FrameError, "has 1 nulls"),
        (lambda c: c.assign(count="many"), FrameError, "give numbers"),
        (lambda c: c.to_crs(4326), CRSError, "in degrees"),
        (lambda c: c.set_crs(None, allow_override=True), CRSError, "has no CRS"),
        (lambda c: c.assign(geometry=c.geometry.buffer(30)), FrameError, "no squares"),
        (lambda c: c.assign(geometry=c.geometry.centroid), FrameError, "no squares"),
        (lambda c: c.assign(geometry=[None, *c.geometry[1:]]), FrameError, "no squares"),
        (lambda c: pd.concat([c, c.iloc[:2]]), FrameError, "2 lie on top of another"),
        (
            lambda c: c.assign(geometry=[c.geometry[0], *c.geometry[1:].translate(7)]),
            FrameError,
            "on one lattice",
        ),
    ],
)
def test_what_is_no_grid_of_counts_is_refused(break_it, error, words) -> None:
    with pytest.raises(error, match=words):
        local_getis_ord(break_it(board(np.eye(4))))


def test_a_radius_of_nothing_is_refused() -> None:
    with pytest.raises(ParameterError, match="above 0"):
        local_getis_ord(board(np.eye(4)), radius_m=0)
