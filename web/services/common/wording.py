"""Times and distances as people say them, in pages and mails alike."""

from datetime import datetime, timedelta

from geodata.rules.days import LONDON, date_in_words
from web.services.common import speaking
from web.services.common.speaking import gettext as _

__all__ = [
    "age_in_words",
    "date_in_words",
    "day_in_words",
    "distance_in_words",
    "due_in_words",
    "time_in_words",
]


def day_in_words(moment: datetime) -> str:
    """The London day: Wednesday 25 November."""
    local = moment.astimezone(LONDON)
    return speaking.day_and_month(local.date()) or f"{local:%A} {local.day} {local:%B}"


def time_in_words(moment: datetime) -> str:
    """The London time to the minute: 8:30pm, 5pm, midday.

    >>> from datetime import UTC
    >>> time_in_words(datetime(2026, 7, 1, 16, 0, tzinfo=UTC))
    '5pm'
    """
    local = moment.astimezone(LONDON)
    if not speaking.current().is_english:
        return f"{local:%H:%M}"
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    hour = local.hour % 12 or 12
    minutes = f":{local:%M}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def due_in_words(due_at: datetime) -> str:
    """By when: "by the end of Wednesday 25 November", or "by 8:30pm on Wednesday 25 November".

    >>> from datetime import UTC
    >>> due_in_words(datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC))
    'by the end of Wednesday 25 November'
    >>> due_in_words(datetime(2026, 4, 2, 19, 30, tzinfo=UTC))
    'by 8:30pm on Thursday 2 April'
    """
    local = due_at.astimezone(LONDON)
    if (local.hour, local.minute) == (23, 59):
        return _("by the end of %(day)s", day=day_in_words(due_at))
    return _("by %(time)s on %(day)s", time=time_in_words(due_at), day=day_in_words(due_at))


def age_in_words(moment: datetime, now: datetime) -> str:
    """How long ago, roughly: "just now", "3 hours ago", "2 days ago".

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    >>> age_in_words(now - timedelta(minutes=90), now), age_in_words(now - timedelta(days=2), now)
    ('1 hour ago', '2 days ago')
    """
    age = now - moment
    if age < timedelta(minutes=1):
        return _("just now")
    if words := speaking.ago(age):
        return words
    for unit, length in (
        ("day", timedelta(days=1)),
        ("hour", timedelta(hours=1)),
        ("minute", timedelta(minutes=1)),
    ):
        count = age // length
        if count >= 1:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    raise AssertionError(age)  # a minute at least, as said above


def distance_in_words(metres: float) -> str:
    """To 10 metres, since no telephone knows better.

    >>> distance_in_words(4.0), distance_in_words(38.2), distance_in_words(1234.0)
    ('less than 10 metres', 'about 40 metres', 'about 1.2 km')
    """
    if metres < 10:
        return _("less than 10 metres")
    if metres < 1000:
        return _("about %(metres)s metres", metres=int(round(metres, -1)))
    return _("about %(km)s km", km=_km(metres))


def _km(metres: float) -> str:
    is_english = speaking.current().is_english
    return f"{metres / 1000:.1f}" if is_english else speaking.decimal(metres / 1000, 1)
