"""Did it work? Interventions judged against comparison sites, and clearance against its promise.

Imports `core`, `geometry`, `stats`. Start with `judge_effect` and `clearance_times`.
"""

from hotspots.effects.clearance_times import clearance_figures
from hotspots.effects.displacement import BeforeAfter, weighted_displacement
from hotspots.effects.judgement import (
    FEWER,
    MORE,
    NO_CLEAR_EFFECT,
    TOO_FEW,
    Effect,
    held_to_steady,
    judge_effect,
)

__all__ = [
    "FEWER",
    "MORE",
    "NO_CLEAR_EFFECT",
    "TOO_FEW",
    "BeforeAfter",
    "Effect",
    "clearance_figures",
    "held_to_steady",
    "judge_effect",
    "weighted_displacement",
]
