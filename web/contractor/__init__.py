"""Pages for the crews that clear: the worklist, the outcome, the round; with signal or without."""

from web.contractor import answers, jobs, offline, outcomes, rounds
from web.contractor.blueprint import contractor

__all__ = ["answers", "contractor", "jobs", "offline", "outcomes", "rounds"]
