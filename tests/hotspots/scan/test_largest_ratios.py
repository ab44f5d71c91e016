"""The largest ratios against those of every disc."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.scan import largest_ratios as module
from hotspots.scan.largest_ratios import largest_ratios
from hotspots.stats.likelihood_ratios import poisson_llr

RADII = np.array([25.0, 50.0, 150.0])
SHARES = np.array([0.004, 0.016, 0.144])


def of_every_disc(maps: np.ndarray) -> list[float]:
    apart = np.hypot(*(maps[:, :, None] - maps[:, None]).transpose(3, 0, 1, 2))
    counts = (apart[..., None] <= RADII).sum(axis=2)
    return poisson_llr(counts, maps.shape[1] * SHARES, maps.shape[1]).max(axis=(1, 2)).tolist()


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 40), st.integers(1, 4), st.integers(0, 10_000), st.sampled_from([0.0, 4.0]))
def test_they_are_the_largest_of_all_discs(n: int, m: int, seed: int, few: float) -> None:
    # On a lattice of 25 m many points lie at exactly a radius, and on edges of cells.
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, rng.integers(2, 60), (m, n, 2)) * 25.0
    maps = spots + rng.integers(-1_000_000, 1_000_000, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", few)
        assert largest_ratios(maps, RADII, SHARES).tolist() == of_every_disc(maps)


@pytest.mark.parametrize("side_m", [600, 3000])
def test_crowded_maps_are_counted_right(side_m: int) -> None:
    maps = np.random.default_rng(4).uniform(0, side_m, (5, 300, 2))
    assert largest_ratios(maps, RADII, SHARES).tolist() == of_every_disc(maps)
