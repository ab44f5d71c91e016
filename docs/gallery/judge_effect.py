"""Did it work?

A poster went up at the worst site after a year and took away 60 % of its incidents; 30 % of these
moved to the streets around. `judge_effect` compares the site with sites where nothing was done, and
counts the ring around it. The dot is the ratio to what was expected, with its exact interval.
"""

import matplotlib.pyplot as plt
import pandas as pd

from hotspots import judge_effect
from hotspots.effects import BeforeAfter
from hotspots.synthetic import PRESETS, synthetic_borough

START = pd.Timestamp("2024-12-31", tz="UTC")


def before_after(incidents, sites, *, within_m, beyond_m=0):
    """Incidents about the sites, a year before the poster and a year after."""
    distance = incidents.geometry.apply(lambda point: sites.distance(point).min())
    about = incidents[distance.between(beyond_m, within_m)]
    after = int((about["first_reported_at"] > START).sum())
    return BeforeAfter(len(about) - after, after)


_, axes = plt.subplots(figsize=(8, 3.5), layout="constrained")
for row, seed in enumerate(range(12, 17)):
    borough = synthetic_borough(PRESETS["intervention"], seed=seed)
    worst, others = borough.sites.geometry.iloc[:1], borough.sites.geometry.iloc[1:5]
    effect = judge_effect(
        before_after(borough.incidents, worst, within_m=100),
        before_after(borough.incidents, others, within_m=100),
        ring=before_after(borough.incidents, worst, within_m=400, beyond_m=100),
        comparison_ring=before_after(borough.incidents, others, within_m=400, beyond_m=100),
    )
    axes.hlines(row, effect.low, effect.high, color="0.4")
    axes.plot(effect.ratio, row, "o", color="tab:green" if effect.verdict == "fewer" else "0.4")
    axes.annotate(effect.verdict, (effect.high, row), xytext=(6, -3), textcoords="offset points")
axes.axvline(1, linestyle=":", color="0.4")
axes.axvline(0.4, linestyle="--", color="tab:green")
axes.set_yticks(range(5), [f"borough {n}" for n in range(1, 6)])
axes.set_xlabel("incidents after, as a ratio to what the comparison sites lead one to expect")
axes.set_title("Five synthetic boroughs; the planted ratio is 0.4 (dashed)")
plt.show()
