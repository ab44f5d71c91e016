"""Is it more than chance? Every test of this library, in one place to import from.

- `scan_discs`: discs about the cases, against any null (`UniformNull`, `ExposureNull`).
- `scan_places`: circles over places, Poisson or Bernoulli: is it canisters, or keen reporting?
- `scan_spikes`: more here and now than this place and these weeks explain.
- `q_values_of_maxima`: the share of false flags among all flags.
- `local_getis_ord`: for maps only; its p-values do not hold at a borough's counts.

Examples
--------
>>> import numpy as np, shapely
>>> radii = np.array([50.0, 150.0])
>>> cases = np.vstack([np.full((6, 2), 2500.0), np.random.default_rng(1).uniform(0, 5000, (60, 2))])
>>> found = scan_discs(cases, UniformNull(shapely.box(0, 0, 5000, 5000), radii), radii_m=radii,
...                    n_simulations=99, rng=np.random.default_rng(1))
>>> int(found.observed[0]), float(found.p_value[0])
(6, 0.01)
"""

from hotspots.false_discovery import q_values_of_maxima
from hotspots.getis_ord import local_getis_ord
from hotspots.nulls import ExposureNull, Null, UniformNull, exposure_sites
from hotspots.place_scan import PlaceScan, scan_places
from hotspots.scan import DiscScan, bound_p_values, scan_discs
from hotspots.spikes import SpikeParams, scan_spikes

__all__ = [
    "DiscScan",
    "ExposureNull",
    "Null",
    "PlaceScan",
    "SpikeParams",
    "UniformNull",
    "bound_p_values",
    "exposure_sites",
    "local_getis_ord",
    "q_values_of_maxima",
    "scan_discs",
    "scan_places",
    "scan_spikes",
]
