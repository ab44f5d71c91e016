"""Link reports into incidents.

Several people report one pile of canisters: that is one incident. A report that comes after a
clearance opens a new incident, however near. The bars show how many reports the incidents have:
as planted, and as `link_reports` puts them together again.
"""

import matplotlib.pyplot as plt
import numpy as np

from hotspots import LinkingParams, link_reports
from hotspots.synthetic import PRESETS, synthetic_borough, synthetic_reports

dumps = synthetic_borough(PRESETS["clustered"], seed=2).incidents
reports, clearances = synthetic_reports(dumps, seed=2)
first_report = reports.reset_index().groupby("incident")["index"].first()
clearances["report_id"] = clearances["incident"].map(first_report)
linked = link_reports(reports, clearances, LinkingParams(link_radius_m=25))

planted = reports["incident"].value_counts()
size = np.arange(1, 6)
_, axes = plt.subplots(figsize=(6, 4), layout="constrained")
for offset, counts, label in (
    (-0.2, planted, f"planted: {len(planted)} incidents"),
    (0.2, linked.incidents["reports"], f"linked: {len(linked.incidents)} incidents"),
):
    axes.bar(size + offset, [(counts == n).sum() for n in size], width=0.4, label=label)
axes.set(xlabel="reports of an incident", ylabel="incidents", title=f"{len(reports)} reports")
axes.legend()
plt.show()
