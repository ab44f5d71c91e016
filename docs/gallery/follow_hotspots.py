"""Follow hotspots from month to month.

Outlines and centres move from run to run, so a hotspot is known again by the incidents that two
runs share (`match_hotspots`). Each line is one identity; its width is the number of incidents.
"""

from itertools import count

import matplotlib.pyplot as plt
import pandas as pd

from hotspots import DetectionParams, detect_hotspots, match_hotspots
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["seasonal"], seed=5)
params = DetectionParams(months=12, n_simulations=99)
next_code, previous, history = count(1), {}, {}
months = pd.date_range("2025-01-01", "2025-12-01", freq="MS", tz="UTC")
for month in months:
    result = detect_hotspots(borough.incidents, borough.study_area, params, as_of=month)
    flagged = result.incidents[result.incidents["hotspot"] >= 0]
    current = flagged.groupby("hotspot").groups
    # Only incidents that both runs could see: time going on makes no place new.
    seen = set(result.incidents.index)
    matches = match_hotspots({code: set(old) & seen for code, old in previous.items()}, current)
    codes = {row: matches.kept.get(row) or f"H{next(next_code)}" for row in current}
    previous = {codes[row]: list(incidents) for row, incidents in current.items()}
    for code, incidents in previous.items():
        history.setdefault(code, {})[month] = len(incidents)

_, axes = plt.subplots(figsize=(7, 5), layout="constrained")
for row, sizes in enumerate(history.values()):
    axes.scatter(list(sizes), [row] * len(sizes), s=[3 * n for n in sizes.values()])
axes.set_yticks(range(len(history)), list(history))
axes.set(title="Identities over twelve monthly runs", ylabel="hotspot", xlabel="run of")
plt.show()
