"""Choosing where a campaign's posters are to hang, with the officer's own word on single sites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata import frames, places
from geodata.core.errors import RefusedError
from geodata.core.types import SRID
from geodata.core.vocabulary import PlaceKind
from geodata.posters import poster_sites
from geodata.posters.poster_wording import ENGLISH
from hotspots.core.errors import HotspotsError
from hotspots.siting import PosterSiting, site_posters

if TYPE_CHECKING:
    from geodata.models import PosterSite

OWN = "own"
"""The kind of a candidate that an officer put on the map."""
KINDS = {
    PlaceKind.LAMP_COLUMN.value: "Lamp columns",
    PlaceKind.CAR_PARK.value: "Car parks",
    PlaceKind.PARK.value: "Parks",
    OWN: "Sites that officers put on the map",
}
_PLACE, _SITE = "p", "s"
_KEY = re.compile(r"[ps]\d{1,9}")
"""A candidate's key: whose it is, and its key there."""
WINDOW_DAYS = 365
SHOWN_NEXT = 8


@dataclass(frozen=True)
class CampaignWish:
    """What an officer asks for.

    Attributes
    ----------
    valid_from, valid_to, review_on
        Local days; the last two may be open.
    budget
        Number of posters.
    view_m
        Distance in metres from which a poster is read.
    kinds
        Of candidates, of ``KINDS``.
    kept, struck
        Keys of candidates that must be among the sites, and that must not.
    """

    name: str
    valid_from: date
    budget: int
    view_m: float = 50.0
    valid_to: date | None = None
    review_on: date | None = None
    languages: tuple[str, ...] = (ENGLISH,)
    kinds: tuple[str, ...] = tuple(KINDS)
    kept: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Proposal:
    """Where posters would hang, and what that is worth. Nothing is written yet.

    Attributes
    ----------
    sites
        In the order in which to put them up, those that must be first: ``key``, ``name``, ``kind``,
        ``is_kept``, ``added``, ``covered`` (incidents that it adds, in view by then), ``geometry``.
    following
        Candidates left that would add most: ``key``, ``name``, ``kind``, ``added``, ``geometry``.
    struck
        Candidates that were struck out: ``key``, ``name``, ``kind``, ``geometry``.
    covered, bound, total, next_adds
        Incidents of the last 12 months: in view; more than which no choice with these wishes has in
        view; all; and what one poster more would add, sited best.
    candidates
        Number of candidates by kind, before any was struck out.
    """

    wish: CampaignWish
    sites: gpd.GeoDataFrame
    following: gpd.GeoDataFrame
    struck: gpd.GeoDataFrame
    covered: float
    bound: float
    total: float
    next_adds: float
    candidates: dict[str, int] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        return [str(key) for key in self.sites["key"]]


def propose(session: Session, wish: CampaignWish, *, now: datetime) -> Proposal:
    """Choose sites; nothing is written, since the search may take a minute.

    Raises
    ------
    RefusedError
        There is nowhere to hang a poster, nothing to be seen from there, or a wish is impossible.
    """
    everywhere = _candidates(session, wish.valid_from)
    allowed = everywhere["kind"].isin(wish.kinds) | everywhere["key"].isin(wish.kept)
    is_struck = everywhere["key"].isin(wish.struck)
    free = everywhere[allowed & ~is_struck].reset_index(drop=True)
    _refuse_nowhere(everywhere, free, wish)
    incidents = recent_incidents(session, now)
    is_kept = free["key"].isin(wish.kept)
    kept = _sited(free[is_kept], incidents, len(free), wish)
    rest = incidents[~kept.is_covered]
    chosen = _sited(free[~is_kept], rest, wish.budget - int(is_kept.sum()), wish)
    sites = _in_order(free, is_kept, kept, chosen)
    if sites.empty:
        raise RefusedError(
            f"none of the {len(incidents)} incidents of the last 12 months lies within "
            f"{wish.view_m:g} m of a candidate: allow a longer view, bring more candidates, or "
            f"add one on the map"
        )
    left = free[~free["key"].isin(sites["key"])]
    return Proposal(
        wish,
        sites,
        _following(left, rest[~chosen.is_covered], wish.view_m),
        everywhere[is_struck],
        kept.covered + chosen.covered,
        kept.covered + chosen.bound,
        float(len(incidents)),
        chosen.next_adds,
        {kind: int(n) for kind, n in everywhere["kind"].value_counts().items()},
    )


def candidates_of(session: Session, keys: Sequence[str]) -> gpd.GeoDataFrame:
    """Candidates of these keys, in their order: ``key``, ``name``, ``kind``, ``geometry``.

    Read by their keys: a borough has thousands of lamp columns, and a map shows a few.
    """
    ids = {int(key[1:]) for key in keys if _KEY.fullmatch(key) and key[0] == _PLACE}
    named = frames.places_frame(places.by_ids(session, ids))
    candidates = _joined(named, poster_sites.candidates(session)).set_index("key", drop=False)
    return candidates.loc[[key for key in keys if key in candidates.index]].reset_index(drop=True)


