"""Interventions, and the poster campaigns among them: sites, wording, events.

Imports `core`, `models`, `people`. Start with `campaigns`, which this door re-exports.
"""

from geodata.posters.campaigns import (
    AUDITED,
    ENTITY,
    VIEW_M,
    add_campaign,
    campaigns,
    change_campaign,
    find_campaign,
    in_view,
    intervention_of,
    settle_intervention,
    view_m,
)

__all__ = [
    "AUDITED",
    "ENTITY",
    "VIEW_M",
    "add_campaign",
    "campaigns",
    "change_campaign",
    "find_campaign",
    "in_view",
    "intervention_of",
    "settle_intervention",
    "view_m",
]
