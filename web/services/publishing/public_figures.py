"""What the public may see: counts by ward and by month, the small ones hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import frames
from geodata.core.vocabulary import IncidentState
from geodata.frames.published_incidents import published_incidents
from geodata.rules.days import LONDON
from hotspots.effects.clearance_times import NOT_OURS
from web.services.publishing.disclosure import (
    SMALLEST_SHOWN,
    Told,
    share_in_words,
    suppressed_pairs,
)

MONTHS = 12
HIDDEN = "Too few to show"


@dataclass(frozen=True)
class Row:
    """One line of a table; each number is its words."""

    name: str
    reported: str
    cleared: str
    in_target: str


@dataclass(frozen=True)
class PublicFigures:
    """Incidents first reported in the last full twelve months.

    Attributes
    ----------
    since, until
        First day, and the day after the last.
    total
        Of the borough; ``in_target`` is the share of what fell due that was cleared by then.
    wards, months
        The same by ward and by month.
    areas
        ``name``, ``geometry``, ``incidents`` (reported; NaN where hidden), ``shown``, ``cleared``
        and ``in_target`` (their words): for the map.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    total: Row
    wards: list[Row]
    months: list[Row]
    areas: gpd.GeoDataFrame

    @property
    def month_ends(self) -> list[pd.Timestamp]:
        """When each month of ``months`` ended: the first moment of the next."""
        return [self.since + pd.DateOffset(months=n + 1) for n in range(MONTHS)]


def figures(session: Session, *, now: datetime) -> PublicFigures:
    """The public's figures as of a moment. The running month is left out: it is not finished."""
    until = pd.Timestamp(now).tz_convert(LONDON).normalize().replace(day=1)
    since = until - pd.DateOffset(months=MONTHS)
    incidents = published_incidents(session, since.to_pydatetime(), until.to_pydatetime())
    wards = frames.wards(session, until.date() - timedelta(days=1))
    ward_of = _ward_of(incidents, wards)
    facts = _facts(incidents, since, until)
    by_ward = _table(facts.groupby(ward_of).sum(), range(-1, len(wards)))
    month_names = [f"{since + pd.DateOffset(months=n):%B %Y}" for n in range(MONTHS)]
    by_month = _table(facts.groupby(_month_of(incidents, since)).sum(), range(MONTHS))
    months = [
        Row(name, *_words(incidents, due))
        for name, (incidents, due) in zip(month_names, by_month, strict=True)
    ]
    ward_rows = [
        Row(name, *_words(incidents, due))
        for name, (incidents, due) in zip(wards["name"], by_ward[1:], strict=True)
    ]
    return PublicFigures(
        since, until, _total(facts), ward_rows, months, _areas(wards, by_ward[1:], ward_rows)
    )


def _facts(incidents: gpd.GeoDataFrame, since: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """Of each incident 0 or 1: reported, cleared, due, in target."""
    is_reported = incidents["first_reported_at"].between(since, until, inclusive="left")
    is_cleared = incidents["state"] == IncidentState.CLEARED.value
    is_due = incidents["due_at"].between(since, until, inclusive="left") & ~incidents["state"].isin(
        NOT_OURS
    )
    is_in_time = is_cleared & (incidents["closed_at"] <= incidents["due_at"])
    return pd.DataFrame(
        {
            "reported": is_reported,
            "cleared": is_reported & is_cleared,
            "due": is_due,
            "in_target": is_due & is_in_time,
        }
    ).astype(int)


def _ward_of(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> np.ndarray:
    """Position of each incident's ward; -1 outside them all, the first where borders meet."""
    tree = shapely.STRtree(wards.geometry.to_numpy())
    inside, ward = tree.query(incidents.geometry.to_numpy(), predicate="intersects")
    first = pd.Series(ward).groupby(inside).min()
    return np.asarray(first.reindex(range(len(incidents)), fill_value=-1))


def _month_of(incidents: gpd.GeoDataFrame, since: pd.Timestamp) -> np.ndarray:
    """Months since the first, of the report. An incident of before is none's (it only fell due)."""
    local = incidents["first_reported_at"].dt.tz_convert(LONDON)
    return np.asarray((local.dt.year - since.year) * 12 + local.dt.month - since.month)


def _table(sums: pd.DataFrame, keys: Sequence[int]) -> list[tuple[Told, str]]:
    """Reported and cleared of each key as they may be told, and the share in target in words."""
    totals = sums.reindex(keys, fill_value=0)
    pairs = suppressed_pairs(list(zip(totals["reported"], totals["cleared"], strict=True)))
    shares = [
        share_in_words(*pair) for pair in zip(totals["in_target"], totals["due"], strict=True)
    ]
    return list(zip(pairs, shares, strict=True))


def _words(published: Told, in_target: str) -> tuple[str, str, str]:
    reported, cleared = (HIDDEN if count is None else f"{count:,}" for count in published)
    return reported, cleared, in_target


def _total(facts: pd.DataFrame) -> Row:
    sums = facts.sum()
    reported, cleared = int(sums["reported"]), int(sums["cleared"])
    is_small = 0 < cleared < SMALLEST_SHOWN or 0 < reported - cleared < SMALLEST_SHOWN
    published = (
        None if 0 < reported < SMALLEST_SHOWN else reported,
        None if is_small else cleared,
    )
    in_target, due = int(sums["in_target"]), int(sums["due"])
    is_large = min(in_target, due - in_target) >= SMALLEST_SHOWN
    share = f"{in_target / due:.0%}" if is_large else share_in_words(in_target, due)
    return Row("The whole borough", *_words(published, share))


def _areas(
    wards: gpd.GeoDataFrame, published: list[tuple[Told, str]], rows: list[Row]
) -> gpd.GeoDataFrame:
    counts = pd.Series([reported for (reported, _), _ in published], dtype=float, index=wards.index)
    return wards.drop(columns="id").assign(
        incidents=counts,
        shown=[row.reported for row in rows],
        cleared=[row.cleared for row in rows],
        in_target=[row.in_target for row in rows],
    )
