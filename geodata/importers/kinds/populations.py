"""How many people live where: the areas that figures may be of, and what rates divide by."""

import re
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.files.columns import Field, known_headings, plain
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.kind import REFERENCE, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.partners.age_bands import read_ages
from geodata.importers.partners.partner_areas import AREA_FIELDS, KINDS, take_kinds
from geodata.importers.partners.publisher_words import take_publisher_words
from geodata.importers.partners.whole_populations import of_all_people
from geodata.importers.partners.wide_tables import melted
from geodata.importers.values import parse_whole
from geodata.indicators.areas import called, known_areas
from geodata.models import Population

_OF_ALL = ("total population", "all persons", "all people", "persons", "total", "age total")
_FIRST_YEAR, _LAST_YEAR = 1981, 2100


def _population(parsed: Parsed) -> None:
    parsed.take_name("area")
    take_kinds(parsed)
    parsed.refuse(
        parsed.columns["area_kind"].isna() & (parsed.texts("area_kind") == ""),
        "area_kind",
        "is empty: write ward, borough, county or force",
    )
    _take_names_here(parsed)
    for field, example in (("year", "2024"), ("people", "116800")):
        parsed.take(field, parse_whole, f"is no whole number: write one such as {example}")
        parsed.refuse(parsed.texts(field) == "", field, "is empty: every row needs one")
    year = parsed.columns["year"].astype(float)
    parsed.refuse(
        (year < _FIRST_YEAR) | (year > _LAST_YEAR),
        "year",
        "is no year of an estimate: write one such as 2024",
    )
    parsed.refuse(
        parsed.columns["people"].astype(float) == 0,
        "people",
        "is 0, as where nobody lives: leave the row out",
    )
    take_publisher_words(parsed, "source", most=200)
    _refuse_others(parsed)


def _refuse_others(parsed: Parsed) -> None:
    """Two numbers of one area and year: which of them is all people, the table does not say."""
    slot = ["area_kind", "area", "year"]
    bad = [problem.row for problem in parsed.problems]
    good = parsed.columns[~parsed.rows.index.isin(bad)]
    differs = good.groupby(slot)["people"].transform("nunique") > 1
    parsed.refuse(
        parsed.rows.index.isin(good.index[differs]),
        "people",
        "is one of several numbers of this area and year: keep the row of all people",
    )


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
    Field("people", ("population", "all ages", "obs value", "observation", "residents", *_OF_ALL)),
    Field("source", ("publisher",)),
)


def _read(_: Session, path: Path, layer: str | None, crs: str | None) -> Table:
    """Long, or with a column a year, as the Office for National Statistics publishes them."""
    fields = (REFERENCE, *FIELDS)
    headings = known_headings(fields, {}) | {"name", "laname", "ladcode"}
    table = read_table(path, layer=layer, crs=crs, headings=headings)
    table = replace(table, rows=table.rows.rename(columns=_as_known(table)))
    meanings = {"year": _is_year, "age": _is_age}
    table = melted(table, (*fields, Field("age")), meanings, value="people", name=path.name)
    return of_all_people(table, fields)


def _as_known(table: Table) -> dict[str, str]:
    """Columns that the ONS and its Nomis name in a way of their own, as they are known here."""
    names = {plain(str(column)): str(column) for column in table.rows}
    ours = {}
    for name, column in names.items():
        if (year := re.fullmatch(r"(?:population|mid|people) ((?:19|20)\d\d)", name)) is not None:
            ours[column] = year[1]
        elif (word := re.fullmatch(r"la(?:d|u)?(name|code)\d\d", name)) is not None:
            ours[column] = f"area {word[1]}"
    if {"name", "geography"} <= set(names):
        kinds = table.rows[names["geography"]].map(plain)
        if kinds.isin(KINDS).any():  # as in its yearly estimates: a name, and a kind of area
            ours |= {names["name"]: "area", names["geography"]: "area kind"}
    return ours


def _is_year(heading: str) -> bool:
    return re.fullmatch(r"(19|20)\d\d", heading) is not None


def _is_age(heading: str) -> bool:
    return read_ages(heading) is not None


POPULATIONS = Kind("populations", Population, FIELDS, _population, needs_position=False, read=_read)
