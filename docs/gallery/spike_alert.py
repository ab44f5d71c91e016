"""Is something new going on?

Six incidents in two weeks are planted at a quiet place. `scan_spikes` looks back over the last four
weeks for circles that hold more than their own past and the borough's weeks explain. It needs no
map of people or streets, and a rise of reporting everywhere raises no alarm.
"""

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd

from hotspots import SpikeParams, scan_spikes
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["clustered"], seed=8)
as_of = pd.Timestamp("2025-12-01T00:00Z")
nights = pd.date_range("2025-11-15T08:00Z", periods=6, freq="60h")
outbreak = gpd.GeoDataFrame(
    {"first_reported_at": nights},
    geometry=gpd.points_from_xy([4_500 + 20 * n for n in range(6)], [1_200] * 6),
    crs=27700,
)
known = borough.incidents[["first_reported_at", "geometry"]]
incidents = gpd.GeoDataFrame(pd.concat([known, outbreak], ignore_index=True), crs=27700)
spikes = scan_spikes(incidents, SpikeParams(n_simulations=199), as_of=as_of)

recent = incidents["first_reported_at"].between(as_of - pd.Timedelta(weeks=4), as_of)
_, axes = plt.subplots(figsize=(6, 6), layout="constrained")
incidents[~recent].plot(ax=axes, color="0.8", markersize=6, label="before")
incidents[recent].plot(ax=axes, color="tab:orange", markersize=14, label="last four weeks")
spikes.buffer(spikes["radius_m"] + 60).boundary.plot(ax=axes, color="tab:red", linewidth=2)
axes.set_title("\n".join(spikes["reason"]) or "No spike", fontsize=9, wrap=True)
axes.set_axis_off()
axes.legend(loc="lower right")
plt.show()
