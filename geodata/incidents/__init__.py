"""Incidents: their events, totals and states, and those that lie near or open.

Imports `core`, `models`, `rules`, `places`, `clearances`. Start with `open_incidents`;
this door re-exports `linked_incidents`, what the batch linking writes.
"""

from geodata.incidents.linked_incidents import (
    OPTIONAL,
    count,
    handmade,
    keys_by_id,
    lapse,
    last_changes,
    save_linked,
    state_of,
    stored,
)

__all__ = [
    "OPTIONAL",
    "count",
    "handmade",
    "keys_by_id",
    "lapse",
    "last_changes",
    "save_linked",
    "state_of",
    "stored",
]
