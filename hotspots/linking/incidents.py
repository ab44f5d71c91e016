"""From reports to incidents: one physical dump, however many people tell of it.

A report joins an incident when it lies within the radius of the incident's **first** report (so
a chain of reports cannot wander down a street), the incident was still open when the report was
observed, and no more than ``link_days`` passed since its last report (METHOD.md section 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import ParameterError
from hotspots.core.frames import aware_utc, check_points
from hotspots.linking.incident_frames import incidents_frame
from hotspots.linking.replay import replay
from hotspots.linking.report_frames import column, instants, read_clearances, report_ids, sightings
from hotspots.linking.rule import NEVER, Incident, Rule, nearest_open

_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class LinkingParams:
    """When two reports speak of one incident.

    Attributes
    ----------
    link_radius_m
        Distance from the incident's first report, > 0; both points' stated accuracy is added.
    max_radius_m
        The most that accuracy may stretch the radius to, ≥ ``link_radius_m``.
    link_days
        Days since the incident's last report after which it has lapsed, > 0.
    not_found_grace_hours
        Hours after "not found" in which a new report reopens the incident, ≥ 0.
    is_job_per_report
        Whether every report is a job of its own that is closed on its own, as in Open311: then an
        incident stays open until the last of its jobs is closed. Otherwise the clearance of any
        of its reports is that of the incident.
    """

    link_radius_m: float = 25.0
    max_radius_m: float = 60.0
    link_days: float = 7.0
    not_found_grace_hours: float = 24.0
    is_job_per_report: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.link_radius_m < np.inf:
            raise ParameterError(f"link_radius_m is {self.link_radius_m}: it must be above 0")
        if not self.link_radius_m <= self.max_radius_m < np.inf:
            raise ParameterError(
                f"max_radius_m is {self.max_radius_m}: it must be at least "
                f"link_radius_m ({self.link_radius_m})"
            )
        if not 0 < self.link_days < 36_500:
            raise ParameterError(f"link_days is {self.link_days}: it must be above 0")
        if not 0 <= self.not_found_grace_hours < 876_000:
            raise ParameterError(
                f"not_found_grace_hours is {self.not_found_grace_hours}: it must be 0 or more"
            )

    def rule(self) -> Rule:
        """The same, in microseconds."""
        return Rule(
            float(self.link_radius_m),
            float(self.max_radius_m),
            round(self.link_days * _DAY_US),
            round(self.not_found_grace_hours * _DAY_US / 24),
            self.is_job_per_report,
        )


@dataclass(frozen=True, eq=False)
class LinkedReports:
    """What linking found.

    Attributes
    ----------
    incidents
        One row an incident, oldest first, in the reports' CRS: ``incident_id`` (its first
        report's id), ``geometry`` and ``accuracy_m`` (of its first report),
        ``first_reported_at``, ``last_reported_at``, ``reports``, ``public_reports`` (of the
        public and partners: officers', crews' and systems' own finds are not public attention),
        ``chargers`` and ``cylinders`` (the largest estimate, NaN when none), ``first_seen_at``
        (the earliest sighting), ``last_clean_at`` (the latest before it), ``from_vehicle``,
        ``cleared_at`` and ``outcome`` (of what closed it, else null).
    membership
        ``incident_id`` on the index of the reports known at ``as_of``.
    """

    incidents: gpd.GeoDataFrame
    membership: pd.Series


def link_reports(
    reports: gpd.GeoDataFrame,
    clearances: pd.DataFrame | None = None,
    params: LinkingParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str | None = None,
) -> LinkedReports:
    """Link reports into incidents; the result does not depend on the order of rows.

    Parameters
    ----------
    reports
        Points in metres; ``reported_at`` (aware). Used where present: ``report_id`` (unique;
        otherwise the index), ``observed_at``, ``accuracy_m`` (≥ 0), ``source``, ``chargers``,
        ``cylinders``, ``first_seen_at``, ``last_clean_at``, ``from_vehicle``.
    clearances
        ``cleared_at`` (aware), ``outcome``, and ``report_id`` (closes the incident of that
        report) or, where it is null or absent, ``geometry`` (closes the open incidents within
        the radius). Outcomes other than cleared, not_found, not_our_land and duplicate do not
        close. "Not found" closes after a grace period, within which a report reopens.
    as_of
        Reports and clearances of later times are not seen; None sees all.

    Raises
    ------
    FrameError, CRSError
        A frame is not as above; a clearance names a report that is not in ``reports``.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> reports = gpd.GeoDataFrame(
    ...     {"report_id": ["A", "B", "C"],
    ...      "reported_at": pd.to_datetime(["2026-05-01", "2026-05-02", "2026-05-04"], utc=True)},
    ...     geometry=gpd.points_from_xy([0, 10, 10], [0, 0, 0]), crs=27700)
    >>> clearances = pd.DataFrame(
    ...     {"report_id": ["A"], "outcome": ["cleared"],
    ...      "cleared_at": pd.to_datetime(["2026-05-03"], utc=True)})
    >>> linked = link_reports(reports, clearances)
    >>> linked.membership.tolist()
    ['A', 'A', 'C']
    >>> linked.incidents["reports"].tolist()
    [2, 1]
    """
    check_points(reports, name="reports", times=("reported_at",))
    ids = report_ids(reports)
    now = NEVER if as_of is None else int(aware_utc(as_of).as_unit("us").asm8.astype(np.int64))
    rule = (params or LinkingParams()).rule()
    everything = read_clearances(clearances, reports, ids)
    known = instants(reports, "reported_at") <= now
    row_of = np.append(np.where(known, np.cumsum(known) - 1, -1), -1)  # the last: of no report
    closing = everything.among(everything.known_at <= now)
    closing = closing._replace(row=row_of[closing.row])
    seen, seen_ids = reports[known], ids[known]
    first, closings = replay(sightings(seen, seen_ids), closing, rule)
    return LinkedReports(
        incidents_frame(seen, seen_ids, first, closings),
        pd.Series(seen_ids.to_numpy()[first], index=seen.index, name="incident_id"),
    )


def find_open_incident(
    report: Mapping[str, Any],
    incidents: gpd.GeoDataFrame,
    params: LinkingParams | None = None,
) -> Any | None:
    """The ``incident_id`` that a new report joins, or None when it opens an incident.

    The rule is that of `link_reports`: a history fed through here one by one comes out the same.

    Parameters
    ----------
    report
        ``geometry`` (Point, metres, CRS of ``incidents``) and ``reported_at``; where known
        ``observed_at`` and ``accuracy_m``.
    incidents
        Incidents near the report, at least those not yet lapsed: ``incident_id``, ``geometry``
        (of the first report), ``first_reported_at``, ``last_reported_at``; where present
        ``accuracy_m``, ``cleared_at`` and ``outcome``. Closed ones may be among them: a report
        filed late may speak of what has been cleared since.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, shapely
    >>> noon = pd.Timestamp("2026-05-01T12:00+00:00")
    >>> incidents = gpd.GeoDataFrame(
    ...     {"incident_id": [7], "first_reported_at": [noon], "last_reported_at": [noon]},
    ...     geometry=[shapely.Point(0, 0)], crs=27700)
    >>> later = noon + pd.Timedelta(days=1)
    >>> find_open_incident({"geometry": shapely.Point(20, 0), "reported_at": later}, incidents)
    7
    >>> find_open_incident({"geometry": shapely.Point(30, 0), "reported_at": later}, incidents)
    """
    check_points(incidents, times=("first_reported_at", "last_reported_at"))
    rule = (params or LinkingParams()).rule()
    frame = gpd.GeoDataFrame([dict(report)], geometry="geometry", crs=incidents.crs)
    check_points(frame, name="report", times=("reported_at",))
    ids = pd.Series(incidents["incident_id"].to_numpy())
    seen = sightings(frame, pd.Series([0])).one_by_one()[0]
    joined = nearest_open(seen, _open_incidents(incidents, ids, rule), rule)
    return None if joined is None else ids.tolist()[joined.row]


def _open_incidents(incidents: gpd.GeoDataFrame, ids: pd.Series, rule: Rule) -> list[Incident]:
    first = incidents.rename(columns={"first_reported_at": "reported_at"})
    firsts = sightings(first.drop(columns="observed_at", errors="ignore"), ids).one_by_one()
    last = instants(incidents, "last_reported_at").tolist()
    cleared = instants(incidents, "cleared_at", missing=NEVER).tolist()
    outcome = column(incidents, "outcome", None).tolist()
    opened = [Incident(*row) for row in zip(firsts, range(len(firsts)), last, strict=True)]
    for incident, at, why in zip(opened, cleared, outcome, strict=True):
        if at != NEVER:
            incident.clear(at, "cleared" if pd.isna(why) else why, rule)
    return opened
