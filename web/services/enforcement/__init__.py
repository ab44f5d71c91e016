"""Actions recorded where they are lawful; notices, orders, deadlines and evidence.

Imports `common`. Start with `recording`, which this door re-exports.
"""

from web.services.enforcement.recording import (
    ENTITY,
    ActDraft,
    Choice,
    NearIncident,
    incidents_near,
    record,
    refuse_personal_data,
    routes_for,
    same_act_perhaps,
    snapshot,
    tied_to,
)

__all__ = [
    "ENTITY",
    "ActDraft",
    "Choice",
    "NearIncident",
    "incidents_near",
    "record",
    "refuse_personal_data",
    "routes_for",
    "same_act_perhaps",
    "snapshot",
    "tied_to",
]
