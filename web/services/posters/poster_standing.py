"""How a campaign stands on the street: each site after its last event, and what needs doing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import geopandas as gpd
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import posters
from geodata.core.grid_references import format_gridref
from geodata.posters import poster_events, poster_sites
from web.services.common.wording import date_in_words

if TYPE_CHECKING:
    from geodata.models import Campaign


@dataclass(frozen=True)
class SiteState:
    """A site and how things stand there.

    Attributes
    ----------
    state
        Of ``poster_events.STATES``, after the last event.
    last_at
        When that was; None where nothing has befallen it yet.
    reports
        That came by its QR code.
    incidents
        Of the last 12 months within view; None where they were not counted.
    """

    code: str
    name: str
    point: Point
    state: str
    last_at: datetime | None = None
    is_retired: bool = False
    reports: int = 0
    incidents: int | None = None

    @property
    def grid_ref(self) -> str:
        return format_gridref(self.point.x, self.point.y, digits=4)

    @property
    def hangs(self) -> bool:
        return self.state in {"up", "damaged"}


@dataclass(frozen=True)
class Standing:
    """A campaign on a day.

    Attributes
    ----------
    phase
        ``coming``, ``running`` or ``ended``.
    counts
        Sites by state; retired sites only where a poster still hangs there.
    due
        What needs doing, in sentences.
    overdue
        Posters that hang though the campaign has ended.
    """

    campaign: Campaign
    phase: str
    counts: Counter[str]
    due: list[str] = field(default_factory=list)
    overdue: int = 0


def site_states(
    session: Session,
    campaign_id: int,
    *,
    incidents: gpd.GeoDataFrame | None = None,
    view_m: float = posters.VIEW_M,
) -> list[SiteState]:
    """The sites of a campaign, by code, with how things stand at each.

    Parameters
    ----------
    incidents
        Points to count within ``view_m`` of each site; not counted where None.
    """
    last = poster_events.latest(session, campaign_id)
    reports = poster_sites.reports_by_code(session, campaign_id)
    sites = poster_sites.of_campaign(session, campaign_id)
    return [
        SiteState(
            site.code,
            site.name,
            site.geometry,
            poster_events.state_after(last.get(site.id)),
            last[site.id].at if site.id in last else None,
            site.retired_at is not None,
            reports.get(site.id, 0),
            None if incidents is None else int((incidents.distance(site.geometry) <= view_m).sum()),
        )
        for site in sites
    ]


def standing(campaign: Campaign, sites: list[SiteState], *, today: date) -> Standing:
    """How a campaign stands on a day, and what needs doing."""
    counted = [site for site in sites if not site.is_retired or site.hangs]
    counts = Counter(site.state for site in counted)
    last = campaign.valid_to
    ended_on = last if last is not None and last < today else None
    phase = "ended" if ended_on else "running" if campaign.valid_from <= today else "coming"
    hanging = sum(site.hangs for site in counted)
    given_up = sum(site.is_retired for site in counted)
    due = []
    if phase == "running" and counts["planned"]:
        since = date_in_words(campaign.valid_from)
        due.append(f"{_number(counts['planned'], 'poster')} should be up since {since}.")
    if phase == "running" and counts["damaged"]:
        due.append(f"{_number(counts['damaged'], 'damaged poster')} to replace.")
    if phase == "running" and counts["down"]:
        gone = _number(counts["down"], "poster")
        due.append(f"{gone} gone or taken down: put up a new one, or retire the site.")
    if ended_on is not None and hanging:
        until = date_in_words(ended_on)
        due.append(f"{_number(hanging, 'poster')} still up: the campaign ended on {until}.")
    elif given_up:
        due.append(f"{_number(given_up, 'poster')} to take down, where a site is retired.")
    if campaign.review_on is not None and campaign.review_on <= today:
        due.append(f"The review was due on {date_in_words(campaign.review_on)}.")
    return Standing(campaign, phase, counts, due, hanging if ended_on else 0)


def board(session: Session, *, today: date) -> list[Standing]:
    """Every campaign, the latest first."""
    return [
        standing(campaign, site_states(session, campaign.id), today=today)
        for campaign in posters.campaigns(session)
    ]


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
