"""Where should posters hang?

Two hundred lamp columns may carry a poster, and there is money for eight. `site_posters` finds the
eight from which most incidents are in view, by exact optimisation.
"""

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np

from hotspots.siting import site_posters
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["clustered"], seed=11)
incidents = borough.incidents
rng = np.random.default_rng(11)
# Some columns stand near the planted sites, the others anywhere.
near = np.repeat(borough.sites.get_coordinates().to_numpy(), 8, axis=0)
xy = np.vstack([near + rng.normal(0, 60, near.shape), rng.uniform(0, 6_000, (104, 2))])
columns = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=27700)
siting = site_posters(columns, incidents, budget=8, view_m=50)

_, (left, right) = plt.subplots(1, 2, figsize=(10, 5), layout="constrained")
incidents.plot(ax=left, color="0.75", markersize=5)
columns.plot(ax=left, color="tab:blue", markersize=4)
columns.loc[siting.sites.index].buffer(120).plot(ax=left, color="none", edgecolor="tab:red")
left.set_title("Lamp columns (blue) and chosen ones (red)")
left.set_axis_off()
order = range(1, len(siting.sites) + 1)
right.step(order, siting.sites["covered"] / siting.total, where="mid", marker="o")
right.set(xlabel="posters, in the order in which to put them up", ylim=(0, 1))
right.set_title("Share of incidents in view of a poster")
plt.show()
