"""Poster campaigns: started from a proposal, followed on the street, and what needs doing."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import campaign_wordings, photos, poster_events, poster_sites, posters
from geodata.audit import Actor
from geodata.gridref import format_gridref
from geodata.pictures import CleanPicture
from geodata.vocabulary import Moderation
from web.services import poster_places, poster_siting
from web.services.poster_siting import Proposal
from web.services.wording import LONDON, date_in_words


@dataclass(frozen=True)
class SiteState:
    """A site and how things stand there.

    Attributes
    ----------
    state
        Of ``poster_events.STATES``, after the last event.
    last_kind, last_at
        That event; None where nothing has befallen it yet.
    reports
        That came by its QR code.
    dumps
        Of the last 12 months within view; None where they were not counted.
    """

    code: str
    name: str
    point: Point
    state: str
    last_kind: str | None = None
    last_at: datetime | None = None
    is_retired: bool = False
    reports: int = 0
    dumps: int | None = None

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
    """

    campaign: Any
    phase: str
    counts: Counter[str]
    due: list[str] = field(default_factory=list)

    @property
    def is_review_due(self) -> bool:
        return any(sentence.startswith("The review") for sentence in self.due)


def start(session: Session, actor: Actor, proposal: Proposal) -> int:
    """Keep a campaign with the sites and languages of a proposal; its key.

    Raises
    ------
    RefusedError
        The name is taken, the days are reversed, or a language is unknown.
    """
    wish = proposal.wish
    campaign = posters.add_campaign(
        session,
        actor,
        name=wish.name,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        review_on=wish.review_on,
        siting=poster_siting.figures(proposal),
    )
    for name, point in zip(proposal.sites["name"], proposal.sites.geometry, strict=True):
        poster_sites.add(session, actor, name, point, campaign_id=campaign.id)
    campaign_wordings.begin(session, actor, campaign, wish.languages)
    posters.settle_intervention(session, actor, campaign)
    return campaign.id


def change(session: Session, actor: Actor, key: int, **columns: Any) -> None:
    """Change a campaign's name, days or note; its wording follows where other law is reached.

    Raises
    ------
    RefusedError
        See `geodata.posters.change_campaign`.
    """
    campaign = posters.change_campaign(session, actor, key, **columns)
    spoken = list(dict.fromkeys(row.language for row in campaign_wordings.current(session, key)))
    campaign_wordings.begin(session, actor, campaign, spoken)


def add_site(session: Session, actor: Actor, key: int, name: str, where: str) -> str:
    """A further site of a campaign; its code.

    Raises
    ------
    RefusedError
        The name does not fit, or the place cannot be read or is not ours.
    """
    campaign = posters.find_campaign(session, key)
    point = poster_places.point_of(session, where, day=_day(actor))
    site = poster_sites.add(session, actor, name, point, campaign_id=key)
    posters.settle_intervention(session, actor, campaign)
    return site.code


def add_candidate(session: Session, actor: Actor, name: str, where: str) -> str:
    """A place for campaigns to choose from; its key among the candidates.

    Raises
    ------
    RefusedError
        As `add_site`.
    """
    point = poster_places.point_of(session, where, day=_day(actor))
    return f"s{poster_sites.add(session, actor, name, point, campaign_id=None).id}"


def change_site(session: Session, actor: Actor, code: str, name: str, where: str) -> None:
    """Rename a site, and move it where ``where`` is not empty.

    Raises
    ------
    RefusedError
        It is retired, or as `add_site`.
    """
    site = poster_sites.find(session, code)
    point = poster_places.point_of(session, where, day=_day(actor)) if where.strip() else None
    poster_sites.change(session, actor, site, name=name, point=point)
    _settle(session, actor, site)


def retire_site(session: Session, actor: Actor, code: str, reason: str) -> None:
    """Give a site up; its log and its code stay.

    Raises
    ------
    RefusedError
        See `geodata.poster_sites.retire`.
    """
    site = poster_sites.find(session, code)
    poster_sites.retire(session, actor, site, reason=reason)
    _settle(session, actor, site)


def _settle(session: Session, actor: Actor, site: Any) -> None:
    if site.campaign_id is not None:
        campaign = posters.find_campaign(session, site.campaign_id)
        posters.settle_intervention(session, actor, campaign)


def log_event(
    session: Session,
    actor: Actor,
    code: str,
    kind: str,
    *,
    at: datetime,
    note: str = "",
    picture: CleanPicture | None = None,
) -> bool:
    """Log what befell a poster, with a photo where there is one; whether it was news.

    Raises
    ------
    RefusedError
        See `geodata.poster_events.add`.
    """
    site = poster_sites.find(session, code)
    event, is_new = poster_events.add(
        session,
        site,
        kind,
        at=at,
        now=actor.now,
        user_id=actor.user_id,
        note=note.strip() or None,
    )
    if is_new and picture is not None:
        # Taken by an officer, and shown to officers only: nobody need look at it first.
        state = Moderation.APPROVED
        photos.add(session, picture, now=actor.now, state=state, poster_event_id=event.id)
    if is_new:
        _settle(session, actor, site)
    return is_new


def site_states(
    session: Session, campaign_id: int, *, dumps: Any = None, view_m: float = posters.VIEW_M
) -> list[SiteState]:
    """The sites of a campaign, by code, with how things stand at each.

    Parameters
    ----------
    dumps
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
            last[site.id].kind if site.id in last else None,
            last[site.id].at if site.id in last else None,
            site.retired_at is not None,
            reports.get(site.id, 0),
            None if dumps is None else int((dumps.distance(site.geometry) <= view_m).sum()),
        )
        for site in sites
    ]


def standing(campaign: Any, sites: list[SiteState], *, today: date) -> Standing:
    """How a campaign stands on a day, and what needs doing."""
    counted = [site for site in sites if not site.is_retired or site.hangs]
    counts = Counter(site.state for site in counted)
    is_over = campaign.valid_to is not None and campaign.valid_to < today
    phase = "ended" if is_over else "running" if campaign.valid_from <= today else "coming"
    hanging = sum(site.hangs for site in counted)
    given_up = sum(site.is_retired for site in counted)
    due = []
    if phase == "running" and counts["planned"]:
        since = date_in_words(campaign.valid_from)
        due.append(f"{_number(counts['planned'], 'poster')} should be up since {since}.")
    if phase == "running" and counts["damaged"]:
        due.append(f"{_number(counts['damaged'], 'damaged poster')} to replace.")
    if phase == "ended" and hanging:
        until = date_in_words(campaign.valid_to)
        due.append(f"{_number(hanging, 'poster')} still up: the campaign ended on {until}.")
    elif given_up:
        due.append(f"{_number(given_up, 'poster')} to take down, where a site is retired.")
    if campaign.review_on is not None and campaign.review_on <= today:
        due.append(f"The review was due on {date_in_words(campaign.review_on)}.")
    return Standing(campaign, phase, counts, due)


def board(session: Session, *, today: date) -> list[Standing]:
    """Every campaign, the latest first."""
    return [
        standing(campaign, site_states(session, campaign.id), today=today)
        for campaign in posters.campaigns(session)
    ]


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _day(actor: Actor) -> date:
    return actor.now.astimezone(LONDON).date()
