"""Pages for enforcement: for officers who may read its data, each look in the audit."""

from web.enforcement import (
    deadlines,
    evidence,
    footage,
    hotspots,
    issuers,
    letters,
    maps,
    notice_evidence,
    notices,
    orders,
    overview,
    recording,
)
from web.enforcement.blueprint import enforcement

__all__ = [
    "deadlines",
    "enforcement",
    "evidence",
    "footage",
    "hotspots",
    "issuers",
    "letters",
    "maps",
    "notice_evidence",
    "notices",
    "orders",
    "overview",
    "recording",
]
