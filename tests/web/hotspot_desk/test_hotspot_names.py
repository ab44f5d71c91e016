"""A new hotspot's name says where it is, and is its own."""

from datetime import UTC, date, datetime

import shapely

from geodata import detections, places
from geodata.core.vocabulary import PlaceKind
from geodata.models import Place
from geodata.places import whereabouts
from geodata.store.engine import Store
from web.services.detection.hotspot_names import new_hotspot_name

NOW = datetime(2026, 11, 23, tzinfo=UTC)


DAY = date(2026, 11, 23)


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


def test_a_hotspot_at_the_middle_of_a_place_is_no_0_metres_from_it(council: Store) -> None:
    middle = shapely.Point(553_000, 174_000)
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Hill car park", middle)
        names = []
        for _ in range(2):
            names.append(new_hotspot_name(session, shapely.Point(553_003, 174_002)))
            detections.new_identity(session, names[-1], NOW)
    assert names == ["Hill car park", "Hill car park (2)"]


def test_away_from_every_place_the_ward_gives_the_name(council: Store) -> None:
    with council.writing() as session:
        inside = new_hotspot_name(session, shapely.Point(555_000, 174_000))
        outside = new_hotspot_name(session, shapely.Point(500_000, 174_000))
    assert (inside, outside) == ("East ward", "Unnamed place")


def test_nothing_is_called_after_a_lamp_column(council: Store) -> None:
    point = shapely.Point(558_000, 176_000)
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Mill Lane car park", point.buffer(20))
        places.add(session, PlaceKind.LAMP_COLUMN, "Lamp column 123", point)
    with council.reading() as session:
        assert new_hotspot_name(session, point) == "Mill Lane car park"
        [place] = whereabouts.places_of(session, [point], [DAY])
        assert session.get_one(Place, place).name == "Mill Lane car park"
