"""What a fixture filled once comes back as it was, whatever a test did to the store since."""

import shapely
from sqlalchemy import delete, select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.models import Place
from geodata.store.engine import Store
from tests.filled_stores import filled_once

HERE = shapely.Point(554_000, 174_000)


def _names(store: Store) -> dict[int, str]:
    with store.reading() as session:
        return {place.id: place.name for place in session.scalars(select(Place))}


def test_rows_come_back_and_keys_count_on_from_them(store: Store) -> None:
    fills = 0

    @filled_once
    def fill(store: Store) -> Store:
        nonlocal fills
        fills += 1
        with store.writing() as session:
            for name in ("Park", "Yard"):
                places.add(session, PlaceKind.PARK, name, HERE)
        return store

    assert _names(fill(store=store)) == {1: "Park", 2: "Yard"}
    with store.writing() as session:
        session.execute(delete(Place).where(Place.id == 1))
        places.add(session, PlaceKind.PARK, "Left by another test", HERE)
    assert _names(fill(store=store)) == {1: "Park", 2: "Yard"}
    assert fills == 1
    with store.writing() as session:
        assert places.add(session, PlaceKind.PARK, "New", HERE).id == 3
