"""The store as GeoDataFrames: the only bridge to the analysis.

Imports `core`, `models`, `places`, `incidents`, `rules`. Start with `analysis_frames`,
which this door re-exports; columns, dtypes and CRS are documented there.
"""

from geodata.frames.analysis_frames import (
    actions,
    clearances,
    incidents,
    named_places,
    places_frame,
    record_begins,
    report_channels,
    reports,
    study_area,
    wards,
)
from geodata.frames.incident_channels import with_channels

__all__ = [
    "actions",
    "clearances",
    "incidents",
    "named_places",
    "places_frame",
    "record_begins",
    "report_channels",
    "reports",
    "study_area",
    "wards",
    "with_channels",
]
