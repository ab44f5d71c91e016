"""Why Gi* flags nothing here.

A borough without any hotspot: some 730 incidents in two years fall anywhere. Gi* with normal
p-values still marks cells as hot, since a normal curve does not hold where a cell of 50 m has 0.05
incidents. The scan that decides in `detect_hotspots` flags none.
"""

import matplotlib.pyplot as plt
import numpy as np

from hotspots import DetectionParams, detect_hotspots, local_getis_ord, risk_surface
from hotspots.forecast import SurfaceParams
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["homogeneous"], seed=7)
as_of = "2025-12-31T00:00Z"
params = SurfaceParams(cell_size_m=50)
cells = risk_surface(borough.incidents, borough.study_area, as_of=as_of, params=params)
joined = borough.incidents.sjoin(cells, predicate="within")
counts = joined["index_right"].value_counts()
cells["count"] = counts.reindex(cells.index, fill_value=0).to_numpy()
gi_star = local_getis_ord(cells)["gi_star"]
result = detect_hotspots(
    borough.incidents, borough.study_area, DetectionParams(n_simulations=199), as_of=as_of
)

_, axes = plt.subplots(figsize=(7, 6), layout="constrained")
cells["gi_star"] = gi_star
cells.plot("gi_star", ax=axes, cmap="coolwarm", vmin=-6, vmax=6, legend=True)
hot = int(np.sum(gi_star > 3.5))
axes.set_title(f"Chance alone: {hot} cells with Gi* above 3.5, {len(result.hotspots)} hotspots")
axes.set_axis_off()
plt.show()
