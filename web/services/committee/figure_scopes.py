"""What each figure of a report counts, and of which days: read off its address."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from geodata.frames import record_changes as of
from geodata.rules.days import corresponding_day
from web.services.committee.report_period import ReportPeriod
from web.services.committee.sections import (
    at_a_glance,
    clearance_promise,
    enforcement_counts,
    hotspot_list,
    partnership_section,
    trend_charts,
    work_done,
)
from web.services.partnership.own_definitions import OWN
from web.services.partnership.small_figures import PATTERN_YEARS
from web.services.partnership.windows import YEAR, Window, ending

DUMPS = frozenset({of.DUMPS, of.PEOPLE, "record_gaps", "series_breaks"})
CLEARED = frozenset(
    {of.CLEARANCE, "contract_period", "service_level", "working_days", "record_gaps"}
)
ENFORCEMENT = frozenset({of.ENFORCEMENT})
WORK = frozenset({"intervention", "order_version", "place"})
OWN_SUBJECTS = {
    "own-cleared-in-target": CLEARED,
    "own-repeats-28": CLEARED | {of.DUMPS},
    "own-patrol-visits": frozenset({of.PATROLS, "work_pauses"}),
    "own-patrol-hours": frozenset({of.PATROLS, "work_pauses"}),
    "own-posters-up": frozenset({of.POSTERS, "poster_site", "work_pauses"}),
    "own-education": frozenset({"intervention"}),
    "own-cost": frozenset({"intervention"}),
    "own-notices": ENFORCEMENT,
    "own-cautions": ENFORCEMENT,
    "own-payment-rate": ENFORCEMENT,
    "own-warning-effect": frozenset({of.ENFORCEMENT, "periods"}),
}
KEYS = {terms.name: key for key, terms in OWN.items()}
OWN_TABLES = (at_a_glance.CAPTION, work_done.COUNTS, partnership_section.OWN)
SUBJECTS = {
    partnership_section.PARTNERS: frozenset({of.PARTNERS, of.PEOPLE}),
    partnership_section.PEOPLE: frozenset({of.PEOPLE}),
    hotspot_list.CAPTION: WORK | {of.RUNS, "hotspot"},
    clearance_promise.CAPTION: CLEARED,
    trend_charts.CLEARANCE_NUMBERS: CLEARED,
    trend_charts.INCIDENT_NUMBERS: DUMPS,
    work_done.NAMED: WORK,
    work_done.EFFECTS: WORK | DUMPS | CLEARED,
    **dict.fromkeys((*enforcement_counts.KINDS, enforcement_counts.LADDER), ENFORCEMENT),
    enforcement_counts.ORDERS: frozenset({"order_version"}),
}
OF_RELEASES = {
    clearance_promise.CAPTION,
    trend_charts.CLEARANCE_NUMBERS,
    trend_charts.INCIDENT_NUMBERS,
    enforcement_counts.RELEASED,
}
"""What the public reads in them is what was released to it."""
OF_A_STRETCH = ("Lower limit", "Upper limit")
MONTH = re.compile(r"[A-Z][a-z]+ \d{4}")


@dataclass(frozen=True)
class FigureScope:
    """What bears on a figure.

    Attributes
    ----------
    subjects
        Of a `RecordChange`; empty: whatever changed.
    first, last
        Local days, both included.
    name
        Of the partners' indicator; empty: of none.
    ward
        Empty: of the whole borough.
    """

    subjects: frozenset[str]
    first: date
    last: date
    name: str = ""
    ward: str = ""

    def counts(self, change: of.RecordChange) -> bool:
        """Whether a change is of what it counts, in its days and its ward."""
        is_elsewhere = self.ward and change.ward and self.ward != change.ward
        return self.is_of(change) and change.speaks_of(self.first, self.last) and not is_elsewhere

    def is_of(self, change: of.RecordChange) -> bool:
        """Whether a change is of what it counts, of any days."""
        is_other = self.name and change.name and self.name != change.name
        return not is_other and (not self.subjects or not self.subjects.isdisjoint(change.subjects))


def scope_of(
    address: tuple[str, str, str], period: ReportPeriod, *, is_public: bool
) -> FigureScope:
    """Of a figure by its table, row and column."""
    caption, row, _ = address
    first, last = _days(address, period)
    name = row.split(". ")[0]
    if is_public and caption in OF_RELEASES:
        return FigureScope(frozenset({of.RELEASED}), first, last)
    if caption in OWN_TABLES:
        return FigureScope(_own(name), first, last)
    is_partner = caption == partnership_section.PARTNERS
    is_by_ward = caption in enforcement_counts.KINDS and row not in enforcement_counts.BELOW
    return FigureScope(
        frozenset(SUBJECTS.get(caption, ())),
        first,
        last,
        name if is_partner else "",
        row if is_by_ward else "",
    )


def _own(name: str) -> frozenset[str]:
    key = KEYS.get(name, "")
    if key.startswith("own-hotspots"):
        return frozenset({of.RUNS, "hotspot"})
    return OWN_SUBJECTS.get(key, DUMPS)


def _days(address: tuple[str, str, str], period: ReportPeriod) -> tuple[date, date]:
    """As narrow as the address says; else all that the table looks at."""
    caption, row, column = address
    window = ending(period.last_month)
    if caption in (clearance_promise.CAPTION, trend_charts.CLEARANCE_NUMBERS):
        return _of_month(row, column) or _looked_at(caption, period)
    if caption == trend_charts.INCIDENT_NUMBERS:
        start = datetime.strptime(MONTH.findall(column)[0], "%B %Y").date()  # noqa: DTZ007
        months = (Window(first, 1) for first in Window(start).starts())
        month = next(each for each in months if f"{each.first:%B}" == row)
        return month.first, month.last
    for each in (window, window.earlier):
        if column == str(each):
            return each.first, each.last
    year = re.search(r"\d{4}$", column) if caption in SUBJECTS else None
    if year and SUBJECTS[caption] == ENFORCEMENT:
        begins, ends = date(int(year[0]), 1, 1), date(int(year[0]), 12, 31)
        return max(period.first, begins), min(period.last, ends)
    return _looked_at(caption, period)


def _of_month(row: str, column: str) -> tuple[date, date] | None:
    if not MONTH.fullmatch(row) or column in OF_A_STRETCH:
        return None
    month = Window(datetime.strptime(row, "%B %Y").date(), 1)  # noqa: DTZ007
    return month.first, month.last


def _looked_at(caption: str, period: ReportPeriod) -> tuple[date, date]:
    if caption == clearance_promise.CAPTION:
        return period.first, period.last
    years = PATTERN_YEARS if caption != at_a_glance.CAPTION else 2
    since = corresponding_day(period.last + timedelta(days=1), -years * YEAR)
    return min(period.first, since).replace(day=1), period.last
