"""A shift's patrol plan: which team stands where and when.

Imports `core` and `timing`. Start with `plan_patrol`.
"""

from hotspots.patrol.planning import PatrolPlan, plan_patrol
from hotspots.patrol.wishes import PatrolParams

__all__ = [
    "PatrolParams",
    "PatrolPlan",
    "plan_patrol",
]
