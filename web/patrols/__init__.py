"""Pages for planning a shift, taking its sheet along, and logging what happened."""

from web.patrols import papers, plans, shift_calendar, visits
from web.patrols.blueprint import patrols

__all__ = ["papers", "patrols", "plans", "shift_calendar", "visits"]
