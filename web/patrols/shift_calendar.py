"""Planned shifts as a calendar that a diary subscribes to: when and how many, never where."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Response, abort, url_for
from flask_login import current_user

from geodata import patrols as plans
from web.clock import utc_now
from web.database import read_session
from web.documents.icalendar import Event, as_calendar, calendar_reader, calendar_token
from web.extensions import limiter
from web.navigation import OFFICERS
from web.patrols.blueprint import patrols

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geodata.models import PatrolPlan

KIND = "shifts"


def calendar_address() -> str:
    """The address of whoever is signed in, and of nobody else."""
    token = calendar_token(KIND, current_user.account)
    return url_for("patrols.shift_calendar", token=token, _external=True)


@patrols.get("/shifts/<token>.ics")
@limiter.limit("60 per hour")
def shift_calendar(token: str) -> Response:
    """For diaries, which cannot sign in: the address itself is the key, until the password changes.

    A shift that was planned anew counts once, as it was planned last.
    """
    session = read_session()
    if calendar_reader(KIND, token, session).role not in OFFICERS:
        abort(404)
    return as_calendar("Patrol shifts", _events(plans.newest_plans(session)), now=utc_now())


def _events(kept_plans: "Iterable[PatrolPlan]") -> Iterator[Event]:
    seen = set()
    for plan in kept_plans:
        if plan.starts_at not in seen:
            seen.add(plan.starts_at)
            teams = " + ".join(str(officers) for officers in plan.params["teams"])
            summary = f"Patrol, {teams} officers (plan {plan.id})"
            yield Event(f"shift|{plan.starts_at}", plan.starts_at, plan.ends_at, summary)
