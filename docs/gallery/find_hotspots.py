"""Find the hotspots of a borough.

A synthetic borough has twelve planted sites; six in ten incidents fall at them. `detect_hotspots`
flags the places where incidents recur on more nights than chance explains. Circles mark the planted
sites, red outlines the flagged hotspots.
"""

import matplotlib.pyplot as plt

from hotspots import DetectionParams, detect_hotspots
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["clustered"], seed=1)
params = DetectionParams(months=12, n_simulations=199)
result = detect_hotspots(borough.incidents, borough.study_area, params, as_of="2025-12-31T00:00Z")

_, axes = plt.subplots(figsize=(6, 6), layout="constrained")
borough.study_area.boundary.plot(ax=axes, color="0.4")
result.incidents.plot(ax=axes, color="0.6", markersize=6, label="incident")
borough.sites.plot(
    ax=axes, marker="o", facecolor="none", edgecolor="tab:blue", markersize=160, label="planted"
)
result.hotspots.buffer(40).boundary.plot(ax=axes, color="tab:red", linewidth=2)
for rank, hotspot in enumerate(result.hotspots.itertuples(), 1):
    label = f"{rank}: {hotspot.nights} nights"
    axes.annotate(label, (hotspot.centre_x + 130, hotspot.centre_y), fontsize=8)
axes.set_title(result.summary())
axes.set_axis_off()
axes.legend(loc="lower right")
plt.show()
