"""Synthetic figures of the demo's partners: crime by type, a table that is exempt, populations.

Counts are drawn by how many months ago they are, so that the same verdicts come out on any day. A
few series have something planted in them; in the others nothing happens but chance.
"""

import zlib
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from geodata.core.vocabulary import AreaKind, Disclosure, Polarity, Unit
from geodata.demo import MARK
from geodata.demo.borough import NAME
from geodata.indicators import indicator_list
from geodata.indicators.areas import Area
from geodata.indicators.crime_types import CRIME_TYPES
from geodata.models import Observation, Population
from geodata.rules.days import corresponding_day

SEED = 199
MONTHS = 36
OWN = Area(AreaKind.BOROUGH.value, NAME)
NEXT_DOOR = Area(AreaKind.BOROUGH.value, "Gravesham")
COUNTY = Area(AreaKind.COUNTY.value, "Kent")
PEOPLE = {OWN: 120_000, NEXT_DOOR: 108_000, COUNTY: 1_610_000}
"""Round numbers near the true ones, the same every year: else verdicts would hang on the date."""
A_MONTH = {
    "Anti-social behaviour": 240.0,
    "Bicycle theft": 6.0,
    "Burglary": 42.0,
    "Criminal damage and arson": 85.0,
    "Drugs": 28.0,
    "Other crime": 22.0,
    "Other theft": 70.0,
    "Possession of weapons": 9.0,
    "Public order": 75.0,
    "Robbery": 11.0,
    "Shoplifting": 110.0,
    "Theft from the person": 8.0,
    "Vehicle crime": 62.0,
    "Violence and sexual offences": 330.0,
}
"""Mean of the demo's own borough, made up."""
SOURCE = "Synthetic demo data, in the shape of police.uk's"
DEFINITION = "Made up for the demonstration: no crime of any place was counted."
BETTER, WORSE, SPIKE, TREND = "Burglary", "Shoplifting", "Vehicle crime", "Drugs"
BROKEN, BROKEN_MONTHS_AGO = "Public order", 8
EXEMPT, PARAGRAPH = "Hospital attendances after nitrous oxide", 2
SPIKE_MONTHS_AGO = 4


def save_partners(session: Session, today: date) -> None:
    """Store what partners would have sent for the 36 months that ended before ``today``'s."""
    for area, people in PEOPLE.items():
        for back in (3, 2, 1):
            ref = f"{MARK}-population-{area.name[:9]}-{today.year - back}"
            session.add(
                Population(
                    area_kind=area.kind,
                    area=area.name,
                    year=today.year - back,
                    people=people,
                    source="Synthetic demo data",
                    external_ref=ref,
                )
            )
    keys = indicator_list.ensure(session, [_terms(name) for name in (*CRIME_TYPES, EXEMPT)])
    for name in (*CRIME_TYPES, EXEMPT):
        for area in (OWN,) if name == EXEMPT else PEOPLE:
            session.add_all(_figures(keys[indicator_list.key_of(name)], name, area, today))
    session.flush()


def _terms(name: str) -> dict[str, object]:
    is_exempt = name == EXEMPT
    return {
        "key": indicator_list.key_of(name),
        "name": name,
        "unit": Unit.COUNT.value,
        "polarity": Polarity.LESS.value,
        "disclosure": (Disclosure.EXEMPT if is_exempt else Disclosure.PUBLIC).value,
        "paragraph": PARAGRAPH if is_exempt else None,
        "source": "Synthetic demo data, of a hospital that is made up" if is_exempt else SOURCE,
        "definition": DEFINITION,
    }


def _figures(indicator_id: int, name: str, area: Area, today: date) -> list[Observation]:
    this_month = today.replace(day=1)
    counts = monthly_counts(name, area)
    return [
        Observation(
            external_ref=f"{MARK}-figure-{indicator_id}-{area.name[:9]}-{ago}",
            indicator_id=indicator_id,
            area_kind=area.kind,
            area=area.name,
            first_day=corresponding_day(this_month, -ago),
            months=1,
            value=float(counts[MONTHS - ago]),
            is_provisional=ago == 1,
            is_break=name == BROKEN and ago == BROKEN_MONTHS_AGO,
            break_reason="re-categorised by the police"
            if name == BROKEN and ago == BROKEN_MONTHS_AGO
            else None,
        )
        for ago in range(MONTHS, 0, -1)
    ]


def monthly_counts(name: str, area: Area) -> np.ndarray:
    """(36,) whole numbers, oldest first."""
    rng = np.random.default_rng([SEED, zlib.crc32(f"{name}/{area.name}".encode())])
    mean = np.full(MONTHS, A_MONTH.get(name, 2.0) * PEOPLE[area] / PEOPLE[OWN])
    if (name, area) == (BETTER, OWN):
        mean[-12:] *= 0.65
    if (name, area) == (WORSE, OWN):
        mean[-12:] *= 1.15
    if (name, area) == (TREND, COUNTY):
        mean *= np.linspace(0.8, 1.5, MONTHS)
    if name == BROKEN:
        mean[-BROKEN_MONTHS_AGO:] *= 0.6
    counts = rng.poisson(mean)
    if (name, area) == (SPIKE, NEXT_DOOR):
        counts[-SPIKE_MONTHS_AGO] = round(2 * mean[0])
    return counts
