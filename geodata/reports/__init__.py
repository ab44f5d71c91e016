"""Reports, drafts of reports, and the texts that wait for an officer.

Imports `core`, `models`, `media`. Start with `filed_reports`, which this door re-exports.
"""

from geodata.reports.filed_reports import (
    ALPHABET,
    RECORDED_ELSEWHERE,
    REFERENCE_LENGTH,
    add,
    as_reference,
    by_idempotency_key,
    by_ids,
    by_reference,
    incidents_of,
    new_reference,
    new_references,
    poster_site,
)

__all__ = [
    "ALPHABET",
    "RECORDED_ELSEWHERE",
    "REFERENCE_LENGTH",
    "add",
    "as_reference",
    "by_idempotency_key",
    "by_ids",
    "by_reference",
    "incidents_of",
    "new_reference",
    "new_references",
    "poster_site",
]
