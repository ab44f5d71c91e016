"""The contractor's work: worklist, rounds, outcomes, and how the promise is kept.

Imports `common`, `incidents`, `paper`. Start with `outcomes`, which this door re-exports.
"""

from web.services.clearing.new_clearance import NewClearance
from web.services.clearing.outcomes import (
    REOPEN_WITHIN,
    STILL_THERE,
    Recorded,
    faults_of,
    record,
    reopen,
)

__all__ = [
    "REOPEN_WITHIN",
    "STILL_THERE",
    "NewClearance",
    "Recorded",
    "faults_of",
    "record",
    "reopen",
]
