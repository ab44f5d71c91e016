"""Judge a forecast against simple ones.

For every month, each method sees only the months before, orders the cells of the borough, and is
asked how many of the month's incidents lie in the first 1 % of the area. The lines are bootstrap
intervals over months. A method that does not beat the plain count has no use.
"""

import matplotlib.pyplot as plt

from hotspots import EvaluationParams, evaluate_forecasts
from hotspots.synthetic import PRESETS, synthetic_borough

borough = synthetic_borough(PRESETS["near-repeat"], seed=4)
params = EvaluationParams(train_months=12, shares=(0.01,), n_bootstrap=199)
evaluation = evaluate_forecasts(borough.incidents, borough.study_area, params)
scores = evaluation.scores.sort_values("hit_rate")

_, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
is_ours = scores["method"] == "hotspots"
axes.barh(scores["method"], scores["hit_rate"], color=is_ours.map({True: "C1", False: "C0"}))
axes.hlines(range(len(scores)), scores["low"], scores["high"], color="0.2")
axes.set_xlabel("share of the next month's incidents in 1 % of the area")
axes.set_title(f"{evaluation.events} incidents in {evaluation.origins} months")
plt.show()
