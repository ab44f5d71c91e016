"""By which ways incidents were told of, once each, in the order of their names."""

from datetime import UTC, datetime

import geopandas as gpd
import shapely

from geodata import frames
from geodata.models import Incident, PosterSite, Report
from geodata.store.engine import Store

AT = datetime(2026, 6, 1, tzinfo=UTC)
POINT = shapely.Point(553_000, 174_000)


def test_each_incident_has_all_its_channels_once(store: Store) -> None:
    with store.writing() as session:
        session.add(PosterSite(id=3, code="TQ-1", name="Gate", geometry=POINT))
        session.add_all(
            Incident(
                id=key,
                key=f"I{key}",
                geometry=POINT,
                first_reported_at=AT,
                last_reported_at=AT,
                reports=1,
                state="open",
            )
            for key in (1, 2, 3)
        )
        session.flush()
        channels = [
            (1, "web", None),
            (1, "phone", None),
            (1, "web", None),
            (1, "web", 3),
            (2, "qr", 3),
        ]
        session.add_all(
            Report(
                reference=f"R{n}",
                reported_at=AT,
                recorded_at=AT,
                geometry=POINT,
                source="public",
                channel=channel,
                charger_band="unknown",
                poster_site_id=poster,
                incident_id=incident,
            )
            for n, (incident, channel, poster) in enumerate(channels)
        )
    incidents = gpd.GeoDataFrame(
        {"incident_id": [3, 1, 2]}, geometry=[POINT] * 3, crs=27700, index=[7, 8, 9]
    )
    with store.reading() as session:
        named = frames.with_channels(session, incidents)["channels"]
        none = frames.with_channels(session, incidents.iloc[:0])["channels"]
    assert named.index.tolist() == [7, 8, 9]
    assert named.isna().tolist() == [True, False, False]
    assert named[8] == "poster TQ-1; public phone; public web"
    assert named[9] == "poster TQ-1"
    assert len(none) == 0
