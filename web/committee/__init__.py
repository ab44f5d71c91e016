"""The report to the committee: choose days and version, read it, take it away as a file."""

from web.committee import report
from web.committee.blueprint import committee

__all__ = ["committee", "report"]
