"""Patrol plans, their stops and their visits.

Imports `core`, `models`. All of it is `plans`, which this door re-exports.
"""

from geodata.patrols.plans import (
    add_visit,
    find_plan,
    find_stop,
    newest_between,
    newest_plans,
    plans_before,
    save_plan,
    stops_of,
    visits_of,
    with_seed,
)

__all__ = [
    "add_visit",
    "find_plan",
    "find_stop",
    "newest_between",
    "newest_plans",
    "plans_before",
    "save_plan",
    "stops_of",
    "visits_of",
    "with_seed",
]
