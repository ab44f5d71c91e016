"""police.uk's files of street crime, as they are downloaded: counted by borough and month."""

from pathlib import Path

import pandas as pd
from sqlalchemy.orm import Session

from geodata.core.vocabulary import AreaKind, Disclosure, Polarity, Unit
from geodata.files.columns import plain
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.indicators.areas import Area, known_areas
from geodata.indicators.crime_types import CRIME_TYPES

HEADINGS = frozenset({"month", "crime type", "lsoa name", "falls within"})
SOURCE = "police.uk, street-level crime"
DEFINITION = (
    "Crimes and anti-social behaviour of this type that the force recorded in the month, by the "
    "small area (LSOA) that police.uk places them in. Those without a place are in no borough."
)
_LSOA = r"^(?P<borough>.+) \d{3}[A-Z]$"


def is_street_crime(table: Table) -> bool:
    """Whether a table has the columns of police.uk's street-crime files."""
    return {plain(str(name)) for name in table.rows} >= HEADINGS


def read_counted(session: Session, path: Path, layer: str | None = None) -> Table:
    """A file of street crime as `counted` has it.

    Raises
    ------
    FileRefusedError
        It is no such file, or a cell cannot be read.
    """
    table = read_table(path, layer=layer, headings=HEADINGS)
    if not is_street_crime(table):
        raise FileRefusedError(
            f"{path.name} is no file of police.uk's street crime: it lacks one of the columns "
            "Month, Falls within, LSOA name and Crime type. Is it a table of indicators?"
        )
    return counted(session, table, path.name)


def counted(session: Session, table: Table, name: str) -> Table:
    """The long table of a street-crime file: a row a borough that is known here, month and type.

    A month without a crime of some type counts 0 in a borough that the file holds for that month.

    Raises
    ------
    FileRefusedError
        A cell cannot be read: a count without its row would be wrong. Or no borough is known.
    """
    rows = table.rows.rename(columns={column: plain(str(column)) for column in table.rows})
    _refuse_cells(rows, name)
    boroughs = rows["lsoa name"].str.extract(_LSOA)["borough"]
    known = {
        area.name.casefold(): area for area in known_areas(session) if area.kind == AreaKind.BOROUGH
    }
    ours = boroughs.str.casefold().map(known)
    if ours.isna().all():
        raise FileRefusedError(
            f"{name} holds no crime in a borough that is known here "
            f"({', '.join(sorted(area.name for area in known.values())) or 'none is'}): import "
            "their populations first (hotspots import populations)"
        )
    return Table(_long(rows[ours.notna()], ours.dropna()), problems=table.problems)


def _refuse_cells(rows: pd.DataFrame, name: str) -> None:
    is_month = rows["month"].str.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])")
    is_type = rows["crime type"].isin(CRIME_TYPES)
    is_place = rows["lsoa name"].str.match(_LSOA) | (rows["lsoa name"] == "")
    for column, good, what in (
        ("Month", is_month, "no month such as 2025-04"),
        ("Crime type", is_type, "no type of police.uk's"),
        ("LSOA name", is_place, "no area such as Dartford 001A"),
    ):
        if not good.all():
            row = good.idxmin()
            raise FileRefusedError(
                f"{name}, row {row}, column {column}: {rows.loc[row, column.lower()][:80]!r} is "
                f"{what}; nothing was counted, since the count would lack that row"
            )


def _long(rows: pd.DataFrame, areas: pd.Series) -> pd.DataFrame:
    names = areas.map(lambda area: Area(*area).name)
    counts = pd.crosstab([names, rows["month"]], rows["crime type"])
    types = [name for name in CRIME_TYPES if name in set(rows["crime type"])]
    long = counts[types].stack().rename("value").reset_index()
    long.columns = pd.Index(["area", "period", "indicator", "value"])
    long = long.astype(str).assign(
        area_kind=AreaKind.BOROUGH.value,
        unit=Unit.COUNT.value,
        polarity=Polarity.LESS.value,
        disclosure=Disclosure.PUBLIC.value,
        source=SOURCE,
        definition=DEFINITION,
    )
    return long.set_axis(pd.RangeIndex(2, 2 + len(long))).astype(object)
