"""How well a file's events could have been forecast: nothing of it is stored."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.files.problems import FileRefusedError
from geodata.importers.dated_points import DatedPoints, PointOptions, read_dated_points
from geodata.importers.place_features import read_covariates, read_exposure
from geodata.places.areas import read_polygons
from hotspots.core.executors import IN_TURN, Executor
from hotspots.forecast.evaluation import Evaluation, EvaluationParams, evaluate_forecasts

HULL_NOTE = (
    "Study area: the convex hull of the events, for want of --area; sea and fields in it make "
    "every method look better than it is."
)

AROUND_M = 1_000.0
"""How far from the events features may lie and still matter."""


@dataclass(frozen=True)
class OtherFiles:
    """What else may tell of the events.

    Attributes
    ----------
    layers
        Other dated events, each file a layer.
    covariates
        Features whose nearness may matter.
    exposure
        What is at risk.
    """

    layers: list[Path] = field(default_factory=list)
    covariates: list[Path] = field(default_factory=list)
    exposure: Path | None = None


@dataclass(frozen=True)
class FileEvaluation:
    """What came of it, and what the file was taken for, in sentences."""

    evaluation: Evaluation
    notes: list[str]


def evaluate_file(
    path: Path,
    options: PointOptions,
    params: EvaluationParams,
    *,
    area: Path | None = None,
    others: OtherFiles | None = None,
    on_month: Callable[[int, int], None] = lambda done, of: None,
    executor: Executor = IN_TURN,
) -> FileEvaluation:
    """Forecast every month of a file's events from those before it, by every method.

    Raises
    ------
    FileRefusedError, RefusedError
        The file, or one of the others, cannot be read as what it should be.
    FrameError
        One of the others has nothing in the study area.
    TooFewError
        It spans too few months.
    """
    points = read_dated_points(path, options)
    notes = list(points.notes)
    polygons = None
    if area is None:
        notes.append(HULL_NOTE)
    else:
        polygons = read_polygons(area).to_crs(points.events.crs)
    others = others or OtherFiles()
    plane = points.events.crs
    evaluation = evaluate_forecasts(
        points.events,
        polygons,
        replace(params, zone=points.zone),
        layers=[_layer(each, options, points) for each in others.layers],
        exposure=others.exposure and read_exposure(others.exposure, plane, crs=options.crs),
        covariates=_covariates(others.covariates, points, options),
        on_month=on_month,
        executor=executor,
    )
    return FileEvaluation(evaluation, notes)


def _layer(path: Path, options: PointOptions, points: DatedPoints) -> gpd.GeoDataFrame:
    """Other events, read as the file is where their columns are called alike, else by the usual
    names."""
    alike = replace(options, layer=None)
    try:
        events = read_dated_points(path, alike).events
    except FileRefusedError:
        usual = PointOptions(crs=options.crs, order=options.order)
        if usual == alike:
            raise
        events = read_dated_points(path, usual).events
    return events.to_crs(points.events.crs)


def _covariates(
    paths: list[Path], points: DatedPoints, options: PointOptions
) -> gpd.GeoDataFrame | None:
    if not paths:
        return None
    plane = points.events.crs
    west, south, east, north = points.events.total_bounds
    near = (west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M)
    frames = [read_covariates(p, plane, near=near, crs=options.crs) for p in paths]
    return pd.concat(frames, ignore_index=True)


def methods_of(evaluation: Evaluation) -> list[dict[str, object]]:
    """Ours first, then every baseline: its figures by share of the area, written "0.01"."""
    methods = []
    for name, rows in evaluation.scores.groupby("method", sort=False):
        shares = [f"{share:g}" for share in rows["share"]]
        measures = ("hit_rate", "low", "high", "pai", "pei")
        values = {
            measure: dict(zip(shares, map(_number, rows[measure]), strict=True))
            for measure in measures
        }
        values["hit_rate_low"], values["hit_rate_high"] = values.pop("low"), values.pop("high")
        log_score = evaluation.log_score[str(name)]
        methods.append({"name": name, **values, "log_score": log_score})
    return methods


def times_the_rate(evaluation: Evaluation) -> list[dict[str, object]]:
    """How many times the rate each kind of feature makes it; empty without covariates.

    ``high`` is None where it has no bound: one feature of a kind tells none.
    """
    if evaluation.covariates is None:
        return []
    rows: list[dict[str, Any]] = evaluation.covariates.to_dict("records")
    return [row | {"high": _number(row["high"])} for row in rows]


def _number(value: float) -> float | None:
    """JSON knows no NaN and nothing infinite."""
    return float(value) if math.isfinite(value) else None
