"""Where canisters are dumped again and again: a library over GeoDataFrames, in metres.

It does no I/O, reads no clock and keeps no random state. Reports become incidents
(`link_reports`), incidents become hotspots (`detect_hotspots`), hotspots keep their identity
from run to run (`match_hotspots`), and what was done about them is judged (`judge_effect`).

A room stands on those above it: `core`, `geometry`, `stats`, `linking`, `routing`,
`timing`, `scan`, `forecast`, `detection`; then `patrol`, `siting`, `effects`, `synthetic`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotspots.detection import (
        DetectionParams,
        DetectionResult,
        detect_hotspots,
        match_hotspots,
    )
    from hotspots.effects import judge_effect
    from hotspots.forecast import (
        EvaluationParams,
        SurfaceParams,
        evaluate_forecasts,
        risk_surface,
    )
    from hotspots.linking import LinkedReports, LinkingParams, find_open_incident, link_reports
    from hotspots.scan import SpikeParams, local_getis_ord, scan_places, scan_spikes

__all__ = [
    "DetectionParams",
    "DetectionResult",
    "EvaluationParams",
    "LinkedReports",
    "LinkingParams",
    "SpikeParams",
    "SurfaceParams",
    "detect_hotspots",
    "evaluate_forecasts",
    "find_open_incident",
    "judge_effect",
    "link_reports",
    "local_getis_ord",
    "match_hotspots",
    "risk_surface",
    "scan_places",
    "scan_spikes",
]

_ROOMS = {
    "detection": ("DetectionParams", "DetectionResult", "detect_hotspots", "match_hotspots"),
    "effects": ("judge_effect",),
    "forecast": ("EvaluationParams", "SurfaceParams", "evaluate_forecasts", "risk_surface"),
    "linking": ("LinkedReports", "LinkingParams", "find_open_incident", "link_reports"),
    "scan": ("SpikeParams", "local_getis_ord", "scan_places", "scan_spikes"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a room when a name of it is first asked for: importing the library loads no SciPy."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'hotspots' has no attribute {name!r}")
    return getattr(import_module(f"hotspots.{_ROOM_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
