"""A new hotspot's name says where it is, and is its own."""

from datetime import UTC, datetime

import shapely

from geodata import detections, places
from geodata.engine import Store
from geodata.vocabulary import PlaceKind
from web.services.hotspot_names import new_hotspot_name

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_hotspots_are_named_after_places_then_bearings_then_numbers(council: Store) -> None:
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Hill car park", shapely.Point(553_000, 174_000))
        names = []
        for east, north in ((553_010, 174_000), (553_080, 174_000), (553_079, 174_002)):
            names.append(new_hotspot_name(session, shapely.Point(east, north)))
            detections.new_identity(session, names[-1], NOW)
    assert names == [
        "Hill car park",
        "Hill car park, 80 m east",
        "Hill car park, 80 m east (2)",
    ]


def test_away_from_every_place_the_ward_gives_the_name(council: Store) -> None:
    with council.writing() as session:
        inside = new_hotspot_name(session, shapely.Point(555_000, 174_000))
        outside = new_hotspot_name(session, shapely.Point(500_000, 174_000))
    assert (inside, outside) == ("East ward", "Unnamed place")
