"""When are canisters dumped?

People report in the morning what was dumped at night. `hour_profiles` spreads each incident over
the hours between the last time the place was known clean and the first sight of the canisters.
Above: when reports come in. Below: when the incidents happened.
"""

import matplotlib.pyplot as plt
import numpy as np

from hotspots import link_reports
from hotspots.synthetic import PRESETS, synthetic_borough, synthetic_reports
from hotspots.timing import hour_profiles

dumps = synthetic_borough(PRESETS["seasonal"], seed=6).incidents
reports, clearances = synthetic_reports(dumps, seed=6)
incidents = link_reports(reports).incidents
nowhere = np.full(len(incidents), -1)
profiles = hour_profiles(incidents, nowhere, as_of="2026-01-01T00:00Z")

local = reports["reported_at"].dt.tz_convert("Europe/London")
reported = np.zeros((7, 24))
np.add.at(reported, (local.dt.day_of_week, local.dt.hour), 1 / len(local))
days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_, rows = plt.subplots(2, 1, figsize=(8, 5), layout="constrained", sharex=True)
for axes, week, title in (
    (rows[0], reported, "Share of reports in each hour of the week"),
    (rows[1], profiles.borough.reshape(7, 24), "Share of incidents in each hour of the week"),
):
    axes.imshow(week, aspect="auto", cmap="magma")
    axes.set_yticks(range(7), days)
    axes.set_title(title)
rows[1].set_xlabel("hour, London time")
plt.show()
