"""Did it work? Interventions judged, and what may be said about them in public.

Imports `common`. Start with `judging`, which this door re-exports.
"""

from web.services.effects.judging import (
    EffectReport,
    MonthRow,
    report_effect,
)

__all__ = [
    "EffectReport",
    "MonthRow",
    "report_effect",
]
