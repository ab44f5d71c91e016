"""``hotspots detect``."""

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from geodata.core.geography import to_lonlat
from geodata.people.audit import Actor
from hotspots.core.words import counted
from hotspots.detection import DetectionParams
from web.clock import utc_now
from web.commands.analysis import workers as work
from web.commands.core.context import open_configured_store, print_json, working
from web.commands.core.moments import Moment
from web.services.detection import along_streets, detection_settings
from web.services.detection.along_streets import AlongStreets
from web.services.detection.run_saving import RunSummary
from web.services.detection.running import run_apart

NO_EXPOSURE = "none"


@click.command()
@click.option("--as-of", type=Moment(), help="Look from this moment; nothing later is seen.")
@click.option(
    "--months",
    type=click.IntRange(1, 1200),
    help="Length of the window that is searched; else the council's choice, or 12.",
)
@click.option(
    "--simulations",
    type=click.IntRange(99, 99_999),
    help="Maps of pure chance that the real one is compared with, on even ground.",
)
@click.option("--seed", type=int, help="The same seed gives the same result.")
@click.option(
    "--exposure",
    metavar="WHAT",
    help="What dumping follows: streets, postcodes, import:7, or none; else the council's choice.",
)
@click.option(
    "--streets",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Lines of the streets to read places along too; else the store's, where it holds any.",
)
@work.options
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
def detect(
    as_of: datetime | None,
    exposure: str | None,
    streets: Path | None,
    workers: int | None,
    scheduler: str | None,
    *,
    as_json: bool,
    **chosen: int | None,
) -> None:
    """Flag the places where separate incidents recur more than chance explains.

    What is not said here is as the council has chosen on the page Detection.

    \b
    Examples:  hotspots detect --as-of 2026-10-31 --months 12
               hotspots detect --exposure streets
               hotspots detect --streets roads.gpkg
               hotspots detect --workers 4
    """
    now = utc_now()
    store = open_configured_store()
    with store.reading() as session:
        params = _params(detection_settings.current(session), **chosen)
    held_against = "" if exposure == NO_EXPOSURE else exposure
    lines = None if streets is None else along_streets.read_lines(streets)
    with work.executor(workers, scheduler) as executor, working("Comparing the map with chance …"):
        run = run_apart(
            store,
            Actor(None, now),
            as_of=as_of,
            params=params,
            exposure=held_against,
            streets=lines,
            executor=executor,
        )
    summary = run.summary
    if as_json:
        print_json(_document(summary))
    else:
        _print(summary)


def _params(
    council: DetectionParams, *, months: int | None, simulations: int | None, seed: int | None
) -> DetectionParams:
    """The council's, but for what was said."""
    return replace(
        council,
        months=council.months if months is None else months,
        n_simulations=council.n_simulations if simulations is None else simulations,
        seed=council.seed if seed is None else seed,
    )


def _document(summary: RunSummary) -> dict[str, object]:
    return {
        "run": summary.run_id,
        "as_of": summary.as_of.isoformat(),
        "incidents": summary.incidents,
        "note": summary.note,
        "hotspots": [_hotspot(row) for row in summary.hotspots.to_dict("records")],
        "by_street": None if summary.by_street is None else asdict(summary.by_street),
    }


def _hotspot(row: dict[str, Any]) -> dict[str, object]:
    lon, lat = to_lonlat(row["centre_x"], row["centre_y"])
    plain = ("incidents", "reports", "nights", "expected", "p_value", "q_value", "reason")
    return {
        "id": row["code"],
        "name": row["name"],
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "area_m2": round(row["area_m2"]),
        **{name: row[name] for name in plain},
        "class": row["class"],
        "last_incident": pd.Timestamp(row["last_incident"]).isoformat(),
    }


def _print(summary: RunSummary) -> None:
    click.echo(
        f"Run {summary.run_id}: {len(summary.hotspots)} hotspots among "
        f"{summary.incidents} incidents."
    )
    if summary.note:
        click.echo(summary.note[0].upper() + summary.note[1:] + ".")
    for row in summary.hotspots.to_dict("records"):
        click.echo(f"  {row['code']}  {row['name']} ({row['class']}): {row['reason']}")
    if summary.by_street is not None:
        _print_by_street(summary.by_street)


def _print_by_street(street_run: AlongStreets) -> None:
    click.echo(f"Along the streets: {counted(len(street_run.sites), 'place')}.")
    if street_run.note:
        click.echo(street_run.note[0].upper() + street_run.note[1:] + ".")
    for site in street_run.sites:
        of = "" if site.rank is None else f", in hotspot {site.rank} of the list above"
        click.echo(f"  {site.where}{of}: {site.reason}")
