"""Where and when was there more than expected?

The expected counts of 49 places and 26 weeks are given: busier in the middle, busier late. Thirty
incidents too many are planted at two neighbours in weeks 10 to 12. `poisson_space_time_scan` tries
every circle with every stretch of up to six weeks and finds which, where and when.
"""

import matplotlib.pyplot as plt
import numpy as np

from hotspots.scan import circular_windows, periods_up_to, poisson_space_time_scan

rng = np.random.default_rng(6)
weeks = 26
xy = np.column_stack(np.divmod(np.arange(49), 7)) * 300.0
busy = np.exp(-((xy - 900) ** 2).sum(axis=1) / 2 / 600**2)
expected = busy[:, None] * np.linspace(0.5, 1.5, weeks)
cases = rng.poisson(expected)
cases[np.ix_([16, 17], range(10, 13))] += 5
expected *= cases.sum() / expected.sum()

windows = circular_windows(xy, xy, max_radius=600, weights=expected.sum(axis=1))
periods = periods_up_to(weeks, 6, is_prospective=False)
scan = poisson_space_time_scan(windows, cases, expected, periods, n_simulations=199, rng=rng)
best, members = scan.clusters.iloc[0], scan.members[0]

_, (place_axes, week_axes) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
place_axes.scatter(*xy.T, s=4 * cases.sum(axis=1), color="0.7")
place_axes.scatter(*xy[members].T, s=200, facecolors="none", edgecolors="tab:red", linewidths=2)
place_axes.set_title("Places of the likeliest cylinder")
place_axes.set_axis_off()
week_axes.bar(range(weeks), cases[members].sum(axis=0), color="0.7", label="incidents there")
week_axes.plot(range(weeks), expected[members].sum(axis=0), color="black", label="expected")
first, last = int(best["first_day"]), int(best["last_day"])
week_axes.axvspan(
    first - 0.5, last + 0.5, color="tab:red", alpha=0.2, label=f"weeks {first} to {last}"
)
week_axes.set(xlabel="week", title=f"p = {best['p_value']:.3f}")
week_axes.legend(fontsize=8)
plt.show()
