"""What befell each poster: put up, seen, damaged, taken down. Events are only added."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.models import PosterEvent, PosterSite, User
from geodata.people.personal_data import found_in

KINDS = ("installed", "seen", "damaged", "removed")
STATE_AFTER = {"installed": "up", "seen": "up", "damaged": "damaged", "removed": "down"}
PLANNED = "planned"
STATES = (PLANNED, "up", "damaged", "down")
"""``planned``: nothing has befallen it yet."""
CLOCK_SKEW = timedelta(minutes=5)
"""How far a telephone's clock may be ahead of ours."""
ONE_PRESS = timedelta(minutes=10)
"""The same told twice within so long is one event: a telephone sent it again."""


def add(
    session: Session,
    site: PosterSite,
    kind: str,
    *,
    at: datetime,
    now: datetime,
    user_id: int | None,
    note: str | None = None,
) -> tuple[PosterEvent, bool]:
    """Log an event; it, and whether it is new. Told twice alike, it is one.

    Parameters
    ----------
    at, now
        Aware: when it happened, and when it was told.

    Raises
    ------
    RefusedError
        The kind is none of `KINDS`, the moment lies in the future, the note holds personal data,
        or a poster is to go up at a retired site.
    """
    if kind not in KINDS:
        raise RefusedError(f"{kind!r} is no event of a poster: choose {', '.join(KINDS)}")
    if at > now + CLOCK_SKEW:
        raise RefusedError("the moment lies in the future: log what has happened")
    if site.retired_at is not None and kind == "installed" and at >= site.retired_at:
        raise RefusedError(f"{site.code} is retired: add a new site for a new poster")
    if personal := found_in(note or ""):
        raise RefusedError(f"{', '.join(personal)}: personal data must not stand here, take it out")
    for before in of_site(session, site.id):
        is_fresh = before.recorded_at is not None and now - before.recorded_at < ONE_PRESS
        if is_fresh and (before.kind, before.at, before.note) == (kind, at, note):
            return before, False
    event = PosterEvent(
        site_id=site.id, kind=kind, at=at, user_id=user_id, note=note, recorded_at=now
    )
    session.add(event)
    session.flush()
    return event, True


def of_site(session: Session, site_id: int) -> Sequence[PosterEvent]:
    """What befell one site, the latest first."""
    query = select(PosterEvent).where(PosterEvent.site_id == site_id)
    return session.scalars(query.order_by(PosterEvent.at.desc(), PosterEvent.id.desc())).all()


def with_names(session: Session, site_id: int) -> list[tuple[PosterEvent, str | None]]:
    """What befell one site, the latest first, each with who told it."""
    query = (
        select(PosterEvent, User.name)
        .join(User, User.id == PosterEvent.user_id, isouter=True)
        .where(PosterEvent.site_id == site_id)
        .order_by(PosterEvent.at.desc(), PosterEvent.id.desc())
    )
    return [(event, name) for event, name in session.execute(query)]


def latest(session: Session, campaign_id: int) -> dict[int, PosterEvent]:
    """The latest event of each site of a campaign, by the site's key."""
    query = (
        select(PosterEvent)
        .join(PosterSite, PosterSite.id == PosterEvent.site_id)
        .where(PosterSite.campaign_id == campaign_id)
        .order_by(PosterEvent.at, PosterEvent.id)
    )
    return {event.site_id: event for event in session.scalars(query)}


def state_after(event: PosterEvent | None) -> str:
    """The state of a site, one of `STATES`, after its latest event."""
    return PLANNED if event is None else STATE_AFTER[event.kind]
