"""Pages for planning a shift, taking its sheet along, and logging what happened."""

from web.patrols import papers, plans, visits
from web.patrols.blueprint import patrols

__all__ = ["papers", "patrols", "plans", "visits"]
