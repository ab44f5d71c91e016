"""Is this week out of the ordinary for the whole borough?

`farrington_bounds` knows the season and the trend of the weeks before, and gives an upper bound for
each week. Three weeks are doubled here by hand; weeks above the bound are marked.
"""

import matplotlib.pyplot as plt
import pandas as pd

from hotspots.detection import farrington_bounds
from hotspots.synthetic import SUMMER_PEAK, BoroughParams, synthetic_borough

params = BoroughParams(days=6 * 365, months=SUMMER_PEAK)
incidents = synthetic_borough(params, seed=9, start="2020-01-06").incidents
week = incidents["first_reported_at"].dt.tz_localize(None).dt.to_period("W").dt.start_time
weekly = week.value_counts().sort_index().asfreq("7D", fill_value=0).iloc[:-1]
weekly[pd.date_range("2025-08-04", periods=3, freq="7D")] *= 2
bounds = farrington_bounds(weekly, last_weeks=52).iloc[-52:]

_, axes = plt.subplots(figsize=(8, 4), layout="constrained")
axes.plot(bounds.index, bounds["count"], drawstyle="steps-post", label="incidents a week")
axes.plot(bounds.index, bounds["expected"], color="0.5", label="expected")
axes.plot(bounds.index, bounds["upper"], "--", color="tab:red", label="upper bound")
alarms = bounds[bounds["alarm"].fillna(value=False).astype(bool)]
axes.plot(alarms.index, alarms["count"], "o", color="tab:red", label="out of the ordinary")
axes.set(ylim=(0, None), title="The last year, week by week")
axes.legend()
plt.show()
