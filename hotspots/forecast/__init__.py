"""Where will the next incidents be? The risk surface, and how forecasts are judged.

Imports `core`, `geometry`, `stats`, `timing`, `scan`. Start with `intensity`.
"""

from hotspots.forecast.evaluation import EvaluationParams, evaluate_forecasts
from hotspots.forecast.intensity import SurfaceParams, risk_surface

__all__ = [
    "EvaluationParams",
    "SurfaceParams",
    "evaluate_forecasts",
    "risk_surface",
]
