"""Where canisters are dumped again and again: a library over GeoDataFrames, in metres.

It does no I/O, reads no clock and keeps no random state. Reports become incidents
(`link_reports`), incidents become hotspots (`detect_hotspots`), and hotspots keep their identity
from run to run (`match_hotspots`).
"""

from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots
from hotspots.identity import match_hotspots
from hotspots.incidents import LinkedReports, LinkingParams, find_open_incident, link_reports

__all__ = [
    "DetectionParams",
    "DetectionResult",
    "LinkedReports",
    "LinkingParams",
    "detect_hotspots",
    "find_open_incident",
    "link_reports",
    "match_hotspots",
]
