"""The officers' desk: hotspots, their detection, what is done about them and whether it worked."""

from web.hotspot_desk import (
    alerts,
    board,
    borough,
    briefing,
    detection,
    draws,
    effect,
    hotspot,
    interventions,
    map_files,
    months,
    runs,
    sara,
    weeks,
)
from web.hotspot_desk.blueprint import desk

__all__ = [
    "alerts",
    "board",
    "borough",
    "briefing",
    "desk",
    "detection",
    "draws",
    "effect",
    "hotspot",
    "interventions",
    "map_files",
    "months",
    "runs",
    "sara",
    "weeks",
]
