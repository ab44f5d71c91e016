"""What was enforced in a year, for everybody: by kind and by how it ended, nothing of a person.

Statutory guidance (April 2026) wants no target and no reward for numbers of notices, so that these
figures are counts and nothing else. A year is released once, in the February after it.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from geodata.core.vocabulary import ACTION_WORDS, ActionKind, NoticeState
from geodata.enforcement import actions
from geodata.store import releases
from geodata.store.releases import ENFORCEMENT
from web.services.publishing.disclosure import SMALLEST_SHOWN, suppressed
from web.services.publishing.release_cells import Cells, Period

ENDINGS = {
    "paid": frozenset({NoticeState.PAID_DISCOUNT, NoticeState.PAID_FULL}),
    "cancelled": frozenset(
        {
            NoticeState.CANCELLED,
            NoticeState.VOID,
            NoticeState.WITHDRAWN,
            NoticeState.APPEAL_ALLOWED,
        }
    ),
    "court": frozenset({NoticeState.COURT, NoticeState.CONVICTED, NoticeState.ACQUITTED}),
}
OTHER = "other"
ALL_KINDS = "All kinds"
COLUMNS = ("year", "kind", "given", *ENDINGS, OTHER, "released_at")


@dataclass(frozen=True)
class ActivityRow:
    """One kind of action in a year; None where so few must not be told.

    Attributes
    ----------
    given, paid, cancelled, court, other
        How many were given, and how these stood when the year was released.
    """

    kind: str
    given: int | None
    paid: int | None
    cancelled: int | None
    court: int | None
    other: int | None


@dataclass(frozen=True)
class ActivityYear:
    """A year as it was released; ``total`` is that of all kinds, None where it is small."""

    name: str
    first_day: date
    released_at: datetime
    total: int | None
    rows: list[ActivityRow]


def activity_cells(session: Session, period: Period) -> Cells:
    """What was given in a year, every kind, and how it ended.

    Each kind is a part of the year's sum, and each ending a part of its kind, whose sums count as
    known: small parts are withheld with as many others as it takes.
    """
    actions_given = actions.every(
        session, since=period.first_day, until=period.last_day, is_given=True
    )
    given = [(action.kind, state) for action, state in actions_given]
    by_kind = Counter(kind for kind, _ in given)
    shown = suppressed([by_kind[kind] for kind in ActionKind])
    rows = [
        {"kind": kind.value, "given": count, **_endings(given, kind, is_shown=count is not None)}
        for kind, count in zip(ActionKind, shown, strict=True)
    ]
    return {"rows": rows, "total": len(given) if len(given) >= SMALLEST_SHOWN else None}


def _endings(
    given: list[tuple[str, str]], kind: ActionKind, *, is_shown: bool
) -> dict[str, int | None]:
    names = (*ENDINGS, OTHER)
    if not is_shown:
        return dict.fromkeys(names)
    counts = Counter(_ending(state) for of, state in given if of == kind)
    return dict(zip(names, suppressed([counts[name] for name in names]), strict=True))


def _ending(state: str) -> str:
    return next((name for name, states in ENDINGS.items() if state in states), OTHER)


def published_activity(session: Session) -> list[ActivityYear]:
    """Every year that was released, the newest first."""
    years = releases.releases(session, ENFORCEMENT)
    return [
        ActivityYear(
            year.period,
            year.first_day,
            year.released_at,
            year.cells.get("total"),
            [ActivityRow(**row) for row in year.cells["rows"]],
        )
        for year in reversed(years)
    ]


def activity_csv(years: list[ActivityYear]) -> str:
    """The same as a table; an empty cell is withheld."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for year in years:
        of_year = {"year": year.name, "released_at": year.released_at.isoformat()}
        for row in year.rows:
            cells = vars(row) | {"kind": ACTION_WORDS[ActionKind(row.kind)]}
            writer.writerow({**of_year, **cells})
        writer.writerow({**of_year, "kind": ALL_KINDS, "given": year.total})
    return text.getvalue()
