"""Plans: the list, the form, and the page of one with its map."""

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from geodata import frames, places
from geodata import patrols as plans
from geodata.core.errors import RefusedError
from geodata.rules.days import LONDON, local_day
from web.clock import utc_now
from web.database import commits, read_session
from web.documents.icalendar import LIFETIME
from web.filters import hours, sentence
from web.maps import patrols as maps
from web.maps.picker import wish_map
from web.maps.sheet import Sheet
from web.patrols.blueprint import officers_only, patrols
from web.patrols.forms import ShiftForm, sent_seed
from web.patrols.shift_calendar import calendar_address
from web.responses import script
from web.services.hotspots import revisits
from web.services.patrols import patrol_sheet, patrolling, tonight
from web.services.patrols.patrol_wish_places import PlaceRefusedError
from web.services.patrols.shift_use import WORTH_TELLING_MIN, shift_use


@patrols.get("")
@officers_only
def board() -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "patrols/board.html",
        plans=plans.newest_plans(session),
        tonight=tonight.tonight(session, now=utc_now()),
        calendar=calendar_address(),
        calendar_ends_on=local_day(utc_now() + LIFETIME),
    )


@patrols.post("/tonight")
@officers_only
def make_tonight() -> ResponseReturnValue:
    """Plan with what is usual; where that cannot be, the form says why."""
    usual = tonight.tonight(read_session(), now=utc_now())
    form = _usual_form(usual)
    address = _made(form, usual.wish(sent_seed()))
    return redirect(address) if address else (_form_page(form), 400)


@patrols.get("/new")
@officers_only
def new() -> ResponseReturnValue:
    return _form_page(_usual_form(tonight.tonight(read_session(), now=utc_now())))


def _usual_form(usual: tonight.Tonight) -> ShiftForm:
    return ShiftForm(
        formdata=None,
        data={
            "day": usual.starts_at.astimezone(LONDON).date(),
            "start": hours(usual.starts_at),
            "end": hours(usual.ends_at),
            "teams": "2",
            "start_place": usual.start_place or "",
        },
    )


@patrols.post("/new")
@officers_only
def make() -> ResponseReturnValue:
    if len(request.form.getlist("day")) != 3:
        abort(400)  # no form of ours
    form = ShiftForm()
    address = _made(form, form.to_wish()) if form.validate_on_submit() else None
    return redirect(address) if address else (_form_page(form), 400)


def _made(form: ShiftForm, wish: patrolling.PatrolWish) -> str | None:
    """The address of a plan that was made; None where it was refused, with the reason in the form.

    The search takes its time: it reads, so that nobody else's report waits for it.
    """
    try:
        planned = patrolling.plan(
            read_session(), wish, now=utc_now(), user_id=current_user.account.id
        )
    except PlaceRefusedError as error:
        form[error.wish].errors = [sentence(error)]
    except RefusedError as error:
        form.start.errors = [sentence(error)]
    else:
        flash("The shift is planned.", "success")
        return url_for(".plan", key=_keep(planned))
    return None


@commits
def _keep(planned: patrolling.PlannedShift) -> int:
    return patrolling.keep_once(g.session, planned)


def _form_page(form: ShiftForm) -> str:
    named = frames.named_places(read_session())
    names = sorted(set(named["name"]))
    form.start_place.choices = [
        SelectChoice("", "The middle of the hotspots"),
        *(SelectChoice(name, name) for name in names),
    ]
    due = revisits.newest_revisits(read_session(), now=utc_now())
    return render_template("patrols/new.html", form=form, sheet=_wish_map(), revisits=due)


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
