"""Where will the next incidents be?

`risk_surface` learns from two years how wide and how lasting each incident's pull is, and gives the
incidents to expect in each cell of 100 m on a day. The crosses are the incidents of the thirty days
after, which it did not see.
"""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.colors import LogNorm

from hotspots import risk_surface
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["clustered"], seed=3)
as_of = pd.Timestamp("2025-11-01T00:00Z")
surface = risk_surface(borough.incidents, borough.study_area, as_of=as_of)

reported = borough.incidents["first_reported_at"]
coming = borough.incidents[(reported > as_of) & (reported <= as_of + pd.Timedelta(days=30))]
_, axes = plt.subplots(figsize=(7, 6), layout="constrained")
surface.plot(
    "expected_per_day",
    ax=axes,
    cmap="viridis",
    norm=LogNorm(),
    legend=True,
    legend_kwds={"label": "incidents to expect in a cell on a day", "shrink": 0.8},
)
coming.plot(ax=axes, color="white", marker="x", markersize=30)
axes.set_title(f"Risk on {as_of.day} {as_of:%B %Y}, and the next {len(coming)} incidents")
axes.set_axis_off()
plt.show()
