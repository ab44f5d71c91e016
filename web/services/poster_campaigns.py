"""Poster campaigns: sites chosen so that most dumps are in view, wording of the day."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import shapely
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import frames, posters
from geodata.errors import RefusedError
from geodata.poster_wording import wording_on
from geodata.vocabulary import PlaceKind
from hotspots.errors import HotspotsError
from hotspots.siting import PosterSiting, site_posters

CANDIDATE_KINDS = (PlaceKind.LAMP_COLUMN, PlaceKind.CAR_PARK, PlaceKind.PARK)
WINDOW_DAYS = 365


@dataclass(frozen=True)
class CampaignWish:
    """What an officer asks for. Days are local; ``valid_to`` and ``review_on`` may be open."""

    name: str
    valid_from: date
    budget: int
    view_m: float = 50.0
    valid_to: date | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class SiteState:
    """A site and what last befell its poster."""

    code: str
    name: str
    easting: float
    northing: float
    last_kind: str | None
    last_at: datetime | None


@dataclass(frozen=True, eq=False)
class ChosenSites:
    """Where a campaign's posters are to hang, in the order in which to put them up.

    Attributes
    ----------
    places
        Name and point (EPSG:27700) of each.
    figures
        What the choice was made with, and what it is worth.
    """

    wish: CampaignWish
    places: list[tuple[str, Point]]
    figures: dict[str, Any]


def choose(session: Session, wish: CampaignWish, *, now: datetime) -> ChosenSites:
    """Choose sites; nothing is written, since the search may take a minute.

    Raises
    ------
    RefusedError
        There is nowhere to hang a poster, nothing to be seen from there, or a wish is impossible.
    """
    candidates = frames.named_places(session, wish.valid_from)
    kinds = [kind.value for kind in CANDIDATE_KINDS]
    candidates = candidates[candidates["kind"].isin(kinds)].reset_index(drop=True)
    if candidates.empty:
        raise RefusedError(
            "there is no lamp column, car park or park to hang posters at: bring a list with  "
            "hotspots import places FILE"
        )
    candidates = candidates.set_geometry(candidates.geometry.representative_point())
    siting = _sited(session, candidates, wish, now)
    chosen = candidates.loc[siting.sites.index, ["name", "geometry"]]
    rows = list(chosen.itertuples(index=False, name=None))
    adds = [
        {"name": name, "added": float(worth.added), "covered": float(worth.covered)}
        for (name, _), worth in zip(rows, siting.sites.itertuples(), strict=True)
    ]
    return ChosenSites(wish, rows, _figures(siting, wish) | {"adds": adds})


def start(session: Session, chosen: ChosenSites) -> int:
    """Keep a campaign with the sites chosen for it; its key.

    Raises
    ------
    RefusedError
        The name is taken.
    """
    wish = chosen.wish
    wording = asdict(wording_on(wish.valid_from)) | {"siting": chosen.figures}
    campaign = posters.add_campaign(
        session,
        wish.name,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        review_on=wish.review_on,
        wording={k: v.isoformat() if isinstance(v, date) else v for k, v in wording.items()},
    )
    for name, point in chosen.places:
        posters.add_site(session, campaign, name, point)
    in_view = shapely.union_all([point.buffer(wish.view_m) for _, point in chosen.places])
    posters.add_intervention(session, campaign, in_view)
    return campaign.id


def _sited(session: Session, candidates: Any, wish: CampaignWish, now: datetime) -> PosterSiting:
    incidents = frames.incidents(session)
    age = pd.Timestamp(now) - incidents["first_reported_at"]
    recent = incidents[(age >= timedelta(0)) & (age < timedelta(days=WINDOW_DAYS))]
    try:
        siting = site_posters(
            candidates, recent.reset_index(drop=True), budget=wish.budget, view_m=wish.view_m
        )
    except HotspotsError as error:
        raise RefusedError(str(error)) from error
    if siting.sites.empty:
        raise RefusedError(
            f"none of the {len(recent)} dumps of the last 12 months lies within {wish.view_m:g} m "
            "of a lamp column, car park or park: allow a longer view, or import more of them"
        )
    return siting


def _figures(siting: PosterSiting, wish: CampaignWish) -> dict[str, Any]:
    return {
        "budget": wish.budget,
        "view_m": wish.view_m,
        "covered": siting.covered,
        "bound": siting.bound,
        "total": siting.total,
        "next_adds": siting.next_adds,
    }


def wording_of(campaign: Any) -> dict[str, Any]:
    """What a campaign's posters say: as it was kept, else as of the day on which they went up."""
    kept: dict[str, Any] = campaign.wording
    return (
        kept
        if {"heading", "law", "source"} <= set(kept)
        else asdict(wording_on(campaign.valid_from))
    )


def site_states(session: Session, campaign_id: int) -> list[SiteState]:
    """The sites of a campaign with the last event of each, by code."""
    last = posters.last_events(session, campaign_id)
    return [
        SiteState(
            site.code,
            site.name,
            site.geometry.x,
            site.geometry.y,
            last[site.id].kind if site.id in last else None,
            last[site.id].at if site.id in last else None,
        )
        for site in posters.sites_of(session, campaign_id)
    ]
