"""A poster campaign to test with: a council with dumps and places, and a campaign of one site."""

from datetime import UTC, date, datetime, timedelta

import shapely

from geodata import places, posters
from geodata.core.vocabulary import PlaceKind
from geodata.people.audit import Actor
from geodata.posters import campaign_wordings, poster_sites
from geodata.store.engine import Store
from tests.web.desk import store_incidents

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)


def with_lamps(council: Store) -> Store:
    """Three dumps near a car park, one near a lamp column, one in view of nothing."""
    spots = ((552_500, 3), (554_000, 1), (555_500, 1))
    dumps = [(x, 174_000, [NOW - timedelta(days=9 * k + 5) for k in range(n)]) for x, n in spots]
    store_incidents(council, dumps, now=NOW)
    with council.writing() as session:
        for kind, name, x in (
            (PlaceKind.LAMP_COLUMN, "Column 7", 554_010),
            (PlaceKind.CAR_PARK, "Westgate car park", 552_510),
            (PlaceKind.STATION, "Station", 555_500),
        ):
            places.add(session, kind, name, shapely.Point(x, 174_000))
    return council


def started(
    store: Store, *, first: date = date(2026, 11, 1), names: tuple[str, ...] = ("Column 7",), **rest
) -> tuple[int, list[str]]:
    """A campaign in English and Polish with a site every 100 m; its key and their codes."""
    with store.writing() as session:
        campaign = posters.add_campaign(
            session, ACTOR, name="Autumn", valid_from=first, siting={"view_m": 50}, **rest
        )
        campaign_wordings.begin(session, ACTOR, campaign, ["en", "pl"])
        campaign_wordings.confirm_english(session, ACTOR, campaign.id)
        points = [shapely.Point(552_510 + 100 * n, 174_000) for n in range(len(names))]
        codes = [
            poster_sites.add(session, ACTOR, name, point, campaign_id=campaign.id).code
            for name, point in zip(names, points, strict=True)
        ]
        posters.settle_intervention(session, ACTOR, campaign)
        return campaign.id, codes


def event(kind: str, day: str = "2026-11-23", clock: str = "11:30", **rest) -> dict:
    """What the form of an event sends."""
    return {"kind": kind, "day": day, "clock": clock, "note": "", **rest}
