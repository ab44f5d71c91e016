"""SaTScan's files as texts, in and out: so that anybody can put the same question to SaTScan.

``.geo`` (where), ``.cas`` (cases), ``.pop`` (population) and ``.ctl`` (controls) have a row a line
and blanks between; ``.prm`` has its settings as ``Name=value`` under headings; ``.col.txt`` is its
table of clusters. Source: Kulldorff, SaTScan User Guide for version 10.1 (2022), www.satscan.org.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import CRSError, FrameError
from hotspots.core.frames import check_points, coordinates, numbers

NUMBERS = ("X", "Y", "RADIUS", "NUMBER_LOC", "LLR", "P_VALUE", "OBSERVED", "EXPECTED", "ODE")
SETTINGS = """\
[Input]
CaseFile={name}.cas
ControlFile=
PrecisionCaseTimes=3
StartDate={first:%Y/%-m/%-d}
EndDate={last:%Y/%-m/%-d}
PopulationFile={name}.pop
CoordinatesFile={name}.geo
UseGridFile=n
CoordinatesType=0
[Analysis]
AnalysisType=1
ModelType=0
ScanAreas=1
TimeAggregationUnits=3
TimeAggregationLength=1
[Output]
ResultsFile={name}.txt
MostLikelyClusterEachCentroidASCII=y
CensusAreasReportedClustersASCII=y
[Spatial Window]
MaxSpatialSizeInPopulationAtRisk=50
UseDistanceFromCenterOption=y
MaxSpatialSizeInDistanceFromCenter={max_radius_m:g}
SpatialWindowShapeType=0
[Cluster Restrictions]
MinimumCasesInHighRateClusters=2
[Inference]
PValueReportType=1
ReportGumbel=y
MonteCarloReps={n_simulations}
[Spatial Output]
CriteriaForReportingSecondaryClusters=0
[Other Output]
PrintAsciiColumnHeaders=y
[System]
Version=10.3.1
"""
"""Purely spatial, discrete Poisson, high rates: as `scan_places` with ``model="poisson"``."""


@dataclass(frozen=True)
class SatscanFiles:
    """What each file holds; ``prm`` names the others as ``name`` with their endings."""

    geo: str
    cas: str
    pop: str
    prm: str


def satscan_files(
    places: gpd.GeoDataFrame,
    cases: pd.DataFrame,
    *,
    name: str,
    first: date,
    last: date,
    max_radius_m: float,
    n_simulations: int = 999,
) -> SatscanFiles:
    """A question to SaTScan: where are there more cases than their population explains?

    Parameters
    ----------
    places
        Points in metres with ``population`` (> 0); the index names them, without blanks.
    cases
        One row a place and day: ``place`` (a name), ``day`` (date), ``cases`` (int ≥ 1).
    name
        What the files are called, without their endings.
    first, last
        The study period; every day of a case lies in it.
    max_radius_m
        The largest circle.

    Raises
    ------
    FrameError, CRSError
        A name has a blank or comes twice, a population is not above 0, a case lies at no place or
        outside the period.
    """
    check_points(places, name="places", times=())
    labels = pd.Index(places.index.astype(str))
    population = numbers(places["population"], name="population").to_numpy()
    if labels.str.contains(r"\s").any() or not (population > 0).all():
        raise FrameError("places: their names must have no blanks, and population must be above 0")
    if not cases["place"].astype(str).isin(labels).all():
        raise FrameError("cases: a place among them is not one of the places")
    if not cases["day"].between(first, last).all():
        raise FrameError(f"cases: some lie outside the study period, {first} to {last}")
    xy = coordinates(places).tolist()
    days = zip(cases["place"], cases["cases"], cases["day"], strict=True)
    return SatscanFiles(
        geo=_lines(f"{label} {x:.2f} {y:.2f}" for label, (x, y) in zip(labels, xy, strict=True)),
        cas=_lines(f"{place} {n} {day:%Y/%-m/%-d}" for place, n, day in days),
        pop=_lines(
            f"{label} {last.year} {n:.8g}" for label, n in zip(labels, population, strict=True)
        ),
        prm=SETTINGS.format(
            name=name,
            first=first,
            last=last,
            max_radius_m=max_radius_m,
            n_simulations=n_simulations,
        ).replace("\n", "\r\n"),
    )


def _lines(rows: Iterable[str]) -> str:
    return "".join(f"{row}\r\n" for row in rows)


def read_satscan(files: Mapping[str, str], prm: str, *, crs: object) -> gpd.GeoDataFrame:
    """What SaTScan was asked, as `scan_places` takes it.

    Parameters
    ----------
    files
        Texts of the files that ``prm`` names, by their names there.
    prm
        The settings. Purely spatial Poisson and Bernoulli questions are read: times are left out.
    crs
        Of the coordinates, projected and in metres.

    Returns
    -------
    GeoDataFrame
        One row a place, by its name: Point, ``cases`` and ``population`` (of controls, where there
        are some: cases and controls together). Places without a row have 0; populations of several
        years are averaged, and what is told apart by covariates is summed.

    Raises
    ------
    FrameError
        A file is missing, or a line cannot be read.
    CRSError
        Its coordinates are degrees.
    """
    settings = read_settings(prm)
    if settings.get("CoordinatesType", "0").strip() != "0":
        raise CRSError("the coordinates are latitudes and longitudes: turn them into metres first")
    geo = _table(files, settings, "CoordinatesFile", ["place", "x", "y"])
    places = geo.groupby("place", sort=False)[["x", "y"]].first()
    cases = _summed(_table(files, settings, "CaseFile", ["place", "n"]))
    columns = {"cases": cases.reindex(places.index, fill_value=0)}
    if settings.get("ControlFile", "").strip():
        controls = _summed(_table(files, settings, "ControlFile", ["place", "n"]))
        columns["population"] = columns["cases"] + controls.reindex(places.index, fill_value=0)
    else:
        people = _table(files, settings, "PopulationFile", ["place", "year", "n"])
        mean = people.groupby(["place", "year"])["n"].sum().groupby("place").mean()
        columns["population"] = mean.reindex(places.index, fill_value=0)
    points = gpd.points_from_xy(places["x"], places["y"])
    return gpd.GeoDataFrame(columns, index=places.index, geometry=points, crs=crs)


def read_settings(prm: str) -> dict[str, str]:
    """The settings of a ``.prm`` by name; its comments begin with a semicolon.

    Examples
    --------
    >>> read_settings("[Input]\\n;case data filename\\nCaseFile=memphis.cas\\nControlFile=")
    {'CaseFile': 'memphis.cas', 'ControlFile': ''}
    """
    return dict(re.findall(r"^(\w[^=;\[\r\n]*?)[ \t]*=[ \t]*([^\r\n]*?)[ \t]*\r?$", prm, re.M))


def read_clusters(col: str) -> pd.DataFrame:
    """SaTScan's table of clusters (``.col.txt``, with its headings), likeliest first.

    Returns
    -------
    DataFrame
        Its columns in lower case, such as ``loc_id`` (text), ``radius``, ``number_loc``, ``llr``,
        ``p_value``, ``observed``, ``expected`` and ``ode``.

    Raises
    ------
    FrameError
        It has no headings.
    """
    table = pd.read_csv(StringIO(col), sep=r"\s+", dtype=str)
    if not set(NUMBERS) <= set(table.columns):
        raise FrameError(
            "the table of clusters has no headings: set PrintAsciiColumnHeaders=y and run it again"
        )
    table = table.astype(dict.fromkeys(NUMBERS, float))
    return table.rename(columns=str.lower)


def _table(
    files: Mapping[str, str], settings: Mapping[str, str], setting: str, columns: list[str]
) -> pd.DataFrame:
    """The first columns of a file; the rest, times and covariates, are left out."""
    name = settings.get(setting, "").strip()
    if name not in files:
        raise FrameError(f"{setting} names {name!r}, which is not among {', '.join(files)}")
    rows = [line.split()[: len(columns)] for line in files[name].splitlines() if line.strip()]
    short = [row for row in rows if len(row) < len(columns)]
    if short:
        raise FrameError(f"{name}: the line {' '.join(short[0])!r} lacks {', '.join(columns[1:])}")
    table = pd.DataFrame(rows, columns=columns)
    amounts = [column for column in columns if column not in ("place", "year")]
    try:
        return table.astype(dict.fromkeys(amounts, float))
    except ValueError as error:
        raise FrameError(f"{name}: {error}") from None


def _summed(table: pd.DataFrame) -> pd.Series:
    return table.groupby("place")["n"].sum().astype(np.int64)
