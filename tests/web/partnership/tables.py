"""Partners' figures for tests: populations and monthly counts of three areas."""

from collections.abc import Mapping, Sequence
from datetime import date

from geodata.core.vocabulary import Disclosure, Polarity, Unit
from geodata.indicators import indicator_list
from geodata.models import Observation, Population
from geodata.rules.days import corresponding_day
from geodata.store.engine import Store

OWN, NEXT_DOOR, COUNTY = ("borough", "Testford"), ("borough", "Gravesham"), ("county", "Kent")
PEOPLE = {OWN: 100_000, NEXT_DOOR: 80_000, COUNTY: 1_600_000}
LAST = date(2026, 10, 1)
"""The last month of the figures."""


def add_people(store: Store, years: Sequence[int] = (2024, 2025)) -> None:
    with store.writing() as session:
        for (kind, name), people in PEOPLE.items():
            for year in years:
                session.add(
                    Population(
                        area_kind=kind, area=name, year=year, people=people, source="ONS, test"
                    )
                )


def add_indicator(
    store: Store,
    name: str,
    figures: Mapping[tuple[str, str], Sequence[float | None]],
    *,
    last: date = LAST,
    breaks_in: date | None = None,
    **terms: object,
) -> None:
    """Monthly figures by area, the last of which is of ``last``."""
    meaning = {
        "key": indicator_list.key_of(name),
        "name": name,
        "unit": Unit.COUNT.value,
        "polarity": Polarity.LESS.value,
        "disclosure": Disclosure.PUBLIC.value,
        "paragraph": None,
        "source": "Test Police",
        "definition": f"What {name} counts",
    }
    with store.writing() as session:
        key = indicator_list.ensure(session, [meaning | terms])[str(meaning["key"])]
        for (kind, area), values in figures.items():
            for ago, value in enumerate(reversed(values)):
                first = corresponding_day(last, -ago)
                session.add(
                    Observation(
                        indicator_id=key,
                        area_kind=kind,
                        area=area,
                        first_day=first,
                        months=1,
                        value=value,
                        is_provisional=False,
                        is_break=first == breaks_in,
                        break_reason="re-categorised" if first == breaks_in else None,
                    )
                )
