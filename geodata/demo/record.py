"""What the demo's council did: contracts, orders, penalty notices, cameras, posters, visits.

The dates of orders and contracts are the published ones (Dartford's); all else is made up.
"""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from shapely.geometry import MultiPolygon, Point, Polygon
from sqlalchemy.orm import Session

from geodata.core.vocabulary import ActionKind, AgeBand, InterventionKind, Power
from geodata.demo import ISSUER, MARK, NOTE
from geodata.demo.borough import place_points
from geodata.demo.enforced import save_cases, save_rules
from geodata.demo.posters import save_posters
from geodata.models import (
    ActionEvent,
    Authorisation,
    ContractPeriod,
    EnforcementAction,
    Intervention,
    Issuer,
    Order,
    OrderVersion,
    Prohibition,
)
from geodata.rules.days import LONDON
from geodata.rules.enforcement.prohibitions import Limits

CONTRACTS = (
    ("Amey", None, date(2019, 6, 30)),
    ("Urbaser", date(2019, 7, 1), date(2026, 6, 30)),
    ("FCC", date(2026, 7, 1), None),
)
TOWN_CENTRE = MultiPolygon(
    [
        Polygon(
            [
                (553_850, 174_330),
                (554_330, 174_440),
                (554_560, 174_150),
                (554_470, 173_850),
                (554_330, 173_560),
                (554_060, 173_600),
                (553_840, 173_960),
            ]
        )
    ]
)
"""EPSG:27700, drawn for the demo: no order's plan."""
ORDERS = (  # name, number, change, from, to
    (
        "Town centre (intoxicating substances) 2017",
        1,
        "made",
        date(2017, 10, 1),
        date(2019, 12, 31),
    ),
    ("Town centre (intoxicating substances) 2021", 1, "made", date(2021, 2, 1), date(2024, 1, 31)),
    ("Town centre (intoxicating substances) 2024", 1, "made", date(2024, 2, 1), date(2027, 1, 31)),
)
ORDER_SOURCE = f"{NOTE} Dates as published, the ends inferred; the area is drawn for the demo."
PROHIBITIONS = {
    "ingest": "Ingesting, inhaling or injecting an intoxicating substance in a public place.",
    "litter": "Discarding canisters, balloons or other containers of an intoxicating substance.",
    "vehicles": "Gathering with a vehicle, so that others are harassed, alarmed or distressed.",
}
LIMITS = {
    "ingest": Limits(may_surrender=True),
    "litter": Limits(),
    "vehicles": Limits(time(20), time(6), vehicles_only=True),
}
VEHICLES_SINCE = date(2021, 2, 1)
"""The order of 2021 was the first with a prohibition for vehicles, from 8pm to 6am."""
PENALTY_PENCE, DISCOUNT_PENCE, DISCOUNT_DAYS = 10_000, 6_500, 14
AUTHORITY = "Director's authorisation 1/2019 (synthetic)"
MOST_NOTICES_A_YEAR = 4  # and the one that is about to run out


def save_contracts(session: Session) -> None:
    for contractor, first, last in CONTRACTS:
        session.add(
            ContractPeriod(
                contractor=contractor, valid_from=first, valid_to=last, source="As published"
            )
        )
    session.flush()


def save_record(session: Session, *, since: date, today: date, seed: int) -> None:
    """Store what was done from ``since`` to ``today``; orders from 2017 on.

    Parameters
    ----------
    since, today
        Local days.
    seed
        Of the notices.
    """
    versions = _orders(session)
    _interventions(session, today)
    save_posters(session, today)
    _notices(session, versions, since, today, np.random.default_rng(seed))
    session.flush()


def _orders(session: Session) -> list[OrderVersion]:
    orders: dict[str, Order] = {}
    for n, (name, number, change, first, last) in enumerate(ORDERS, 1):
        order = orders.setdefault(name, Order(name=name, note=NOTE))
        order.versions.append(
            OrderVersion(
                external_ref=f"{MARK}-order-{n}",
                number=number,
                change=change,
                geometry=TOWN_CENTRE,
                valid_from=first,
                valid_to=last,
                penalty_pence=PENALTY_PENCE,
                source=ORDER_SOURCE,
                prohibitions=[
                    Prohibition(code=code, text=text, limits=LIMITS[code].to_record())
                    for code, text in PROHIBITIONS.items()
                    if code != "vehicles" or first >= VEHICLES_SINCE
                ],
            )
        )
    session.add_all(orders.values())
    session.flush()
    return [version for order in orders.values() for version in order.versions]


