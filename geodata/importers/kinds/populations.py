"""How many people live where: the areas that figures may be of, and what rates divide by."""

from geodata.files.columns import Field
from geodata.importers.kinds.kind import Kind
from geodata.importers.parsed import Parsed
from geodata.importers.partner_areas import AREA_FIELDS, take_kinds
from geodata.importers.values import parse_whole
from geodata.models import Population

_FIRST_YEAR, _LAST_YEAR = 1981, 2100


def _population(parsed: Parsed) -> None:
    parsed.take_name("area")
    take_kinds(parsed)
    parsed.refuse(
        parsed.columns["area_kind"].isna(), "area_kind", "is no ward, borough, county or force"
    )
    for field in ("year", "people"):
        parsed.take(field, parse_whole, "is no whole number")
        parsed.refuse(parsed.texts(field) == "", field, "is empty: every row needs one")
    year = parsed.columns["year"].astype(float)
    parsed.refuse(
        (year < _FIRST_YEAR) | (year > _LAST_YEAR), "year", "is no year of an estimate: 2024"
    )
    parsed.refuse(parsed.columns["people"].astype(float) == 0, "people", "is 0: nobody lives there")
    parsed.take("source", lambda texts: texts.str[:200])


POPULATIONS = Kind(
    "populations",
    Population,
    (
        *AREA_FIELDS,
        Field("year", ("mid year", "estimate year", "date")),
        Field("people", ("population", "all ages", "obs value", "observation", "residents")),
        Field("source", ("publisher",)),
    ),
    _population,
    needs_position=False,
)
