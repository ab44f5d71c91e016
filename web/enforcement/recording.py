"""Recording an action, in the street: the act, then the routes that are lawful for it."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.enforcement import issuers
from geodata.rules.enforcement.routes import Route
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.record_form import RecordForm
from web.enforcement.words import in_words
from web.filters import clock, sentence
from web.forms.refusals import refusal_at
from web.services import enforcement as use_case
from web.services.common.officer_position import find_standpoint, place_choices
from web.services.common.wording import distance_in_words
from web.services.enforcement import ActDraft


@enforcement.get("/record")
@enforcers_only
def record_form() -> ResponseReturnValue:
    session = read_session()
    form = _form(session)
    own = issuers.of_user(session, current_user.account.id)
    form.prefill(utc_now(), own.id if own else None)
    tie = request.args.get("act", "")
    if tie:
        action, _ = use_case.tied_to(session, tie)
        form.prefill_act(tie, action.offence_at, action.geometry)
    return render_template("enforcement/record_act.html", form=form)


@enforcement.post("/record")
@enforcers_only
@commits
def record_action() -> ResponseReturnValue:
    form = _form(g.session)
    wanted = request.form.get("go")
    if wanted == "change" or not form.validate():
        return _act_page(form, 200 if wanted == "change" else 400)
    field = form.place
    try:
        draft = _draft(form)
        field = form.offence_on
        routes = use_case.routes_for(g.session, draft, now=utc_now())
    except RefusedError as error:
        field.errors = [sentence(error)]
        return _act_page(form, 400)
    _offer(form, routes)
    form.incident.choices = _incidents_near(draft)
    if wanted != "record":
        return _route_page(form, draft, routes, 200)
    return _record(form, draft, routes)


def _draft(form: RecordForm) -> ActDraft:
    where = find_standpoint(
        g.session,
        day=form.offence_on.data,
        lonlat=form.lonlat(),
        accuracy_m=form.accuracy_m.data,
        grid_ref=form.grid_ref.data or "",
        place_name=form.place.data or "",
    )
    return form.draft(where)


def _record(form: RecordForm, draft: ActDraft, routes: list[Route]) -> ResponseReturnValue:
    if not form.route.data:
        form.route.errors = ["Choose what was done"]
        return _route_page(form, draft, routes, 400)
    with refusal_at(form.route):
        action = use_case.record(g.session, draft, form.choice(), actor())
        flash(f"{in_words(action.kind)} {action.reference} is recorded.", "success")
        return redirect(url_for(".notice", reference=action.reference))
    return _route_page(form, draft, routes, 400)


def _form(session: Session) -> RecordForm:
    form = RecordForm()
    day = utc_now().date()
    form.place.choices = place_choices(session, day)
    form.issuer.choices = {i.id: f"{i.badge}, {i.employer}" for i in issuers.every(session)}
    for field in (form.route, form.prohibition, form.incident):
        field.choices, field.validate_choice = {}, False
    return form


def _offer(form: RecordForm, routes: list[Route]) -> None:
    form.route.choices = {route.kind: in_words(route.kind) for route in routes if route.is_open}
    form.prohibition.choices = {c: t for route in routes for c, t in route.prohibitions.items()}


def _incidents_near(draft: ActDraft) -> dict[str, str]:
    """Incidents near the act to choose from, none first; empty where there are none."""
    incidents = use_case.incidents_near(g.session, draft, now=utc_now())
    words = {
        incident.key: f"{incident.key}: {incident.state.replace('_', ' ')}, first reported "
        f"{clock(incident.first_reported_at)}, {distance_in_words(incident.away_m)} away"
        for incident in incidents
    }
    return {"": "None of these"} | words if words else {}


def _act_page(form: RecordForm, status: int) -> ResponseReturnValue:
    return render_template("enforcement/record_act.html", form=form), status


def _route_page(
    form: RecordForm, draft: ActDraft, routes: list[Route], status: int
) -> ResponseReturnValue:
    page = render_template(
        "enforcement/record_route.html",
        form=form,
        draft=draft,
        open_routes=[route for route in routes if route.is_open],
        closed_routes=[route for route in routes if not route.is_open],
        near_actions=use_case.same_act_perhaps(g.session, draft),
        carried=form.carried(request.form),
    )
    return page, status
