"""How many people live where: the areas that figures may be of, and what rates divide by."""

import re
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.files.columns import Field, known_headings, plain
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.kind import REFERENCE, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.partners.partner_areas import AREA_FIELDS, KINDS, take_kinds
from geodata.importers.partners.wide_tables import melted
from geodata.importers.values import parse_whole
from geodata.indicators.areas import called, known_areas
from geodata.models import Population

_FIRST_YEAR, _LAST_YEAR = 1981, 2100


def _population(parsed: Parsed) -> None:
    parsed.take_name("area")
    take_kinds(parsed)
    parsed.refuse(
        parsed.columns["area_kind"].isna() & (parsed.texts("area_kind") == ""),
        "area_kind",
        "is no ward, borough, county or force",
    )
    _take_names_here(parsed)
    for field in ("year", "people"):
        parsed.take(field, parse_whole, "is no whole number")
        parsed.refuse(parsed.texts(field) == "", field, "is empty: every row needs one")
    year = parsed.columns["year"].astype(float)
    parsed.refuse(
        (year < _FIRST_YEAR) | (year > _LAST_YEAR), "year", "is no year of an estimate: 2024"
    )
    parsed.refuse(parsed.columns["people"].astype(float) == 0, "people", "is 0: nobody lives there")
    parsed.take("source", lambda texts: texts.str[:200])


def _take_names_here(parsed: Parsed) -> None:
    """An area that is known here by a name with a mark in brackets is no second area."""
    known = known_areas(parsed.session)
    pairs = zip(parsed.columns["area"], parsed.columns["area_kind"], strict=True)
    namesakes = [called(known, str(name), kind) if kind else [] for name, kind in pairs]
    parsed.columns["area"] = [
        each[0].name if len(each) == 1 else name
        for each, name in zip(namesakes, parsed.columns["area"], strict=True)
    ]


FIELDS = (
    *AREA_FIELDS,
    Field("year", ("mid year", "estimate year", "date")),
    Field("people", ("population", "all ages", "obs value", "observation", "residents")),
    Field("source", ("publisher",)),
)


def _read(_: Session, path: Path, layer: str | None, crs: str | None) -> Table:
    """Long, or with a column a year, as the Office for National Statistics publishes them."""
    fields = (REFERENCE, *FIELDS)
    table = read_table(path, layer=layer, crs=crs, headings=known_headings(fields, {}) | {"name"})
    names = {plain(str(column)): column for column in table.rows}
    if {"name", "geography"} <= set(names):
        kinds = table.rows[names["geography"]].map(plain)
        if kinds.isin(KINDS).any():  # as in its yearly estimates: a name, and a kind of area
            ours = {names["name"]: "area", names["geography"]: "area kind"}
            table = replace(table, rows=table.rows.rename(columns=ours))
    return melted(table, fields, {"year": _is_year}, value="people", name=path.name)


def _is_year(heading: str) -> bool:
    return re.fullmatch(r"(19|20)\d\d", heading) is not None


POPULATIONS = Kind("populations", Population, FIELDS, _population, needs_position=False, read=_read)
