"""Plans: the list, the form, and the page of one with its map."""

from flask import abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from geodata import frames, places
from geodata import patrols as plans
from geodata.core.errors import RefusedError
from geodata.rules.days import local_day
from geodata.store import background
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.documents.icalendar import LIFETIME
from web.filters import sentence
from web.maps import patrols as maps
from web.maps.picker import wish_map
from web.maps.sheet import Sheet
from web.patrols.blueprint import officers_only, patrols
from web.patrols.forms import ShiftForm, filled_form, sent_seed
from web.patrols.shift_calendar import calendar_address
from web.responses import script
from web.server.ticks import wake
from web.services.common.asked_work import State
from web.services.hotspots import revisits
from web.services.patrols import patrol_sheet, patrolling, plan_requests, tonight
from web.services.patrols.shift_use import WORTH_TELLING_MIN, shift_use

AGAIN_S = 2


@patrols.get("")
@officers_only
def board() -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "patrols/board.html",
        plans=plans.newest_plans(session),
        asked=list(plan_requests.unfinished(session, now=utc_now())),
        tonight=tonight.tonight(session, now=utc_now()),
        calendar=calendar_address(),
        calendar_ends_on=local_day(utc_now() + LIFETIME),
    )


@patrols.post("/tonight")
@officers_only
def make_tonight() -> ResponseReturnValue:
    """Plan with what is usual."""
    usual = tonight.tonight(read_session(), now=utc_now())
    return _ask(_usual_form(usual), usual.wish(sent_seed()))


@patrols.get("/new")
@officers_only
def new() -> ResponseReturnValue:
    return _form_page(_usual_form(tonight.tonight(read_session(), now=utc_now())))


def _usual_form(usual: tonight.Tonight) -> ShiftForm:
    return filled_form(usual.wish(sent_seed()), usual.start_place or "")


@patrols.post("/new")
@officers_only
def make() -> ResponseReturnValue:
    if len(request.form.getlist("day")) != 3:
        abort(400)  # no form of ours
    form = ShiftForm()
    return _ask(form, form.to_wish()) if form.validate_on_submit() else (_form_page(form), 400)


def _ask(form: ShiftForm, wish: patrolling.PatrolWish) -> ResponseReturnValue:
    try:
        token = _begin(wish)
    except RefusedError as error:
        form.start.errors = [sentence(error)]
        return _form_page(form), 400
    wake()
    return redirect(url_for(".plan_request", token=token))


@commits
def _begin(wish: patrolling.PatrolWish) -> str:
    return plan_requests.ask(g.session, wish, actor())


@patrols.get("/being-planned/<token>")
@officers_only
def plan_request(token: str) -> ResponseReturnValue:
    """How far it is, which asks again by itself; the plan as soon as it is there.

    Where a wish cannot be granted, the form says why and holds what was asked for.
    """
    session, now = read_session(), utc_now()
    shift = plan_requests.find(session, token, now=now)
    if shift.request.made_id is not None:
        return redirect(url_for(".plan", key=shift.request.made_id))
    if shift.refused is not None:
        form = filled_form(shift.wish, shift.wish.start_place or "")
        form[shift.refused].errors = [sentence(shift.request.reason)]
        return _form_page(form)
    newest = background.ticks(session)[:1]
    page = render_template(
        "patrols/being_planned.html", shift=shift, last_tick=newest[0] if newest else None
    )
    return page, {} if shift.state is State.FAILED else {"Refresh": str(AGAIN_S)}


@patrols.post("/being-planned/<token>/again")
@officers_only
def plan_again(token: str) -> ResponseReturnValue:
    """Ask anew for one that failed."""
    _begin_again(token)
    wake()
    return redirect(url_for(".plan_request", token=token))


@commits
def _begin_again(token: str) -> None:
    plan_requests.ask_again(g.session, token, actor())


def _form_page(form: ShiftForm) -> str:
    named = frames.named_places(read_session())
    names = sorted(set(named["name"]))
    form.start_place.choices = [
        SelectChoice("", "The middle of the hotspots"),
        *(SelectChoice(name, name) for name in names),
    ]
    due = revisits.newest_revisits(read_session(), now=utc_now())
    return render_template(
        "patrols/new.html",
        form=form,
        action=url_for(".make"),
        sheet=_wish_map(),
        revisits=due,
    )


@patrols.get("/new.js")
@officers_only
def wish_script() -> ResponseReturnValue:
    return script(_wish_map())


def _wish_map() -> Sheet:
    addresses = {"wards": url_for("desk.ward_layer"), "hotspots": url_for("desk.hotspot_layer")}
    area = places.borough(read_session())
    return wish_map(current_app.config["HOTSPOTS"], area, addresses, ("include", "avoid"))


@patrols.get("/<int:key>")
@officers_only
def plan(key: int) -> ResponseReturnValue:
    sheet = patrol_sheet.sheet(read_session(), key)
    return render_template(
        "patrols/plan.html",
        plan=sheet,
        sentence=patrol_sheet.coverage_sentence(sheet.coverage),
        uses=[
            shift_use(stops, sheet.params, sheet.starts_at, sheet.ends_at) for stops in sheet.teams
        ],
        shortest_wait_min=WORTH_TELLING_MIN,
        sheet=_map(sheet),
    )


@patrols.get("/<int:key>.js")
@officers_only
def plan_map(key: int) -> ResponseReturnValue:
    return script(_map(patrol_sheet.sheet(read_session(), key)))


@patrols.get("/<int:key>.geojson")
@officers_only
def plan_layer(key: int) -> ResponseReturnValue:
    return jsonify(maps.plan_features(patrol_sheet.sheet(read_session(), key)))


def _map(plan: patrol_sheet.PatrolSheet) -> Sheet:
    area = places.borough(read_session())
    address = url_for(".plan_layer", key=plan.plan_id)
    return maps.plan_map(current_app.config["HOTSPOTS"], area, address, teams=len(plan.teams))
