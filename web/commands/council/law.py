"""``hotspots law``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from shapely.geometry import Point
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from geodata.core.geography import from_lonlat
from geodata.rules.days import LONDON
from geodata.rules.enforcement.offences import offences
from geodata.rules.enforcement.penalties import pounds
from geodata.rules.tables import packaged
from web.commands.core.context import open_configured_store, print_json
from web.config import load_config
from web.services.enforcement.law import Question, what_holds

YEARS = range(1900, 2201)


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """A day as ISO writes it."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, _: object, ctx: click.Context | None) -> date:
        try:
            day = datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=LONDON).date()
        except ValueError:
            self.fail(f"{value!r} is no day: write 2026-11-23", None, ctx)
        if day.year not in YEARS:
            self.fail(f"{value!r} is outside the years {YEARS[0]} to {YEARS[-1]}", None, ctx)
        return day


class DayOrInstant(Day):
    """A day, or a moment of it: London's clock unless the text names a zone."""

    name = "YYYY-MM-DD[THH:MM]"

    def convert(self, value: object, param: object, ctx: click.Context | None) -> date | datetime:
        text = str(value).strip()
        if "T" not in text and " " not in text:
            return super().convert(text, param, ctx)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is no moment: write 2026-11-23T23:40", None, ctx)
        super().convert(moment.date().isoformat(), param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


class LonLat(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """Longitude and latitude, WGS 84 degrees, as a point of the National Grid."""

    name = "LON,LAT"

    def convert(self, value: object, _: object, ctx: click.Context | None) -> Point:
        try:
            lon, lat = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is no position: write 0.2137,51.4456", None, ctx)
        if not (-9 <= lon <= 2 and 49 <= lat <= 61):
            swapped = -9 <= lat <= 2 and 49 <= lon <= 61
            remedy = "longitude comes first" if swapped else "write 0.2137,51.4456"
            self.fail(f"{value!r} is not in Great Britain: {remedy}", None, ctx)
        return Point(*from_lonlat(lon, lat))


@click.command()
@click.option("--date", "when", type=DayOrInstant(), required=True, help="Of the act.")
@click.option("--at", type=LonLat(), help="Where; without it every order of that day is listed.")
@click.option("--notice-date", "notice_on", type=Day(), help="Date on the penalty notice.")
@click.option("--given-date", "given_on", type=Day(), help="Day a keeper was given the notice.")
@click.option(
    "--offence",
    type=click.Choice(sorted(offences(packaged()))),
    help="What it is prosecuted as; leaving litter where not given.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def law(*, as_json: bool, **question: Any) -> None:
    """Print what the law says of a day and a place: never today's law on yesterday's act.

    Deadlines are reckoned from the days that are given. Orders, and the council's own corrections
    of the tables, come from the store where there is one.

    \b
    Example:  hotspots law --date 2026-06-13 --at 0.2137,51.4456 --notice-date 2026-06-14
    """
    with _session(is_quiet=as_json) as session:
        answer = what_holds(session, Question(**question))
    if as_json:
        print_json(answer)
    else:
        _print(answer)


@contextmanager
def _session(*, is_quiet: bool) -> Iterator[Session | None]:
    url = make_url(load_config().database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        if not is_quiet:
            click.echo(f"Note: no store at {url.database}, so no order is known.", err=True)
        yield None
        return
    with open_configured_store().reading() as session:
        yield session


def _print(answer: dict[str, Any]) -> None:
    for held in answer["tables"]:
        _print_row(held)
    for order in answer["orders"]:
        until = order["to"] or "further notice"
        click.echo(
            f"Order: {order['name']}, version {order['version']}, {order['from']} to {until}"
        )
    if not answer["orders"]:
        click.echo("Order: none in force")
    for name, day in answer["deadlines"].items():
        if day:
            click.echo(f"{name.replace('_', ' ').capitalize()}: {day}")
    for warning in answer["warnings"]:
        click.echo(f"Warning: {warning}")


_TITLES = {
    "nitrous_oxide_regime": "Nitrous oxide",
    "litter_penalty": "Litter penalty",
    "order_penalty": "Breach of an order",
    "fly_tipping_penalty": "Fly-tipping penalty",
    "notice_breach_penalty": "Breach of a community protection notice",
    "powers": "Route",
    "periods": "Period",
}
_WORDS = {
    "label": "the law",
    "possession_offence": "possession is an offence",
    "begins_at": "begins at",
    "min_pence": "least",
    "max_pence": "most",
    "default_pence": "where the council set none",
    "least_discounted_pence": "least after a discount",
    "least_age": "not under the age of",
    "length": "how many",
    "unit": "of",
    "counted": "counted",
}


def _print_row(held: dict[str, Any]) -> None:
    """A row's source, and its values, each with whether somebody read it in the source."""
    key = f", {held['key'].replace('_', ' ')}" if held["key"] else ""
    title = _TITLES[held["table"]] + key
    if held["source"] is None:
        click.echo(f"{title}: no such power then")
        return
    click.echo(f"{title}: source {held['source']}")
    for name, words in _WORDS.items():
        if name in held["values"]:
            mark = "verified" if held["verified"][name] else "unverified"
            click.echo(f"  {words}: {_value_words(name, held['values'][name])} ({mark})")


def _value_words(name: str, value: Any) -> str:
    if name.endswith("_pence"):
        return pounds(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).replace("_", " ")
