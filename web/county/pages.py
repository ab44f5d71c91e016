"""Figures of the member councils, hotspots across their borders, a contractor's rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import Blueprint, Flask, current_app, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from geodata.core.errors import StoreError
from web.auth import requires_role
from web.clock import today, utc_now
from web.navigation import Bars, Entry, Section, start_page, use_bars
from web.server.members import Member, members
from web.services.county.border_hotspots import across_borders, flagged_places
from web.services.county.rounds import jobs_of_firm
from web.services.county.side_by_side import line_of
from web.services.partnership import comparison_words

T = TypeVar("T")
county = Blueprint("county", __name__)
OFFICERS = ("officer", "manager")
SHOWN_TO = frozenset({*OFFICERS, "admin"})
BAR = (
    Section("Side by side", (Entry("county.side_by_side", "Side by side", SHOWN_TO),)),
    Section("Across borders", (Entry("county.borders", "Across borders", SHOWN_TO),)),
)
CREWS_BAR = (
    Section("Rounds", (Entry("county.rounds", "Rounds", frozenset({"contractor", *SHOWN_TO})),)),
)
BARS = Bars(
    officers=BAR,
    others=CREWS_BAR,
    footer=(),
    start={
        "officer": "county.side_by_side",
        "manager": "county.side_by_side",
        "admin": "county.side_by_side",
        "contractor": "county.rounds",
    },
)


@dataclass(frozen=True)
class Read(Generic[T]):
    """What was read of a member; None: its store did not answer."""

    member: Member
    content: T | None
    is_open: bool = True


def register_county(app: Flask) -> None:
    """A partnership's pages in the place of a council's."""
    use_bars(app, BARS)
    app.register_blueprint(county)
    app.add_url_rule("/", "public.home", home)  # where every site begins


def home() -> ResponseReturnValue:
    """Whose partnership it is; whoever is signed in goes on to their own first page."""
    if current_user.is_authenticated and current_user.role in BARS.start:
        return redirect(start_page(current_user.role))
    return render_template("county/home.html", members=members().all())


@county.get("/side-by-side")
@requires_role(*OFFICERS)
def side_by_side() -> ResponseReturnValue:
    """A line for each member."""
    now = utc_now()
    lines = _each(lambda session, _: line_of(session, now=now))
    window = next((each.content.window for each in lines if each.content), None)
    return render_template(
        "county/side_by_side.html", lines=lines, window=window, words=comparison_words, now=now
    )


@county.get("/across-borders")
@requires_role(*OFFICERS)
def borders() -> ResponseReturnValue:
    """Places that two members or more flag."""
    read = _each(lambda session, member: flagged_places(session, member.code, day=today()))
    groups = across_borders([place for each in read for place in each.content or ()])
    return render_template(
        "county/borders.html",
        groups=groups,
        closed=[each.member for each in read if not each.is_open],
        of={each.member.code: each.member for each in read},
    )


@county.get("/rounds")
@requires_role("contractor")
def rounds() -> ResponseReturnValue:
    """Open jobs of every member whose contract of today is this contractor's."""
    now = utc_now()
    firm = current_user.account.employer
    read = _each(lambda session, _: jobs_of_firm(session, firm, now=now))
    return render_template("county/rounds.html", read=read, firm=firm, now=now)


def _each(ask: Callable[[Session, Member], T]) -> list[Read[T]]:
    """One store after the other; one that does not answer leaves its line empty."""
    door = members()
    answers: list[Read[T]] = []
    for member in door.all():
        try:
            with door.reading(member) as session:
                answers.append(Read(member, ask(session, member)))
        except StoreError as error:
            current_app.logger.error("%s cannot be read: %s", member.code, error)
            answers.append(Read(member, None, is_open=False))
    return answers
