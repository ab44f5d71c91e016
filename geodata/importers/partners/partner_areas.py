"""Which area a row of a partner's table is of: one that is known, or a problem."""

from collections.abc import Mapping

import pandas as pd

from geodata.core.vocabulary import AreaKind
from geodata.files.columns import Field
from geodata.importers.parsed import Parsed
from geodata.importers.partners.indicator_terms import TOTAL
from geodata.importers.partners.published_values import without_footnote
from geodata.importers.values import parse_word
from geodata.importers.when.periods import Period
from geodata.indicators.areas import (
    Area,
    Outline,
    by_code,
    called,
    kind_of_code,
    known_areas,
    moves,
    outlines,
)

AREA_FIELDS = (
    Field(
        "area", ("area name", "geography name", "geography", "local authority", "la name"), ons="nm"
    ),
    Field("area_kind", ("area type", "geography type", "level")),
    Field("area_code", ("geography code", "gss code", "ons code", "code"), ons="cd"),
)
KINDS = {kind.value: kind.value for kind in AreaKind} | {
    "district": AreaKind.BOROUGH.value,
    "local authority": AreaKind.BOROUGH.value,
    "unitary": AreaKind.BOROUGH.value,
    "unitary authority": AreaKind.BOROUGH.value,
    "non metropolitan district": AreaKind.BOROUGH.value,
    "metropolitan district": AreaKind.BOROUGH.value,
    "london borough": AreaKind.BOROUGH.value,
    "metropolitan county": AreaKind.COUNTY.value,
    "police force": AreaKind.FORCE.value,
}


def take_kinds(parsed: Parsed) -> None:
    """Add ``area_kind``: as the row says, or as its code does; None where neither does.

    Words that are not known are let pass beside a code: Nomis has "local authorities: district /
    unitary (as of April 2023)", and Fingertips "Districts & UAs".
    """
    coded = parsed.texts("area_code").map(kind_of_code).astype(object)
    stated = parse_word(parsed.texts("area_kind"), KINDS)
    parsed.refuse(
        stated.isna() & coded.isna() & (parsed.texts("area_kind") != ""),
        "area_kind",
        f"is no kind of area: write {', '.join(AreaKind)}",
    )
    parsed.refuse(
        stated.notna() & coded.notna() & (stated != coded), "area_kind", "is not what the code says"
    )
    parsed.columns["area_kind"] = stated.where(stated.notna(), coded.where(coded.notna(), None))


def take_known_areas(parsed: Parsed) -> None:
    """Add ``area`` and ``area_kind`` of areas that are known here, by name or else by code; no
    other name is guessed."""
    if "area" not in parsed.headers and "area_code" in parsed.headers:
        parsed.headers = {**parsed.headers, "area": parsed.headers["area_code"]}
    parsed.take_name("area")
    parsed.columns["area"] = parsed.columns["area"].map(without_footnote, na_action="ignore")
    take_kinds(parsed)
    known, coded = known_areas(parsed.session), by_code(parsed.session)
    codes = parsed.texts("area_code").str.strip().str.upper()
    names = [name if isinstance(name, str) else "" for name in parsed.columns["area"]]
    triples = list(zip(names, parsed.columns["area_kind"], codes, strict=True))
    namesakes = {each: _meant(known, coded, *each) for each in set(triples)}
    number = pd.Series([len(namesakes[each]) for each in triples], index=parsed.rows.index)
    is_sum = parsed.texts("area").str.fullmatch(TOTAL, case=False)
    parsed.refuse(is_sum, "area", "sums areas up and is none: leave the row out")
    is_named = (parsed.texts("area") != "") & ~is_sum
    parsed.refuse(
        is_named & (number == 0),
        "area",
        "is no area that is known here: is it spelt as on the map? Import its population first "
        "(hotspots import populations), or leave the row out",
    )
    parsed.refuse(
        is_named & (number > 1), "area", "is the name of several: say which in a column area_kind"
    )
    chosen = [namesakes[each][0] if len(namesakes[each]) == 1 else Area("", "") for each in triples]
    own = [coded.get(code, area) for area, code in zip(chosen, codes, strict=True)]
    parsed.refuse(
        [area != Area("", "") and area != its for area, its in zip(chosen, own, strict=True)],
        "area_code",
        "is the code of another area than the one that is named",
    )
    parsed.columns["area"] = [area.name for area in chosen]
    parsed.columns["area_kind"] = [area.kind for area in chosen]


def _meant(
    known: list[Area], coded: Mapping[str, Area], name: str, kind: str | None, code: str
) -> list[Area]:
    """Areas of a name; where it is no area's, the one of the code."""
    namesakes = called(known, name, kind)
    of_code = coded.get(code) or coded.get(name.strip().upper())
    return namesakes or ([of_code] if of_code else [])


def refuse_moved_boundaries(parsed: Parsed) -> None:
    """A figure is of one boundary: a period in which it moved, or before it held, is named."""
    known = outlines(parsed.session)
    bad = [problem.row for problem in parsed.problems]
    good = parsed.columns[~parsed.rows.index.isin(bad)]
    for row, each in good[["area_kind", "area", "first_day", "months"]].iterrows():
        period = Period(each["first_day"], each["months"])
        drawn = known.get(Area(each["area_kind"], each["area"]), [])
        if drawn and not any(o.holds(period.first_day, period.last_day) for o in drawn):
            parsed.refuse(parsed.rows.index == row, "area", _why(drawn, period))


def _why(drawn: list[Outline], period: Period) -> str:
    within = [day for day in moves(drawn) if period.first_day < day <= period.last_day]
    if within:
        return (
            f"changed its boundary on {within[0]}, within this period: which of the two is the "
            "figure of? Give one for each part, or leave the row out"
        )
    return (
        f"has no boundary on the map for this period (the first holds from {drawn[0].first}): "
        "import the one that the figure is of (hotspots import places), or leave the row out"
    )
