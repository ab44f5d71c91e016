"""The committee's half: reports from draft to release, and what it has asked for.

Start with `drafts`; `releases` is what members of the committee read.
"""

from web.committee import checks, drafts, freezing, releases, template, words, work, year
from web.committee.blueprint import committee

__all__ = [
    "checks",
    "committee",
    "drafts",
    "freezing",
    "releases",
    "template",
    "words",
    "work",
    "year",
]
