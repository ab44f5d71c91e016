"""A council with an order in its town, an issuer with every power, and an officer who may look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import shapely
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from geodata import places
from geodata.accounts import users
from geodata.core.vocabulary import IssuerKind, OrderChange, PlaceKind, Power
from geodata.enforcement import issuers, orders
from geodata.people.audit import Actor
from geodata.rules.tables import packaged
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.passwords import hashed
from tests.web.conftest import let_in

NOW = datetime(2026, 6, 13, 22, 50, tzinfo=UTC)  # 23:50 in London
TOWN = shapely.multipolygons([shapely.box(553_000, 173_500, 554_000, 174_500)])
CAR_PARK = shapely.Point(553_500, 174_000)


@dataclass(frozen=True)
class Enforcing:
    """Keys of what the council below holds."""

    store: Store
    issuer_id: int
    order_id: int
    user_id: int

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, NOW)


def act_form(enforcing: Enforcing) -> dict[str, str]:
    """What an officer enters of an act from a vehicle, at the car park at 23:40."""
    return {
        "grid_ref": "TQ 5350 7400",
        "offence_on": "2026-06-13",
        "offence_time": "23:40",
        "issued_on": "2026-06-13",
        "age_band": "18_or_over",
        "issuer": str(enforcing.issuer_id),
        "from_vehicle": "y",
        "idempotency_key": "k-1",
    }


@pytest.fixture
@filled_once
def _enforced(council: Store) -> Store:
    """The town's order holds from 1 February 2024 to 31 January 2027; the park's ended in 2020."""
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Westgate car park", CAR_PARK)
        for name, first, last, area in (
            ("Town", date(2024, 2, 1), date(2027, 1, 31), TOWN),
            ("Old town", date(2017, 10, 1), date(2019, 12, 31), TOWN),
        ):
            order = orders.add(session, name)
            orders.add_version(
                session,
                packaged(),
                order,
                OrderChange.MADE,
                valid_from=first,
                valid_to=last,
                geometry=area,
                penalty_pence=10_000,
                prohibitions={"ingest": "No inhaling", "litter": "No dumping"},
            )
        account = users.add(
            session,
            "chief",
            hashed("a long enough password"),
            "officer",
            now=NOW,
            may_read_enforcement=True,
        )
        issuer = issuers.add(
            session, "CEO-07", IssuerKind.COUNCIL_OFFICER, "The council", user_id=account.id
        )
        for power in Power:
            issuers.authorise(session, issuer, power, "Decision 7", valid_from=date(2024, 1, 1))
    return council


@pytest.fixture
def enforcing(_enforced: Store) -> Enforcing:
    """The council above; of each table it names the first row."""
    return Enforcing(_enforced, issuer_id=1, order_id=1, user_id=1)


@pytest.fixture
def officer(enforcing: Enforcing, app: Flask) -> Iterator[FlaskClient]:
    """The council's chief officer, signed in on a Saturday at ten to midnight."""
    with time_machine.travel(NOW, tick=False):
        with enforcing.store.writing() as session:
            client = let_in(session, app, users.find(session, "chief"), now=NOW)
        yield client
