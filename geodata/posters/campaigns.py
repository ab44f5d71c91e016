"""Poster campaigns: their dates, and the intervention that each of them is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import InterventionKind
from geodata.models import Campaign, Intervention, PosterEvent, PosterSite
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.posters import interventions
from geodata.rules.days import date_in_words

ENTITY = "campaign"
AUDITED = ("name", "valid_from", "valid_to", "review_on", "note")
VIEW_M = 50.0
"""How far a poster is read, where a campaign does not say."""


def add_campaign(session: Session, actor: Actor, **columns: Any) -> Campaign:
    """A new campaign, without sites.

    Raises
    ------
    RefusedError
        See `change_campaign`.
    """
    campaign = Campaign(**columns)
    _refuse_unfit(session, campaign)
    session.add(campaign)
    session.flush()
    audit.write(session, actor, "add", ENTITY, campaign.id, after=_audited(campaign))
    return campaign


def change_campaign(session: Session, actor: Actor, key: int, **columns: Any) -> Campaign:
    """Change a campaign's name, days or note; what they were stays in the audit log.

    Raises
    ------
    NotFoundError
        There is none of this key.
    RefusedError
        The name is empty or taken, the days are reversed, or a text holds personal data.
    """
    campaign = find_campaign(session, key)
    before = _audited(campaign)
    with session.no_autoflush:
        for name, value in columns.items():
            setattr(campaign, name, value)
        _refuse_unfit(session, campaign)
    session.flush()
    if (after := _audited(campaign)) != before:
        audit.write(session, actor, "change", ENTITY, key, before=before, after=after)
        settle_intervention(session, actor, campaign)
    return campaign


def _refuse_unfit(session: Session, campaign: Campaign) -> None:
    if not (campaign.name or "").strip():
        raise RefusedError("give the campaign a name: others must know it again")
    twin = session.scalar(select(Campaign.id).where(Campaign.name == campaign.name))
    if twin not in (None, campaign.id):
        raise RefusedError(f"there is a campaign {campaign.name!r} already: choose another name")
    for name, what in (("valid_to", "posters come down"), ("review_on", "it is reviewed")):
        day: date | None = getattr(campaign, name)
        if day and day < campaign.valid_from:
            raise RefusedError(
                f"the day on which {what}, {date_in_words(day)}, lies before the one on which "
                "posters "
                f"go up, {date_in_words(campaign.valid_from)}: exchange them"
            )
    if personal := found_in(f"{campaign.name}\n{campaign.note or ''}"):
        raise RefusedError(f"{', '.join(personal)}: personal data must not stand here, take it out")


def _audited(campaign: Campaign) -> dict[str, Any]:
    values = {name: getattr(campaign, name) for name in AUDITED}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def settle_intervention(session: Session, actor: Actor, campaign: Campaign) -> None:
    """Let the campaign's intervention have its name, its days, and the ground in view of it."""
    area = in_view(session, campaign)
    if area.is_empty:
        return
    columns = {
        "kind": InterventionKind.POSTER.value,
        "name": campaign.name,
        "valid_from": campaign.valid_from,
        "valid_to": campaign.valid_to,
        "campaign_id": campaign.id,
    }
    key = intervention_of(session, campaign.id)
    if key is None:
        interventions.add(session, actor, area, **columns)
    else:
        interventions.change(session, actor, key, geometry=area, **columns)


def intervention_of(session: Session, key: int) -> int | None:
    """The key of the intervention that a campaign is; None before it has a site."""
    query = select(Intervention.id).where(Intervention.campaign_id == key)
    return session.scalar(query.order_by(Intervention.id).limit(1))


def in_view(session: Session, campaign: Campaign) -> BaseGeometry:
    """The ground in view of a campaign's posters, EPSG:27700.

    A site that was retired before a poster hung there does not count; one where it hung does,
    since the effect is judged over the whole campaign.
    """
    hung = select(PosterEvent.site_id).where(PosterEvent.kind == "installed")
    counts = PosterSite.retired_at.is_(None) | PosterSite.id.in_(hung)
    query = select(PosterSite.geometry).where(PosterSite.campaign_id == campaign.id, counts)
    points = session.scalars(query.order_by(PosterSite.id)).all()
    return shapely.union_all([point.buffer(view_m(campaign)) for point in points])


def view_m(campaign: Campaign) -> float:
    """From how many metres a campaign's posters are read."""
    return float((campaign.siting or {}).get("view_m", VIEW_M))


def find_campaign(session: Session, key: int) -> Campaign:
    """A campaign by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    campaign = session.get(Campaign, key)
    if campaign is None:
        raise NotFoundError(f"there is no poster campaign {key}")
    return campaign


def campaigns(session: Session) -> Sequence[Campaign]:
    """All campaigns, the latest first."""
    return session.scalars(
        select(Campaign).order_by(Campaign.valid_from.desc(), Campaign.id.desc())
    ).all()
