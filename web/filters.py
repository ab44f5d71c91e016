"""How times and numbers are written on pages: London's clock, plain English."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from flask import Flask
from markupsafe import Markup

from geodata.rules.days import LONDON
from web.services.common import speaking
from web.services.common.speaking import gettext as _
from web.services.common.wording import age_in_words, distance_in_words, due_in_words

T = TypeVar("T")


def long_date(moment: datetime | date) -> str:
    """Monday 23 November 2026."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return speaking.long_day(day) or f"{day:%A} {day.day} {day:%B %Y}"


def short_date(moment: datetime | date) -> str:
    """23 Nov 2026."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return speaking.short_day(day) or f"{day.day} {day:%b %Y}"


def day_before(moment: datetime | date) -> date:
    """The day before the one a moment falls in: a period's last day from its open end."""
    day = moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment
    return day - timedelta(days=1)


def clock(moment: datetime) -> str:
    """23 Nov 2026, 6:05pm."""
    local = moment.astimezone(LONDON)
    if not speaking.current().is_english:
        return f"{short_date(local)}, {local:%H:%M}"
    hour = local.hour % 12 or 12
    return f"{short_date(local)}, {hour}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def hours(moment: datetime) -> str:
    """18:05, by London's clock."""
    return f"{moment.astimezone(LONDON):%H:%M}"


def rounded(value: float) -> str:
    """Two significant figures below 10, whole numbers above."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 0.1 else f"{value:.2g}"


def probability(value: float) -> str:
    """A p or q value as people write it: never 0."""
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def one_in(p_value: float) -> str:
    """A p-value as people say it.

    >>> one_in(0.001), one_in(0.0149), one_in(0.34)
    ('1 of 1,000 such records', '1 of 67 such records', '1 of 3 such records')
    """
    return f"1 of {1 / p_value:,.0f} such records"


def sentence(words: object) -> str:
    """Words with a capital at their beginning, unless they begin with the name of a file.

    >>> sentence("no such place"), sentence("crm.csv holds no rows")
    ('No such place', 'crm.csv holds no rows')
    """
    text = str(words)
    is_file = "." in text.split(" ", 1)[0].rstrip(".,:;")
    return text if is_file else text[:1].upper() + text[1:]


def apart(one: datetime, other: datetime) -> str:
    """How far two moments lie apart: 20 minutes, 5 hours, 3 days; rounded down."""
    if words := speaking.lasting(abs(one - other)):
        return words
    minutes = int(abs((one - other).total_seconds()) // 60)
    if minutes < 60:
        number, unit = minutes, "minute"
    elif minutes < 48 * 60:
        number, unit = minutes // 60, "hour"
    else:
        number, unit = minutes // (24 * 60), "day"
    return f"{number} {unit}{'' if number == 1 else 's'}"


def month_name(month: str) -> str:
    """2025-12 as people write it: December 2025."""
    day = date.fromisoformat(f"{month}-01")
    return speaking.month_and_year(day) or f"{day:%B %Y}"


def pick(labels: Mapping[str, T], code: str) -> T:
    """What a code is called; KeyError where it has no name, since a code tells a reader nothing."""
    return labels[code]


def spoken(text: str) -> str:
    """A text of ours in the language that is spoken; one that no catalogue has, as it is."""
    return _(str(text))


def linked(text: str, href: str) -> Markup:
    """A translated text whose ``<a>`` leads to an address.

    >>> linked(Markup("See the <a>notice</a>."), "/privacy")
    Markup('See the <a class="govuk-link" href="/privacy">notice</a>.')
    """
    anchor = Markup('<a class="govuk-link" href="{}">').format(href)
    return Markup(str(text).replace("<a>", anchor, 1))  # noqa: S704 - a catalogue's, whose tags are checked


def register(app: Flask) -> None:
    for filter_ in (
        spoken,
        linked,
        long_date,
        short_date,
        day_before,
        clock,
        hours,
        rounded,
        one_in,
        probability,
        sentence,
        apart,
        month_name,
        pick,
    ):
        app.add_template_filter(filter_)
    app.add_template_filter(due_in_words, "due")
    app.add_template_filter(age_in_words, "age")
    app.add_template_filter(distance_in_words, "distance")
