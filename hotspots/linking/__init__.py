"""From reports to incidents: one physical dump, however many people report it.

Imports `core`. Start with `link_reports`; `rule` is the rule itself, on plain numbers.
"""

from hotspots.linking.incidents import (
    LinkedReports,
    LinkingParams,
    find_open_incident,
    link_reports,
)

__all__ = [
    "LinkedReports",
    "LinkingParams",
    "find_open_incident",
    "link_reports",
]
