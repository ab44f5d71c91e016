"""``hotspots evaluate``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from geodata.importers.dated_points import PointOptions
from hotspots.forecast.evaluation import Evaluation, EvaluationParams
from web.commands.analysis import workers as work
from web.commands.core.context import print_json
from web.services.detection.evaluating import (
    FileEvaluation,
    OtherFiles,
    evaluate_file,
    methods_of,
    times_the_rate,
)
from web.services.detection.evaluating_hours import HoursEvaluation, evaluate_hours_of


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--time", metavar="COL", help="Column of the times; found by its usual names.")
@click.option("--x", metavar="COL", help="Column of the longitudes or eastings.")
@click.option("--y", metavar="COL", help="Column of the latitudes or northings.")
@click.option("--crs", help="Coordinate system of x and y, such as EPSG:32615.")
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="FILE",
    help="Other dated events that may tell of these; repeatable. A bare name is a layer of FILE "
    "itself, where it is a GeoPackage.",
)
@click.option(
    "--covariates",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Points, lines or polygons by kind, whose nearness may matter: car parks, stations; "
    "or an extract of OpenStreetMap (.osm.pbf); repeatable.",
)
@click.option(
    "--exposure",
    type=click.Path(path_type=Path),
    help="What is at risk: addresses, streets, or areas with their population.",
)
@click.option("--dates", "order", type=click.Choice(["dmy", "mdy"]), help="Order of day and month.")
@click.option(
    "--profile",
    metavar="NAME",
    help="How the files of a known system are understood, such as kobo or survey123.",
)
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
@work.options
@click.option(
    "--hours",
    "of_hours",
    is_flag=True,
    help="Judge instead which hours of the week: each place's own against all the events'.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def evaluate(
    files: tuple[Path, ...],
    area: Path | None,
    train_months: int,
    cell: float,
    layers: tuple[str, ...],
    covariates: tuple[Path, ...],
    exposure: Path | None,
    workers: int | None,
    scheduler: str | None,
    *,
    of_hours: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Ask of any dated points: how well could each month have been forecast?

    Every method sees the months before, orders the cells of the study area, and is scored by the
    events that its first cells caught. What else may tell of the events is given as other layers of
    events, features by kind, or what is at risk. Several files are evaluated one after another,
    each with the same options.

    \b
    Examples:  hotspots evaluate reports.csv --area wards.geojson
               hotspots evaluate robberies.gpkg --train-months 6 --cell 100 --json
               hotspots evaluate canisters.csv --layer litter.csv --covariates places.gpkg
               hotspots evaluate survey_0.csv --profile survey123
               hotspots evaluate 2019.csv 2020.csv --workers 4
               hotspots evaluate thefts.csv --hours
    """
    if (options["x"] is None) != (options["y"] is None):
        raise click.UsageError("give --x and --y together")
    params = EvaluationParams(train_months=train_months, cell_size_m=cell)
    names = [each for each in layers if _is_layer_name(each)]
    if len(names) > 1:
        raise click.UsageError(
            f"--layer {names[0]} and {names[1]}: name one layer of {files[0].name}"
        )
    points = PointOptions(**options, layer=names[0] if names else None)
    if of_hours:
        if len(files) > 1:
            raise click.UsageError("--hours judges one file: give the others one by one")
        _print_hours(evaluate_hours_of(files[0], points), as_json=as_json)
        return
    layer_files = [Path(each) for each in layers if each not in names]
    others = OtherFiles(layer_files, list(covariates), exposure)
    documents = []
    with work.executor(workers, scheduler) as executor:
        for file in files:
            with _progress() as on_month:
                result = evaluate_file(
                    file,
                    points,
                    params,
                    area=area,
                    others=others,
                    on_month=on_month,
                    executor=executor,
                )
            for note in result.notes:
                click.echo(note, err=as_json)
            documents.append(_document(result.evaluation))
            if not as_json:
                _print(result, of=file.name if len(files) > 1 else "")
    if as_json:
        _print_json(files, documents)


def _print_json(files: tuple[Path, ...], documents: list[dict[str, object]]) -> None:
    """One document as it is; of several each with its file's name."""
    if len(files) == 1:
        print_json(documents[0])
    else:
        print_json([{"file": f.name} | d for f, d in zip(files, documents, strict=True)])


def _is_layer_name(text: str) -> bool:
    """Whether it names a layer of the file itself: neither a file nor anything like one."""
    return not (Path(text).exists() or Path(text).suffix or "/" in text)


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
    document: dict[str, object] = {
        "methods": methods_of(evaluation),
        "origins": evaluation.origins,
        "cells": evaluation.cells,
        "events": evaluation.events,
    }
    if evaluation.covariates is not None:
        document["covariates"] = times_the_rate(evaluation)
    return document


def _print(result: FileEvaluation, *, of: str) -> None:
    evaluation = result.evaluation
    shares = sorted(set(evaluation.scores["share"]))
    click.echo(
        f"\n{of and f'{of}: '}{evaluation.events:,} events of {evaluation.origins} months in "
        f"{evaluation.cells:,} cells. Share of them caught by searching so much of the area, "
        "with its 95 %\ninterval, and how many times better than chance that is (PAI):\n"
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
    if evaluation.covariates is not None:
        _print_covariates(evaluation)


def _print_hours(result: HoursEvaluation, *, as_json: bool) -> None:
    for note in result.notes:
        click.echo(note, err=as_json)
    if as_json:
        print_json({name: value for name, value in asdict(result).items() if name != "notes"})
        return
    click.echo(
        f"\n{result.events:,} events of the last six months at {result.places:,} places of "
        "250 m, each month told from what came before it:\n\n"
        f"{'':27}{'log-score':>11}{'in 24 likeliest hours':>24}\n"
        f"{'places, their own hours':27}{result.own:11.3f}{result.own_hits:24.1%}\n"
        f"{'hours of all the events':27}{result.common:11.3f}{result.common_hits:24.1%}\n\n"
        "Log-score: nats an event above an even week; 24 hours of an even week hold 14.3%.\n"
        f"Own hours gain {result.gain:.3f} nats an event (95 %: {result.low:.3f} to "
        f"{result.high:.3f}).\nOf {result.judged} places with eight such events or more, own hours "
        f"are better at {result.better} and worse at {result.worse} beyond chance (90 %; "
        f"{0.05 * result.judged:.1f} each by chance alone)."
    )


def _print_covariates(evaluation: Evaluation) -> None:
    click.echo("\nHow many times the rate far from it, as learnt from all the events:\n")
    click.echo(f"{'':27}{'beside it':>11}{'likely, 90 %':>16}{'at 100 m':>11}{'at 500 m':>11}")
    for row in times_the_rate(evaluation):
        high = "any" if row["high"] is None else f"{row['high']:.2f}"
        likely = f"{row['low']:.2f} to {high}"
        figures = (row["at_100_m"], row["at_500_m"])
        later = "".join(f"{figure:11.2f}" for figure in figures)
        click.echo(f"{row['kind']!s:27}{row['beside']:11.2f}{likely:>16}{later}")
