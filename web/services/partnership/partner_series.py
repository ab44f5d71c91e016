"""Partners' figures as series."""

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from geodata.core.vocabulary import AreaKind
from geodata.indicators import indicator_list
from geodata.indicators.areas import Area, moves, outlines
from geodata.indicators.observations import observations
from web.services.partnership.series import Break, Figure, Series, Terms

COMPARED = (AreaKind.BOROUGH, AreaKind.COUNTY, AreaKind.FORCE)
RECOUNTED = "counted in another way"
"""What is said of a break that the publisher gives no reason for."""


def partner_terms(session: Session) -> dict[str, Terms]:
    """What each imported indicator means, by key, in the order of the names."""
    return {
        key: Terms(
            key,
            row.name,
            row.unit,
            row.polarity,
            row.disclosure,
            row.paragraph,
            row.source,
            row.definition or "",
        )
        for key, row in indicator_list.by_key(session).items()
    }


def partner_series(
    session: Session, terms: Mapping[str, Terms], kinds: Collection[AreaKind] = COMPARED
) -> dict[tuple[str, Area], Series]:
    """The series of these indicators in areas of these kinds, by key and area."""
    rows = observations(session, kinds=kinds)
    rows = rows[rows["key"].isin(list(terms))]
    drawn = outlines(session)
    moved = {area: moves(each) for area, each in drawn.items()}
    return {
        (key, Area(kind, area)): _series(
            terms[key], Area(kind, area), group, moved.get(Area(kind, area), [])
        )
        for (key, kind, area), group in rows.groupby(["key", "area_kind", "area"], sort=False)
    }


def _series(terms: Terms, area: Area, rows: pd.DataFrame, moved: list[date]) -> Series:
    figures = {
        (row.first_day, row.months): Figure(
            row.value,
            reason="" if row.value is not None or row.below else "the publisher has no figure",
            is_provisional=row.is_provisional,
            below=row.below,
        )
        for row in rows.itertuples(index=False)
    }
    broken = rows[rows["is_break"].astype(bool)]
    breaks = [
        Break(day, why or RECOUNTED)
        for day, why in zip(broken["first_day"], broken["break_reason"], strict=True)
    ]
    breaks += [Break(day, "the boundary moved") for day in moved]
    return Series(terms, area, figures, tuple(breaks))
