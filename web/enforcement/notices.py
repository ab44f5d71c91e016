"""The list of notices, and a notice with its history and next steps."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.rules.days import local_day
from web.auth import actor
from web.clock import utc_now
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.words import KINDS, LETTERS, STATES, in_words
from web.filters import clock
from web.forms.fields import day_field
from web.forms.refusals import refusal_at
from web.forms.seen_so_far import SeenSoFar
from web.services.enforcement import notices as use_case
from web.services.enforcement.notice_deadlines import open_notices
from web.services.enforcement.notice_letters import letters_of
from web.services.enforcement.notices import Filters, NoticeView


class FilterForm(FlaskForm):  # type: ignore[misc]
    """Which notices to list; in the address, so that a list can be kept."""

    class Meta:
        csrf = False

    kind = SelectField("Kind", widget=GovSelect(), choices={"": "All kinds"} | KINDS, default="")
    state = SelectField(
        "Status", widget=GovSelect(), choices={"": "Any status"} | STATES, default=""
    )
    since = day_field("Acts from")
    until = day_field("Acts up to")

    def filters(self) -> Filters:
        return Filters(
            self.kind.data or None, self.state.data or None, self.since.data, self.until.data
        )


class StepForm(SeenSoFar):
    """The next step of a notice."""

    state = RadioField(
        "What happened", widget=GovRadioInput(), validators=[InputRequired("Choose what happened")]
    )
    on = day_field("On which day", is_required=True)
    reason = TextAreaField(
        "Why",
        widget=GovTextArea(),
        description="Needed to cancel, void, withdraw or write off, and with a representation "
        "or an appeal. Of a late appeal, the tribunal's direction and its day. "
        "No names, plates, telephone numbers or addresses.",
        validators=[Optional(), Length(max=2000)],
    )


@enforcement.get("/notices")
@enforcers_only
@commits
def notice_list() -> ResponseReturnValue:
    form = FilterForm(request.args)
    filters = form.filters() if form.validate() else Filters()
    rows = use_case.list_notices(g.session, filters, actor())
    waiting = open_notices(g.session, rows, local_day(utc_now()))
    return render_template("enforcement/notices.html", form=form, rows=rows, waiting=waiting)


@enforcement.route("/notices/<reference>", methods=["GET", "POST"])
@enforcers_only
@commits
def notice(reference: str) -> ResponseReturnValue:
    view = use_case.open_notice(g.session, reference, actor())
    form = StepForm()
    form.state.choices = {
        step.state.value: _step_words(view, step.state)
        for step in view.steps
        if step.state != NoticeState.PAID_DISCOUNT or view.action.discount_pence
    }
    if form.is_stale(len(view.history)):
        form.state.errors = [_added_meanwhile(view, form.state.data)]
        return _page(view, form, 409)
    if not form.is_submitted():
        form.on.data = utc_now().date()
        return _page(view, form, 200)
    if not form.validate():
        return _page(view, form, 400)
    return _take_step(view, form)


def _added_meanwhile(view: NoticeView, chosen: str | None) -> str:
    last = view.history[-1]
    yours = f" You had chosen: {in_words(chosen)}." if chosen in STATES else ""
    return (
        f"{last.who} recorded {in_words(last.state)}, {clock(last.at)}, after you opened this "
        f"page, and your step is not recorded.{yours} See whether it still fits, and send it again"
    )


def _take_step(view: NoticeView, form: StepForm) -> ResponseReturnValue:
    state, reference = NoticeState(form.state.data), view.action.reference
    with refusal_at(form.state):
        use_case.take_step(
            g.session,
            reference,
            state,
            form.on.data,
            form.reason.data or "",
            actor(),
            seen=len(view.history),
        )
        flash(f"{reference}: {in_words(state)} is recorded.", "success")
        return redirect(url_for(".notice", reference=reference))
    return _page(view, form, 400)


def _step_words(view: NoticeView, state: NoticeState) -> str:
    if view.state == NoticeState.DRAFT and state == NoticeState.ISSUED:
        return "Given to the keeper: enter the day on which it was given"
    if view.state == NoticeState.REPRESENTATION and view.action.kind == ActionKind.KEEPER_PENALTY:
        upheld = "Representation upheld, or not answered in time: the notice is cancelled"
        return upheld if state == NoticeState.CANCELLED else in_words(state)
    if view.state == NoticeState.REPRESENTATION:
        special = {
            NoticeState.ISSUED: "Representation rejected: the notice stands again",
            NoticeState.CANCELLED: "Representation upheld: the notice is cancelled",
        }
        return special.get(state, in_words(state))
    return in_words(state)


def _page(view: NoticeView, form: StepForm, status: int) -> ResponseReturnValue:
    letters = {
        name: LETTERS.get(name) or in_words(name)
        for name in letters_of(view.action.kind, view.state, [line.state for line in view.history])
    }
    page = render_template("enforcement/notice.html", view=view, form=form, letters=letters)
    return page, status