def recent_incidents(session: Session, now: datetime) -> gpd.GeoDataFrame:
    """Incidents of the last 12 months."""
    return frames.incidents(session, after=now - timedelta(days=WINDOW_DAYS), until=now)


def figures(proposal: Proposal) -> dict[str, Any]:
    """What a campaign keeps of how its sites were chosen."""
    rows = proposal.sites.itertuples()
    return {
        "budget": proposal.wish.budget,
        "view_m": proposal.wish.view_m,
        "covered": proposal.covered,
        "bound": proposal.bound,
        "total": proposal.total,
        "next_adds": proposal.next_adds,
        "adds": [
            {"name": row.name, "added": row.added, "covered": row.covered, "is_kept": row.is_kept}
            for row in rows
        ],
        "struck": list(proposal.struck["name"]),
    }


def _candidates(session: Session, day: date) -> gpd.GeoDataFrame:
    """Every place where a poster may hang: a point each, with a key of its own."""
    named = frames.named_places(session, day)
    return _joined(named[named["kind"].isin(list(KINDS))], poster_sites.candidates(session))


def _joined(named: gpd.GeoDataFrame, own: Sequence[PosterSite]) -> gpd.GeoDataFrame:
    keys = [f"{_PLACE}{key}" for key in named["id"]] + [f"{_SITE}{site.id}" for site in own]
    return gpd.GeoDataFrame(
        {
            "key": keys,
            "name": [*named["name"], *(site.name for site in own)],
            "kind": [*named["kind"], *(OWN for _ in own)],
        },
        geometry=[*named.geometry.representative_point(), *(site.geometry for site in own)],
        crs=SRID,
    )


def _refuse_nowhere(
    everywhere: gpd.GeoDataFrame, free: gpd.GeoDataFrame, wish: CampaignWish
) -> None:
    if everywhere.empty:
        raise RefusedError(
            "there is no lamp column, car park or park to hang posters at: bring a list with  "
            "hotspots import places FILE  or add sites on the map"
        )
    if free.empty:
        raise RefusedError("nothing is left to choose from: allow more kinds, or strike out fewer")
    n_kept = int(free["key"].isin(wish.kept).sum())
    if n_kept > wish.budget:
        raise RefusedError(
            f"{n_kept} sites must be among them, which is more than the number of posters, "
            f"{wish.budget}: print more, or let some go"
        )


def _sited(
    candidates: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, budget: int, wish: CampaignWish
) -> PosterSiting:
    if candidates.empty or budget < 1:
        nothing = pd.Series(False, incidents.index)
        sites = pd.DataFrame({"added": [], "covered": []})
        next_adds = _most_in_view(candidates, incidents, wish.view_m)
        return PosterSiting(sites, 0.0, 0.0, float(len(incidents)), next_adds, nothing)
    try:
        return site_posters(candidates, incidents, budget=budget, view_m=wish.view_m)
    except HotspotsError as error:
        raise RefusedError(str(error)) from error


def _most_in_view(
    candidates: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, view_m: float
) -> float:
    return float(_in_view_counts(candidates, incidents, view_m).max()) if len(candidates) else 0.0


def _in_view_counts(
    candidates: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, view_m: float
) -> pd.Series:
    """Incidents within view of each candidate, on the candidates' index."""
    at, _ = incidents.sindex.query(candidates.geometry, predicate="dwithin", distance=view_m)
    counts = pd.Series(at).value_counts().reindex(range(len(candidates)), fill_value=0)
    return pd.Series(counts.to_numpy(), candidates.index)


def _in_order(
    free: gpd.GeoDataFrame, is_kept: pd.Series, kept: PosterSiting, chosen: PosterSiting
) -> gpd.GeoDataFrame:
    """Sites that must be, those without an incident in view last among them, and then the best."""
    in_view_of_none = free.index[is_kept].difference(kept.sites.index)
    added = [*kept.sites["added"], *(0.0 for _ in in_view_of_none), *chosen.sites["added"]]
    order = [*kept.sites.index, *in_view_of_none, *chosen.sites.index]
    sites = free.loc[order].assign(is_kept=is_kept.loc[order], added=[float(n) for n in added])
    return sites.assign(covered=sites["added"].cumsum()).reset_index(drop=True)


def _following(left: gpd.GeoDataFrame, unseen: gpd.GeoDataFrame, view_m: float) -> gpd.GeoDataFrame:
    """Of the candidates left, those that would add most."""
    worth = left.assign(added=_in_view_counts(left, unseen, view_m).astype(float))
    worth = worth[worth["added"] > 0].sort_values(["added", "name", "key"], ascending=[0, 1, 1])
    return worth.head(SHOWN_NEXT).reset_index(drop=True)
