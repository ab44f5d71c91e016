"""``hotspots evaluate``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from geodata.importers.dated_points import PointOptions
from hotspots.forecast.evaluation import Evaluation, EvaluationParams
from web.commands.context import print_json
from web.services.hotspots.evaluating import FileEvaluation, evaluate_file, methods_of


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--time", metavar="COL", help="Column of the times; found by its usual names.")
@click.option("--x", metavar="COL", help="Column of the longitudes or eastings.")
@click.option("--y", metavar="COL", help="Column of the latitudes or northings.")
@click.option("--crs", help="Coordinate system of x and y, such as EPSG:32615.")
@click.option("--layer", help="Layer of a GeoPackage.")
@click.option("--dates", "order", type=click.Choice(["dmy", "mdy"]), help="Order of day and month.")
@click.option(
    "--area", type=click.Path(path_type=Path), help="Polygons of the study area; else the hull."
)
@click.option(
    "--train-months",
    type=click.IntRange(2, 120),
    default=12,
    show_default=True,
    help="Months that each forecast is made from.",
)
@click.option(
    "--cell",
    type=click.FloatRange(1, 10_000),
    default=100,
    show_default=True,
    help="Side of a cell in metres.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def evaluate(
    file: Path,
    area: Path | None,
    train_months: int,
    cell: float,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """Ask of any dated points: how well could each month have been forecast?

    Every method sees the months before, orders the cells of the study area, and is scored by the
    events that its first cells caught.

    \b
    Examples:  hotspots evaluate reports.csv --area wards.geojson
               hotspots evaluate robberies.gpkg --train-months 6 --cell 100 --json
    """
    if (options["x"] is None) != (options["y"] is None):
        raise click.UsageError("give --x and --y together")
    params = EvaluationParams(train_months=train_months, cell_size_m=cell)
    with _progress() as on_month:
        result = evaluate_file(file, PointOptions(**options), params, area=area, on_month=on_month)
    for note in result.notes:
        click.echo(note, err=as_json)
    if as_json:
        print_json(_document(result.evaluation))
    else:
        _print(result)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Months done, of how many, on a terminal; nothing to another program."""
    console = Console(stderr=True)
    columns = ("Forecasting month", MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        task = shown.add_task("months", total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def _document(evaluation: Evaluation) -> dict[str, object]:
    return {
        "methods": methods_of(evaluation),
        "origins": evaluation.origins,
        "cells": evaluation.cells,
        "events": evaluation.events,
    }


def _print(result: FileEvaluation) -> None:
    evaluation = result.evaluation
    shares = sorted(set(evaluation.scores["share"]))
    click.echo(
        f"\n{evaluation.events:,} events of {evaluation.origins} months in {evaluation.cells:,} "
        "cells. Share of them caught by searching so much of the area, with its 95 % interval,\n"
        "and how many times better than chance that is (PAI):\n"
    )
    heads = "".join(f"{f'{share:.1%} of the area':>27}" for share in shares)
    click.echo(f"{'':27}{heads}{'log-score':>11}")
    for name, rows in evaluation.scores.groupby("method", sort=False):
        cells = [
            f"{row.hit_rate:.3f} ({row.low:.3f}-{row.high:.3f}) {row.pai:5.1f}"
            for row in rows.sort_values("share").itertuples()
        ]
        score = f"{evaluation.log_score[str(name)]:11.3f}"
        click.echo(f"{name:27}" + "".join(f"{cell:>27}" for cell in cells) + score)
    click.echo("\nLog-score: mean log density of an event's cell; higher is better.")
