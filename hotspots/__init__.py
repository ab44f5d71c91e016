"""Where canisters are dumped again and again: a library over GeoDataFrames, in metres.

It does no I/O, reads no clock and keeps no random state. Reports become incidents
(`link_reports`), incidents become hotspots (`detect_hotspots`), and hotspots keep their identity
from run to run (`match_hotspots`). `risk_surface` says where the next dumps may be expected.
"""

from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots
from hotspots.getis_ord import local_getis_ord
from hotspots.identity import match_hotspots
from hotspots.incidents import LinkedReports, LinkingParams, find_open_incident, link_reports
from hotspots.intensity import SurfaceParams, risk_surface

__all__ = [
    "DetectionParams",
    "DetectionResult",
    "LinkedReports",
    "LinkingParams",
    "SurfaceParams",
    "detect_hotspots",
    "find_open_incident",
    "link_reports",
    "local_getis_ord",
    "match_hotspots",
    "risk_surface",
]
