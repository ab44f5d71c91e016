"""Make a draft of a report, read it, freeze it or throw it away."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from geodata.core.errors import RefusedError
from geodata.rules.days import local_day
from geodata.store import committee_papers
from web.auth import actor
from web.basemap import basemap
from web.clock import utc_now
from web.committee.blueprint import audiences, check_may_read, committee, officers_only
from web.committee.paper import file_answer, paper_page, picture_answer
from web.council import council_name
from web.database import commits, read_session, store
from web.filters import sentence
from web.forms.fields import day_field
from web.services.committee import drafting, making
from web.services.committee.compiling import STEPS
from web.services.committee.making import Wish
from web.services.committee.report_period import ReportPeriod, proposed_period
from web.services.partnership.comparison_table import Audience

AGAIN_S = 2
VERSIONS = [
    SelectChoice(Audience.PUBLIC.value, "Public version"),
    SelectChoice(Audience.EXEMPT.value, "Exempt version, not for publication"),
]


class DraftForm(FlaskForm):  # type: ignore[misc]
    """Which days, and which version."""

    first = day_field("From", is_required=True)
    last = day_field("To", is_required=True)
    audience = RadioField(
        "Version", choices=VERSIONS, widget=GovRadioInput(), default=Audience.PUBLIC.value
    )


@committee.route("", methods=["GET", "POST"], strict_slashes=False)
@officers_only
def start() -> ResponseReturnValue:
    """Lists of drafts and releases, and the form that makes a draft."""
    proposed = proposed_period(local_day(utc_now()))
    form = DraftForm(data={"first": proposed.first, "last": proposed.last, "audience": "public"})
    if form.validate_on_submit():
        check_may_read(form.audience.data)
        period = ReportPeriod(form.first.data, form.last.data)
        wish = Wish(period, Audience(form.audience.data))
        try:
            making.check_wish(read_session(), wish, now=utc_now())
        except RefusedError as error:
            form.first.errors = [sentence(error)]
        else:
            _begin(wish)
            return redirect(url_for(".draft_making", token=wish.token))
    session, seen = read_session(), audiences()
    return render_template(
        "committee/start.html",
        form=form,
        drafts=[each for each in committee_papers.drafts(session) if each.audience in seen],
        releases=committee_papers.releases(session, seen),
    ), 400 if form.errors else 200


def _begin(wish: Wish) -> None:
    """Start it, unless it is being made: pressing twice makes one."""
    if _is_first(wish):
        opened, by, council, ground = store(), actor(), council_name(), basemap()
        in_background(lambda: making.make(opened, wish, by, council, ground))


@commits
def _is_first(wish: Wish) -> bool:
    return making.begin(g.session, wish, now=utc_now())


def in_background(work: Callable[[], None]) -> None:
    """Do what takes seconds while the page answers; what it comes to stands in the store."""
    threading.Thread(target=work, name="draft", daemon=True).start()


@committee.get("/draft/making/<token>")
@officers_only
def draft_making(token: str) -> ResponseReturnValue:
    """The bar, which asks again by itself; the draft as soon as it is there."""
    check_may_read(making.wish_of(token).audience.value)
    state = making.state_of(read_session(), token)
    if state.draft_id is not None:
        return redirect(url_for(".draft", key=state.draft_id))
    runs = state.runs(utc_now())
    page = render_template("committee/making.html", state=state, steps=STEPS, runs=runs)
    return page, {"Refresh": str(AGAIN_S)} if runs else {}


@committee.get("/draft/<int:key>")
@officers_only
def draft(key: int) -> ResponseReturnValue:
    row = committee_papers.draft(read_session(), key)
    check_may_read(row.audience)
    report = drafting.draft_document(read_session(), row)
    return paper_page("committee/draft.html", report, row, "draft")


@committee.get("/draft/<int:key>/report.<form>")
@officers_only
def draft_file(key: int, form: str) -> ResponseReturnValue:
    row = committee_papers.draft(read_session(), key)
    check_may_read(row.audience)
    return file_answer(drafting.draft_document(read_session(), row), row, form)


@committee.get("/draft/<int:key>/<name>.png")
@officers_only
def draft_picture(key: int, name: str) -> ResponseReturnValue:
    row = committee_papers.draft(read_session(), key)
    check_may_read(row.audience)
    return picture_answer(drafting.draft_document(read_session(), row), name)


@committee.post("/draft/<int:key>/freeze")
@officers_only
@commits
def freeze(key: int) -> ResponseReturnValue:
    check_may_read(committee_papers.draft(g.session, key).audience)
    release = drafting.freeze(g.session, key, actor())
    flash("The report is frozen. Nothing in it changes from now on.")
    return redirect(url_for(".release", key=release))


@committee.post("/draft/<int:key>/delete")
@officers_only
@commits
def delete_draft(key: int) -> ResponseReturnValue:
    check_may_read(committee_papers.draft(g.session, key).audience)
    drafting.throw_away(g.session, key, actor())
    flash("The draft is gone.")
    return redirect(url_for(".start"))
