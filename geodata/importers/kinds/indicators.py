"""Partners' figures: long and wide tables, and police.uk's street crime as it is downloaded."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from geodata.files.columns import Field, known_headings
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.kind import REFERENCE, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.partners import fly_tipping, street_crime
from geodata.importers.partners.indicator_periods import take_periods
from geodata.importers.partners.indicator_terms import take_terms
from geodata.importers.partners.indicator_values import take_values
from geodata.importers.partners.partner_areas import (
    AREA_FIELDS,
    refuse_moved_boundaries,
    take_known_areas,
)
from geodata.importers.partners.whole_populations import refuse_one_sex
from geodata.importers.partners.wide_tables import Headings, as_long
from geodata.indicators import indicator_list
from geodata.indicators.areas import Area, by_code, known_areas
from geodata.models import Observation

FIELDS = (
    Field("indicator", ("indicator name", "measure", "metric", "crime type", "offence", "series")),
    *AREA_FIELDS,
    Field("period", ("month", "quarter", "year", "date", "time period", "reporting period")),
    Field("complete_to", ("data to", "covered to", "up to")),
    Field("value", ("figure", "number", "observation", "obs value")),
    Field("unit", ("unit of measure", "measured in")),
    Field("polarity", ("better", "good is")),
    Field("disclosure", ("class", "classification")),
    Field("paragraph", ("exempt paragraph", "schedule 12a paragraph", "schedule 12a")),
    Field("source", ("publisher", "data source")),
    Field("definition", ("description", "what is counted")),
    Field("is_provisional", ("provisional", "status")),
    Field("is_break", ("break", "series break", "break in series")),
    Field("break_reason", ("break note", "reason for break", "what changed")),
)


def _read(session: Session, path: Path, layer: str | None, crs: str | None) -> Table:
    areas = known_areas(session)
    table = _raw(path, areas, layer, crs)
    counted = _counted(session, table, areas, path.name)
    return counted or as_long(table, (REFERENCE, *FIELDS), areas, path.name)


def published_counts(session: Session, path: Path) -> Table | None:
    """The counts of a file whose columns are known as a publisher's; None of any other table."""
    areas = known_areas(session)
    return _counted(session, _raw(path, areas, None, None), areas, path.name)


def _raw(path: Path, areas: list[Area], layer: str | None, crs: str | None) -> Table:
    known = known_headings((REFERENCE, *FIELDS), {})
    known |= street_crime.HEADINGS | fly_tipping.HEADINGS
    return read_table(path, layer=layer, crs=crs, headings=Headings(known, areas))


def _counted(session: Session, table: Table, areas: list[Area], name: str) -> Table | None:
    if street_crime.is_street_crime(table):
        return street_crime.counted(session, table, name)
    if fly_tipping.is_fly_tipping(table):
        return fly_tipping.counted(table, areas, by_code(session), name)
    return None


def _read_street_crime(session: Session, path: Path, layer: str | None, _: str | None) -> Table:
    return street_crime.read_counted(session, path, layer)


def _observation(parsed: Parsed) -> None:
    take_terms(parsed)
    take_known_areas(parsed)
    take_periods(parsed)
    refuse_moved_boundaries(parsed)
    refuse_one_sex(parsed)
    take_values(parsed)
    if (parsed.texts("source") == street_crime.SOURCE).all():
        parsed.warnings.append(
            "crimes were counted by borough, ward and month; those without a place, and those in "
            "boroughs that are not known here, were left out"
        )


def _with_indicators(session: Session, fresh: pd.DataFrame) -> pd.DataFrame:
    """Make the indicators that are new, and point each row at its own."""
    terms = fresh.drop_duplicates("key").to_dict("records")
    keys = indicator_list.ensure(session, terms)
    return fresh.assign(indicator_id=fresh["key"].map(keys))


INDICATORS = Kind(
    "indicators",
    Observation,
    FIELDS,
    _observation,
    needs_position=False,
    read=_read,
    prepare=_with_indicators,
    after_undo=indicator_list.drop_unused,
)
STREET_CRIME = replace(INDICATORS, name="police", read=_read_street_crime)
"""The same rows, from such files alone."""
