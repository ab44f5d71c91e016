"""police.uk's files of street crime, as they are downloaded: counted by borough, ward and month."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata.core.geography import from_lonlat
from geodata.core.types import SRID
from geodata.core.vocabulary import AreaKind, Disclosure, Polarity, Unit
from geodata.files.columns import plain
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.indicators.areas import Area, called, known_areas, ward_outlines
from geodata.indicators.crime_types import CRIME_TYPES

HEADINGS = frozenset({"month", "crime type", "lsoa name", "falls within"})
SOURCE = "police.uk, street-level crime"
DEFINITION = (
    "Crimes and anti-social behaviour of this type that the force recorded in the month, by the "
    "small area (LSOA) that police.uk places them in; by ward where the point lies that it gives. "
    "Those without a place are in no borough and no ward."
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
    known = [area for area in known_areas(session) if area.kind == AreaKind.BOROUGH]
    areas = {name: called(known, name, AreaKind.BOROUGH) for name in boroughs.dropna().unique()}
    ours = boroughs.map({name: each[0] for name, each in areas.items() if len(each) == 1})
    if ours.isna().all():
        raise FileRefusedError(
            f"{name} holds no crime in a borough that is known here "
            f"({', '.join(sorted(area.name for area in known)) or 'none is'}): import "
            "their populations first (hotspots import populations)"
        )
    rows, own = rows[ours.notna()], ours.dropna()
    parts = [_long(rows, own), _by_ward(session, rows)]
    long = pd.concat([part for part in parts if not part.empty])
    return Table(
        long.set_axis(pd.RangeIndex(2, 2 + len(long))),
        problems=table.problems,
        notes=[*table.notes, *(note for part in parts for note in _silent_wards(part))],
    )


def _silent_wards(counts: pd.DataFrame) -> list[str]:
    """A ward without a single crime may be quiet, or cut out of the file: nobody but its sender
    knows."""
    if counts.empty or counts["area_kind"].iloc[0] != AreaKind.WARD:
        return []
    sums = counts["value"].astype(int).groupby([counts["area"], counts["period"]]).sum()
    silent = sums[sums == 0].index
    if silent.empty:
        return []
    more = f" and {len(silent) - 1} more" if len(silent) > 1 else ""
    ward, month = silent[0]
    words = f"no crime of any type lies in {ward} in {month}{more}: counted as 0."
    return [f"{words} Is the file the whole one of the force, or was it cut?"]


def _by_ward(session: Session, rows: pd.DataFrame) -> pd.DataFrame:
    """The same of wards on the map, in the months in which the file holds a crime in any."""
    wards = ward_outlines(session)
    if wards.empty or not {"longitude", "latitude"} <= set(rows):
        return pd.DataFrame()
    lon, lat = (pd.to_numeric(rows[name], errors="coerce") for name in ("longitude", "latitude"))
    points = gpd.GeoSeries(gpd.points_from_xy(*from_lonlat(lon, lat)), rows.index, crs=SRID)
    points = points[lon.notna() & lat.notna()]
    frame = gpd.GeoDataFrame({"month": rows["month"]}, geometry=points).dropna(subset="geometry")
    within = frame.sjoin(wards, predicate="intersects")
    first_day = pd.to_datetime(within["month"] + "-01").dt.date
    holds = [
        outline.holds(day, day) for outline, day in zip(within["outline"], first_day, strict=True)
    ]
    ward = within.loc[holds].groupby(level=0)["ward"].first()
    if ward.empty:
        return pd.DataFrame()
    areas = ward.map(lambda name: Area(AreaKind.WARD.value, name))
    known = sorted({Area(AreaKind.WARD.value, name) for name in wards["ward"]})
    return _long(rows.loc[areas.index], areas, known)


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


def _long(
    rows: pd.DataFrame, areas: pd.Series, every: Sequence[Area] | None = None
) -> pd.DataFrame:
    """A row an area, month and type; of ``every`` area in each month, where they are given."""
    names = areas.map(lambda area: Area(*area).name)
    counts = pd.crosstab([names, rows["month"]], rows["crime type"])
    if every is not None:
        slots = [[area.name for area in every], sorted(rows["month"].unique())]
        counts = counts.reindex(pd.MultiIndex.from_product(slots), fill_value=0)
    types = [name for name in CRIME_TYPES if name in set(rows["crime type"])]
    long = counts[types].stack().rename("value").reset_index()
    long.columns = pd.Index(["area", "period", "indicator", "value"])
    return (
        long.astype(str)
        .assign(
            area_kind=areas.iloc[0].kind,
            unit=Unit.COUNT.value,
            polarity=Polarity.LESS.value,
            disclosure=Disclosure.PUBLIC.value,
            source=SOURCE,
            definition=DEFINITION,
        )
        .astype(object)
    )
