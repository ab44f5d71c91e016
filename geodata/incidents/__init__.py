"""Incidents: their events, totals and states, and those that lie near or open.

Imports `core`, `models`, `rules`, `places`, `clearances`. Start with `open_incidents`;
this door re-exports `linked_incidents`, what the batch linking writes.
"""

from geodata.incidents.linked_incidents import (
    OPTIONAL,
    as_they_stand,
    count,
    differing,
    handmade,
    ids_by_key,
    incidents_by_report,
    keys_by_id,
    lapse,
    last_changes,
    save_linked,
    state_of,
    stored,
)

__all__ = [
    "OPTIONAL",
    "as_they_stand",
    "count",
    "differing",
    "handmade",
    "ids_by_key",
    "incidents_by_report",
    "keys_by_id",
    "lapse",
    "last_changes",
    "save_linked",
    "state_of",
    "stored",
]
