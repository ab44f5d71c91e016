"""Poster campaigns: started from a proposal, changed, and what befalls their posters logged."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import posters
from geodata.core.vocabulary import Moderation
from geodata.media import photos
from geodata.media.pictures import CleanPicture
from geodata.people.audit import Actor
from geodata.posters import campaign_wordings, poster_events, poster_sites
from geodata.rules.days import LONDON
from web.services.posters import poster_places, poster_siting
from web.services.posters.poster_siting import Proposal

if TYPE_CHECKING:
    from geodata.models import PosterSite


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


def change(session: Session, actor: Actor, key: int, **columns: object) -> None:
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
        See `geodata.posters.poster_sites.retire`.
    """
    site = poster_sites.find(session, code)
    poster_sites.retire(session, actor, site, reason=reason)
    _settle(session, actor, site)


def _settle(session: Session, actor: Actor, site: PosterSite) -> None:
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
        See `geodata.posters.poster_events.add`.
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


def _day(actor: Actor) -> date:
    return actor.now.astimezone(LONDON).date()
