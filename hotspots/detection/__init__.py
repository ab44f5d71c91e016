"""From incidents to hotspots, and what becomes of each from run to run.

Imports all rooms above it. Start with `detect_hotspots`; `identity` follows hotspots,
`classes` and `trend` say what changes, `surveillance` watches the whole borough.
"""

from hotspots.detection.classes import ClassParams, classify
from hotspots.detection.detection_params import DetectionParams
from hotspots.detection.detection_result import DetectionResult
from hotspots.detection.hotspot_detection import detect_hotspots
from hotspots.detection.identity import HotspotMatches, match_hotspots
from hotspots.detection.surveillance import ears_c1_bounds, farrington_bounds
from hotspots.detection.suspicions import SuspicionParams
from hotspots.detection.trend import assess_change

__all__ = [
    "ClassParams",
    "DetectionParams",
    "DetectionResult",
    "HotspotMatches",
    "SuspicionParams",
    "assess_change",
    "classify",
    "detect_hotspots",
    "ears_c1_bounds",
    "farrington_bounds",
    "match_hotspots",
]
