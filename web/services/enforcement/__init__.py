"""Actions recorded where they are lawful; notices, orders, deadlines and evidence.

Imports `common`. Start with `recording`, which asks `lawful_choices` first; this door offers both.
"""

from web.services.enforcement.act_drafts import ActDraft, Choice
from web.services.enforcement.lawful_choices import routes_for
from web.services.enforcement.near_incidents import NearIncident, incidents_near
from web.services.enforcement.recording import ENTITY, record, refuse_personal_data, snapshot
from web.services.enforcement.same_acts import same_act_perhaps, tied_to

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
