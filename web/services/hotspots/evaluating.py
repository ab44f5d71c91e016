"""How well a file's events could have been forecast: nothing of it is stored."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from geodata.importers.dated_points import PointOptions, read_dated_points
from geodata.places.areas import read_polygons
from hotspots.forecast.evaluation import Evaluation, EvaluationParams, evaluate_forecasts

HULL_NOTE = (
    "Study area: the convex hull of the events, for want of --area; sea and fields in it make "
    "every method look better than it is."
)


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
    on_month: Callable[[int, int], None] = lambda done, of: None,
) -> FileEvaluation:
    """Forecast every month of a file's events from those before it, by every method.

    Raises
    ------
    FileRefusedError, RefusedError
        The file, or that of the area, cannot be read as what it should be.
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
    evaluation = evaluate_forecasts(
        points.events, polygons, replace(params, zone=points.zone), on_month=on_month
    )
    return FileEvaluation(evaluation, notes)


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


def _number(value: float) -> float | None:
    """JSON knows no NaN."""
    return None if math.isnan(value) else float(value)
