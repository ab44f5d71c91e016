"""Does one dump draw the next?

Every third incident of a synthetic borough is followed by another, one to three days later and
within 100 m. `near_repeat_ratios` compares the pairs in each band of distance and time with those
of the same points whose times are shuffled: busy places and busy months alone give a ratio of 1.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from hotspots.scan import near_repeat_ratios
from hotspots.synthetic import PRESETS, synthetic_borough

incidents = synthetic_borough(PRESETS["clustered"], seed=8).incidents
rng = np.random.default_rng(1)
xy = np.column_stack([incidents.geometry.x, incidents.geometry.y])
start = incidents["first_reported_at"].min()
days = ((incidents["first_reported_at"] - start) / pd.Timedelta(days=1)).to_numpy()
repeats = rng.random(len(days)) < 1 / 3
xy = np.vstack([xy, xy[repeats] + rng.uniform(-70, 70, (repeats.sum(), 2))])
days = np.concatenate([days, days[repeats] + rng.uniform(1, 3, repeats.sum())])

bands_m, bands_days = (0.0, 100.0, 200.0, 400.0, 800.0), (0.0, 4.0, 7.0, 14.0, 28.0)
table = near_repeat_ratios(xy, days, distance_bands_m=bands_m, day_bands=bands_days, rng=rng)
ratio = table["ratio"].to_numpy().reshape(len(bands_m) - 1, len(bands_days) - 1)

_, axes = plt.subplots(figsize=(7, 4), layout="constrained")
image = axes.imshow(ratio, cmap="OrRd", vmin=1)
for (row, column), value in np.ndenumerate(ratio):
    p_value = table["p_value"].iloc[row * ratio.shape[1] + column]
    colour = "white" if value > (1 + ratio.max()) / 2 else "black"
    axes.text(column, row, f"{value:.1f}\np {p_value:.3f}", ha="center", va="center", color=colour)
axes.set_xticks(range(4), [f"{a:.0f} to {b:.0f}" for a, b in pairwise(bands_days)])
axes.set_yticks(range(4), [f"{a:.0f} to {b:.0f}" for a, b in pairwise(bands_m)])
axes.set(xlabel="days apart", ylabel="metres apart", title="Pairs, against chance")
plt.colorbar(image, label="times as many as by chance")
plt.show()
