"""The public's report: one question a page, on a telephone, with or without JavaScript.

======================  =====================================================================
``blueprint``           the blueprint, and how a draft is opened and kept
``start``               the first page, and what a poster's code fills in
``place``               where: by words, device or photo
``spot``                confirmed on a map
``elsewhere``           told whose it is, and passed on to a council of the same house
``nearby``              compared with what is known there
``questions``           what lies there, hazards, when, anything else
``photos``              up to five, cleaned as they come
``check``               check answers, send, receipt
``refusing``            an answer that could not be taken is shown again
======================  =====================================================================
"""

from web.public.reporting import check, elsewhere, nearby, photos, place, questions, spot, start
from web.public.reporting.blueprint import reporting

__all__ = [
    "check",
    "elsewhere",
    "nearby",
    "photos",
    "place",
    "questions",
    "reporting",
    "spot",
    "start",
]
