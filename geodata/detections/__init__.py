"""Detection runs, the hotspots they flagged, and what officers write about them.

Imports `core`, `models`, `people`. Start with `runs`, which this door re-exports.
"""

from geodata.detections.member_months import member_months
from geodata.detections.member_totals import MemberTotals, member_totals
from geodata.detections.month_squares import (
    MonthSquares,
    month_squares_of,
    save_month_squares,
)
from geodata.detections.run_grids import Grid, grid_of, save_grid
from geodata.detections.runs import (
    RunRecord,
    are_all_there,
    find_by_code,
    find_identity,
    find_run,
    history_of,
    hotspots_of,
    identities,
    identities_by_key,
    identity_names,
    last_ground_by_identity,
    last_incidents_by_identity,
    latest_run,
    latest_run_key,
    members_of,
    new_identity,
    run_before,
    runs,
    save_hotspot,
    save_run,
    save_succession,
    successions_at,
    successions_of,
)

__all__ = [
    "Grid",
    "MemberTotals",
    "MonthSquares",
    "RunRecord",
    "are_all_there",
    "find_by_code",
    "find_identity",
    "find_run",
    "grid_of",
    "history_of",
    "hotspots_of",
    "identities",
    "identities_by_key",
    "identity_names",
    "last_ground_by_identity",
    "last_incidents_by_identity",
    "latest_run",
    "latest_run_key",
    "member_months",
    "member_totals",
    "members_of",
    "month_squares_of",
    "new_identity",
    "run_before",
    "runs",
    "save_grid",
    "save_hotspot",
    "save_month_squares",
    "save_run",
    "save_succession",
    "successions_at",
    "successions_of",
]
