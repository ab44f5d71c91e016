"""The demo's posters: a campaign that runs, and lamp columns for the next one to choose from."""

import math
from datetime import UTC, date, datetime, time, timedelta

import shapely
from shapely.geometry import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata import posters
from geodata.core.spatial import box_around, box_intersects
from geodata.core.vocabulary import InterventionKind, Source
from geodata.demo import MARK, NOTE
from geodata.demo.borough import HOTSPOTS, place_points
from geodata.models import Campaign, Intervention, PosterEvent, PosterSite, Report
from geodata.people.audit import Actor
from geodata.posters import campaign_wordings
from geodata.rules.days import LONDON

UP_DAYS_AGO = 365
VIEW_M = 50.0
SITES = (  # where, and what befell the poster so many days ago
    ("Westgate car park", (("installed", 365), ("seen", 120), ("seen", 9))),
    ("Central Park", (("installed", 365), ("damaged", 200), ("installed", 193), ("seen", 9))),
    ("Orchard Shopping Centre", (("installed", 364), ("seen", 120), ("damaged", 3))),
    ("Princes Park", (("installed", 363), ("seen", 16))),
    ("Temple Hill", (("installed", 300), ("removed", 40))),
    ("Dartford Heath", ()),
)
COLUMNS_AT_EACH = 5
COLUMN_SPACING_M = 32.0
COST_PENCE = 31_000
SCANS_EVERY = 12
"""Of the public's reports in view of a poster, one in so many came by its code."""


def save_posters(session: Session, today: date) -> None:
    """Store the campaign, which began a year ago: enough months on either side to judge it by."""
    began = today - timedelta(days=UP_DAYS_AGO)
    actor = Actor(None, _at(began))
    campaign = posters.add_campaign(
        session,
        actor,
        name="Know the law on N2O (synthetic)",
        valid_from=began,
        review_on=today + timedelta(days=30),
        siting={"view_m": VIEW_M},
        note=NOTE,
    )
    campaign_wordings.begin(session, actor, campaign, ["en", "pl"])
    campaign_wordings.confirm_english(session, actor, campaign.id)
    at = place_points()
    for n, (name, events) in enumerate(SITES, 1):
        site = _site(session, f"P{n:02d}", name, at[name], campaign.id)
        for kind, days_ago in events:
            moment = _at(today - timedelta(days=days_ago))
            session.add(
                PosterEvent(site_id=site.id, kind=kind, at=moment, recorded_at=moment, note=NOTE)
            )
        if events:
            _mark_scans(session, site, since=_at(began))
    _save_intervention(session, campaign)
    _save_columns(session)


def _save_intervention(session: Session, campaign: Campaign) -> None:
    at = place_points()
    session.add(
        Intervention(
            external_ref=f"{MARK}-posters",
            kind=InterventionKind.POSTER.value,
            name=campaign.name,
            geometry=shapely.union_all([at[name].buffer(VIEW_M) for name, _ in SITES]),
            valid_from=campaign.valid_from,
            campaign_id=campaign.id,
            cost_pence=COST_PENCE,
            note=NOTE,
        )
    )
    session.flush()


def _save_columns(session: Session) -> None:
    """Lamp columns in a line through each place where dumps recur."""
    number = 0
    for turn, (name, point) in enumerate(list(place_points().items())[:HOTSPOTS]):
        for step in range(COLUMNS_AT_EACH):
            number += 1
            along = (step - COLUMNS_AT_EACH // 2 + 0.3) * COLUMN_SPACING_M
            there = Point(point.x + along * math.cos(turn), point.y + along * math.sin(turn))
            _site(session, f"LC{number:03d}", f"Lamp column {number} (synthetic), {name}", there)


def _site(
    session: Session, code: str, name: str, point: Point, campaign_id: int | None = None
) -> PosterSite:
    site = PosterSite(
        code=code,
        name=name,
        geometry=point,
        campaign_id=campaign_id,
        is_candidate=campaign_id is None,
    )
    session.add(site)
    session.flush()
    return site


def _mark_scans(session: Session, site: PosterSite, *, since: datetime) -> None:
    near = select(Report).where(
        Report.reported_at >= since,
        Report.source == Source.PUBLIC.value,
        box_intersects(Report.geometry, box_around(site.geometry.x, site.geometry.y, VIEW_M)),
    )
    for report in session.scalars(near.order_by(Report.id)).all()[::SCANS_EVERY]:
        report.poster_site_id = site.id


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), LONDON).astimezone(UTC)
