"""Is it more than chance? Scan statistics, their nulls, and Gi* for maps.

Imports `core`, `geometry`, `stats`, `timing`, and the street network of `routing`. Start with
`scan_discs` and `nulls`.
"""

from hotspots.scan.disc_scan import DiscScan, bound_p_values, scan_discs, simulated_maxima
from hotspots.scan.getis_ord import local_getis_ord
from hotspots.scan.near_repeat import knox_test, near_repeat_ratios
from hotspots.scan.nulls import ExposureNull, Null, UniformNull, exposure_sites
from hotspots.scan.place_scan import PlaceScan, scan_places
from hotspots.scan.satscan import read_clusters, read_satscan, satscan_files
from hotspots.scan.space_time import periods_up_to, permutation_scan, poisson_space_time_scan
from hotspots.scan.spikes import SpikeParams, scan_spikes
from hotspots.scan.street_ground import StreetGround, street_ground
from hotspots.scan.street_scan import StreetScan, scan_streets
from hotspots.scan.windows import circular_windows

__all__ = [
    "DiscScan",
    "ExposureNull",
    "Null",
    "PlaceScan",
    "SpikeParams",
    "StreetGround",
    "StreetScan",
    "UniformNull",
    "bound_p_values",
    "circular_windows",
    "exposure_sites",
    "knox_test",
    "local_getis_ord",
    "near_repeat_ratios",
    "periods_up_to",
    "permutation_scan",
    "poisson_space_time_scan",
    "read_clusters",
    "read_satscan",
    "satscan_files",
    "scan_discs",
    "scan_places",
    "scan_spikes",
    "scan_streets",
    "simulated_maxima",
    "street_ground",
]
