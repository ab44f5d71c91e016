"""Order a crew's round.

Fourteen incidents wait, three of them due within two hours. `order_round` orders the stops so that
the due times are kept and the road is short. Red stops are the urgent ones; numbers give the order.
"""

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from shapely import Point

from hotspots.routing import RoundParams, order_round

rng = np.random.default_rng(13)
start = pd.Timestamp("2026-06-05T07:00Z")
due = np.where(np.arange(14) < 3, start + pd.Timedelta(hours=2), start + pd.Timedelta(hours=30))
xy = rng.uniform(0, 6_000, (14, 2))
jobs = gpd.GeoDataFrame(
    {"due_at": pd.to_datetime(due, utc=True)}, geometry=gpd.points_from_xy(*xy.T), crs=27700
)
depot = Point(500, 500)
crew_round = order_round(jobs, depot, start_at=start, shift_h=8, params=RoundParams(), seed=13)

stops = jobs.loc[crew_round.stops.index]
path = np.vstack([[500, 500], stops.get_coordinates(), [500, 500]])
_, axes = plt.subplots(figsize=(6, 6), layout="constrained")
axes.plot(*path.T, color="0.6", zorder=0)
is_urgent = stops.index < 3
axes.scatter(stops.geometry.x, stops.geometry.y, s=220, c=np.where(is_urgent, "C3", "C0"))
for number, point in enumerate(stops.geometry, 1):
    axes.annotate(str(number), (point.x, point.y), color="white", ha="center", va="center")
axes.plot(500, 500, "s", color="black", markersize=10)
back = crew_round.back_at.tz_convert("Europe/London")
axes.set_title(f"{crew_round.length_m / 1_000:.1f} km of road, back at {back:%H:%M}")
axes.set_axis_off()
plt.show()
