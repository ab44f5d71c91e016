"""Have a draft of a report made, read it, or throw it away."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from geodata.core.errors import RefusedError
from geodata.rules.days import local_day
from geodata.store import background, committee_papers
from web.auth import actor
from web.clock import utc_now
from web.committee.blueprint import audiences, check_may_read, committee, officers_only
from web.committee.paper import file_answer, paper_page, picture_answer
from web.database import commits, read_session
from web.filters import sentence
from web.forms.fields import day_field
from web.server.ticks import wake
from web.services.committee import drafting, making
from web.services.committee.compiling import STEPS
from web.services.committee.making import DRAFTS, Wish
from web.services.committee.report_period import ReportPeriod, proposed_period
from web.services.common.asked_work import State
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
            wake()
            return redirect(url_for(".draft_making", token=wish.token))
    session, seen = read_session(), audiences()
    return render_template(
        "committee/start.html",
        form=form,
        drafts=[each for each in committee_papers.drafts(session) if each.audience in seen],
        releases=committee_papers.releases(session, seen),
        makings=_unfinished(seen),
    ), 400 if form.errors else 200


def _unfinished(seen: frozenset[str]) -> list[tuple[Wish, State]]:
    """Drafts that wait, are being made or failed, of the versions that may be seen."""
    now = utc_now()
    known = [(wish, DRAFTS.state(made, now)) for wish, made in making.makings(read_session())]
    return [
        (wish, state)
        for wish, state in known
        if wish.audience.value in seen and state is not State.DONE
    ]


@commits
def _begin(wish: Wish) -> None:
    making.begin(g.session, wish, actor())


@committee.get("/draft/making/<token>")
@officers_only
def draft_making(token: str) -> ResponseReturnValue:
    """How far it is, which asks again by itself; the draft as soon as it is there."""
    check_may_read(making.wish_of(token).audience.value)
    session, now = read_session(), utc_now()
    made = DRAFTS.find(session, token)
    if made.made_id is not None:
        return redirect(url_for(".draft", key=made.made_id))
    state, newest = DRAFTS.state(made, now), background.ticks(session)[:1]
    page = render_template(
        "committee/making.html",
        made=made,
        state=state.name,
        token=token,
        steps=STEPS,
        last_tick=newest[0] if newest else None,
    )
    return page, {} if state is State.FAILED else {"Refresh": str(AGAIN_S)}


@committee.post("/draft/making/<token>/again")
@officers_only
def make_again(token: str) -> ResponseReturnValue:
    """Ask anew for one that failed."""
    wish = making.wish_of(token)
    check_may_read(wish.audience.value)
    making.check_wish(read_session(), wish, now=utc_now())
    _begin(wish)
    wake()
    return redirect(url_for(".draft_making", token=token))


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


@committee.post("/draft/<int:key>/delete")
@officers_only
@commits
def delete_draft(key: int) -> ResponseReturnValue:
    check_may_read(committee_papers.draft(g.session, key).audience)
    drafting.throw_away(g.session, key, actor())
    flash("The draft is gone.")
    return redirect(url_for(".start"))
