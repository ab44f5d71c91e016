"""How much is a small count worth?

Lamps were repaired at five sites. Incidents in a year before and a year after are few, so that
each count has a wide interval (`poisson_interval`), and so has the ratio of after to before
(`rate_ratio`). An interval that holds 1 says that nothing is shown; all sites together may show
what none does alone.
"""

import matplotlib.pyplot as plt
import numpy as np

from hotspots.stats import poisson_interval, rate_ratio

before, after = np.array([9, 14, 6, 22, 11]), np.array([5, 9, 6, 12, 7])
names = ["A", "B", "C", "D", "E", "all"]
before, after = np.append(before, before.sum()), np.append(after, after.sum())
ratios = [rate_ratio(int(a), int(b)) for a, b in zip(after, before, strict=True)]

_, (counts_axes, ratio_axes) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
for shift, counts, label in ((-0.12, before, "before"), (0.12, after, "after")):
    low, high = poisson_interval(counts[:-1])
    errors = np.vstack([counts[:-1] - low, high - counts[:-1]])
    counts_axes.errorbar(np.arange(5) + shift, counts[:-1], errors, fmt="o", capsize=3, label=label)
counts_axes.set_xticks(range(5), names[:-1])
counts_axes.set(ylim=(0, None), ylabel="incidents in a year", title="Counts with 95 % intervals")
counts_axes.legend()
for row, ratio in enumerate(ratios):
    ratio_axes.plot([ratio.low, ratio.high], [row, row], color="tab:blue")
    ratio_axes.plot(ratio.ratio, row, "o", color="tab:blue")
    ratio_axes.text(4.4, row, f"p = {ratio.p_value:.3f}", va="center")
ratio_axes.axvline(1, color="0.5", linestyle="--")
ratio_axes.set_yticks(range(6), names)
ratio_axes.set(xlim=(0, 5.2), xlabel="after over before", title="Ratios with 95 % intervals")
plt.show()
