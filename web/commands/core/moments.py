"""The clock and the calendar, as commands read them."""

from datetime import UTC, datetime

import click

from geodata.rules.days import LONDON


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic in new clicks only
    """A day (its end, in London) or an instant with its zone."""

    name = "moment"

    def convert(self, value: object, _: object, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date: write 2026-11-23 or 2026-11-23T18:00Z", None, ctx)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        if len(str(value)) <= len("2026-11-23"):
            moment = moment.replace(hour=23, minute=59, second=59)
        return moment.replace(tzinfo=LONDON).astimezone(UTC)
