"""Where canisters are dumped again and again: a library over GeoDataFrames, in metres.

It does no I/O, reads no clock and keeps no random state. Reports become incidents
(`link_reports`), incidents become hotspots (`detect_hotspots`), hotspots keep their identity
from run to run (`match_hotspots`), and what was done about them is judged (`judge_effect`).

    from one to the next   linking, company, replaying, incidents · nights, parties · aoristic,
                           timing, hot_hours
    where will it be?      mixture, intensity · baselines, accuracy, evaluation
    more than chance?      significance: nulls, scan, place_scan, space_time, spikes · monte_carlo,
                           false_discovery · getis_ord (for maps only)
    what place is it?      regions, clusters, discs, outlines, evidence, detection · identity
    what becomes of it?    periods, seasons, classes, share_changes, trend, surveillance,
                           near_repeat, histories
    act on it              deterrence, dump_rates, patrol, siting, routing, clearance_times,
                           shares
    did it work?           effects, displacement, difference_in_differences, comparison,
                           regression_to_mean, trial_power, rates
    truth that is known    synthetic, synthetic_reports
"""

from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots
from hotspots.effects import judge_effect
from hotspots.evaluation import EvaluationParams, evaluate_forecasts
from hotspots.getis_ord import local_getis_ord
from hotspots.identity import match_hotspots
from hotspots.incidents import LinkedReports, LinkingParams, find_open_incident, link_reports
from hotspots.intensity import SurfaceParams, risk_surface
from hotspots.place_scan import scan_places
from hotspots.spikes import SpikeParams, scan_spikes

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
