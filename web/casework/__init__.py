"""Officers' work on incidents, and how the promise of clearance is kept."""

from web.casework import incidents, performance, told_late
from web.casework.blueprint import casework

__all__ = ["casework", "incidents", "performance", "told_late"]
