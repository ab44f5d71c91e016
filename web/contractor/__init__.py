"""Pages for the crews that clear: the worklist, the outcome, the round; with signal or without."""

from web.contractor import jobs, offline, outcomes, rounds
from web.contractor.blueprint import contractor

__all__ = ["contractor", "jobs", "offline", "outcomes", "rounds"]
