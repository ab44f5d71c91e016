"""Canisters, or a keen reporter?

Of all litter reports in 100 streets one in ten is of canisters, but one in two in three streets
side by side. One other street has ten times as many reports of every kind: somebody is keen. With
all reports as the population, `scan_places` finds the three streets and leaves the keen one alone.
"""

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np

from hotspots import scan_places

rng = np.random.default_rng(4)
x, y = np.divmod(np.arange(100), 10)
reports = rng.poisson(12, 100)
reports[77] *= 10  # the keen street
share = np.full(100, 0.1)
share[[23, 24, 33]] = 0.5
places = gpd.GeoDataFrame(
    {"cases": rng.binomial(reports, share), "population": reports},
    geometry=gpd.points_from_xy(200.0 * x, 200.0 * y),
    crs=27700,
)
scan = scan_places(places, model="bernoulli", max_radius_m=500)

_, axes = plt.subplots(figsize=(6, 6), layout="constrained")
places.plot(ax=axes, markersize=3 * places["population"], color="0.85", label="litter reports")
canisters = places[places["cases"] > 0]
canisters.plot(ax=axes, markersize=3 * canisters["cases"], color="tab:orange", label="canisters")
is_cluster = scan.clusters["p_value"] <= 0.05
for cluster in scan.clusters[is_cluster].itertuples():
    centre = places.geometry.iloc[cluster.centre]
    ring = gpd.GeoSeries([centre.buffer(cluster.radius + 90)])
    ring.boundary.plot(ax=axes, color="tab:red", linewidth=2)
    words = f"{cluster.observed} of canisters, {cluster.expected:.0f} expected"
    words = f"{words}, p = {cluster.p_value:.3f}"
    axes.annotate(words, (centre.x, centre.y + cluster.radius + 120), ha="center", color="tab:red")
axes.set_title("Streets by their litter reports")
axes.set_axis_off()
axes.legend(loc="lower left")
plt.show()