def _interventions(session: Session, today: date) -> None:
    at = place_points()
    westgate, park = at["Westgate car park"], at["Central Park"]
    rows = (
        (InterventionKind.CCTV, "CCTV, Westgate car park", westgate, 2_200, None, None),
        (InterventionKind.EVENT, "National Litter Day", at["High Street"], 600, 600, 340),
        (
            InterventionKind.SCHOOL_VISIT,
            "School visit, Temple Hill",
            at["Temple Hill"],
            420,
            420,
            95,
        ),
        (InterventionKind.OPERATION, "Weekend operation, Central Park", park, 130, 110, 1_480),
    )
    for n, (kind, name, point, began, ended, pounds) in enumerate(rows, 1):
        session.add(
            Intervention(
                external_ref=f"{MARK}-intervention-{n}",
                kind=kind.value,
                name=name,
                geometry=point,
                valid_from=today - timedelta(days=began),
                valid_to=None if ended is None else today - timedelta(days=ended),
                cost_pence=None if pounds is None else 100 * pounds,
                camera_ref="CAM-01" if kind is InterventionKind.CCTV else None,
                purpose="Prevention of litter" if kind is InterventionKind.CCTV else None,
                note=NOTE,
            )
        )


def _notices(
    session: Session,
    versions: list[OrderVersion],
    since: date,
    today: date,
    rng: np.random.Generator,
) -> None:
    issuer = Issuer(badge=ISSUER, kind="council_officer", employer="The council (synthetic)")
    session.add(issuer)
    session.flush()
    for power in Power:
        session.add(
            Authorisation(
                issuer_id=issuer.id,
                power=power.value,
                instrument=AUTHORITY,
                valid_from=date(2019, 1, 1),
            )
        )
    save_rules(session)
    save_cases(session, issuer, today)
    for year in range(since.year, today.year + 1):
        for _ in range(rng.integers(0, MOST_NOTICES_A_YEAR + 1)):
            day = date(year, 1, 1) + timedelta(days=int(rng.integers(0, 365)))
            if since <= day <= today:
                _notice(session, issuer, versions, day, today, rng)


def _notice(
    session: Session,
    issuer: Issuer,
    versions: list[OrderVersion],
    day: date,
    today: date,
    rng: np.random.Generator,
) -> None:
    """A notice given at once at the town's car park, by the order where one was in force."""
    point = place_points()["Westgate car park"]
    offence_at = _at_local(day, time(int(rng.integers(20, 24)), int(rng.integers(0, 60))))
    version = next((v for v in versions if _holds(v, day)), None)
    is_breach = version is not None and rng.random() < 0.3
    action = EnforcementAction(
        external_ref=f"{MARK}-action-{offence_at:%Y%m%d%H%M}",
        reference=f"SYN-{offence_at:%y%m%d%H%M}",
        kind=(ActionKind.PSPO_FPN if is_breach else ActionKind.LITTER_FPN).value,
        offence_code="asbcpa2014_s67" if is_breach else "epa1990_s87",
        offence_at=offence_at,
        geometry=Point(point.x + rng.normal(0, 8), point.y + rng.normal(0, 8)),
        order_version_id=version.id if version and is_breach else None,
        issuer_id=issuer.id,
        age_band=AgeBand.ADULT.value,
        issued_on=day,
        given_on=day,
        amount_pence=PENALTY_PENCE,
        discount_pence=DISCOUNT_PENCE,
        discount_days=DISCOUNT_DAYS,
        note=NOTE,
    )
    session.add(action)
    session.flush()
    ending = str(rng.choice(["paid_discount", "paid_full", "unpaid"]))
    wait = int(rng.integers(1, 15)) if ending == "paid_discount" else int(rng.integers(15, 40))
    for state, days in (("issued", 0), (ending, wait)):
        if day + timedelta(days=days) <= today:
            at = offence_at + timedelta(days=days)
            session.add(
                ActionEvent(action_id=action.id, state=state, at=at, recorded_at=at, reason=NOTE)
            )


def _holds(version: OrderVersion, day: date) -> bool:
    return version.valid_from <= day and (version.valid_to is None or day <= version.valid_to)


def _at_local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, LONDON).astimezone(UTC)
