"""One council's line among others: what its own pages say, put short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.incidents.open_ages import ages_of_open
from geodata.incidents.overdue import count_overdue
from web.services.partnership.comparison_table import Audience, Row, compare_partnership
from web.services.partnership.own_definitions import HOTSPOT_CLASSES
from web.services.partnership.windows import Window

INCIDENTS, IN_TARGET = "own-incidents", "own-cleared-in-target"


@dataclass(frozen=True)
class Line:
    """What a council says of itself.

    Attributes
    ----------
    open_jobs, overdue
        Now.
    incidents, in_target
        Twelve months against the twelve before; where a record is missing, it is said there.
    hotspots
        By class, of the last run by the window's end.
    """

    window: Window
    open_jobs: int
    overdue: int
    incidents: Row
    in_target: Row
    hotspots: dict[str, Row]


def line_of(session: Session, *, now: datetime) -> Line:
    """The line of the council whose store is read: the public's version, nothing of persons."""
    table = compare_partnership(session, month=None, audience=Audience.PUBLIC, now=now)
    own = {row.terms.key: row for row in table.own}
    ages = ages_of_open(session, [timedelta(days=1)], now=now)
    return Line(
        window=table.window,
        open_jobs=sum(ages.counts),
        overdue=count_overdue(session, now=now),
        incidents=own[INCIDENTS],
        in_target=own[IN_TARGET],
        hotspots={name: own[f"own-hotspots-{name}"] for name in HOTSPOT_CLASSES},
    )
