"""``hotspots plan-patrol``."""

import secrets
from datetime import datetime

import click

from hotspots.patrol.wishes import PatrolParams
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json, working
from web.services.patrols import patrol_sheet, patrolling
from web.services.patrols.shift_hours import ShiftHours


def _shift(date: datetime, start: str, end: str) -> tuple[datetime, datetime]:
    """A shift by London's clock; one that ends before it starts ends the next day."""
    clocks = []
    for text in (start, end):
        try:
            clocks.append(datetime.strptime(text, "%H:%M").time())  # noqa: DTZ007 - of the clock alone
        except ValueError:
            raise click.BadParameter(f"{text!r} is no time: write 20:00") from None
    return ShiftHours(*clocks).on(date.date())


PLACES = (
    "a hotspot's code (H-0001), a known place, a grid reference, longitude and latitude, or "
    "easting and northing; then, if you like, a colon and why. Repeatable."
)


@click.command("plan-patrol")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day it starts.")
@click.option("--start", required=True, help="London time, such as 20:00.")
@click.option("--end", required=True, help="London time; the next day where it is earlier.")
@click.option("--teams", type=click.IntRange(1, 10), default=1, show_default=True)
@click.option(
    "--officers", type=click.IntRange(1, 10), default=2, show_default=True, help="A team."
)
@click.option("--mode", type=click.Choice(list(patrolling.SPEEDS_KMH)), default="vehicle")
@click.option("--dwell", type=int, default=PatrolParams.dwell_min, help="Minutes of a stop, 10-16.")
@click.option("--max-stops", type=int, default=PatrolParams.max_stops, help="Of each team.")
@click.option("--from", "start_place", help="Name of the place where teams start and end.")
@click.option("--include", multiple=True, help=f"To visit: {PLACES}")
@click.option("--avoid", multiple=True, help=f"To keep away from: {PLACES}")
@click.option("--seed", type=int, help="The same seed gives the same plan; drawn if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan_patrol(
    date: datetime,
    start: str,
    end: str,
    teams: int,
    officers: int,
    mode: str,
    dwell: int,
    max_stops: int,
    start_place: str | None,
    include: tuple[str, ...],
    avoid: tuple[str, ...],
    seed: int | None,
    *,
    as_json: bool,
) -> None:
    """Plan where to stand tonight, and when; the plan is kept in the store.

    \b
    Example:  hotspots plan-patrol --date 2026-11-27 --start 20:00 --end 00:30 --teams 2 --json
              --include "Central Park: the youth club closes at 9" --avoid "TQ 5409 7420"
    """
    starts_at, ends_at = _shift(date, start, end)
    wish = patrolling.PatrolWish(
        starts_at=starts_at,
        ends_at=ends_at,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        teams=(officers,) * teams,
        mode=mode,
        dwell_min=dwell,
        max_stops=max_stops,
        start_place=start_place,
        include=include,
        avoid=avoid,
    )
    store = open_configured_store()
    with working("Looking for good rounds …"), store.reading() as session:
        planned = patrolling.plan(session, wish, now=utc_now())
    with store.writing() as session:
        sheet = patrol_sheet.sheet(session, patrolling.keep(session, planned))
    if as_json:
        print_json(patrol_sheet.as_document(sheet))
    else:
        click.echo(patrol_sheet.as_text(sheet))
