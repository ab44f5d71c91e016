"""Orders: their timeline, each with its versions and tasks, and what was in force where."""

from datetime import time
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from geodata.core.vocabulary import OrderChange
from geodata.enforcement import orders
from geodata.rules.days import LONDON, local_day
from web.auth import actor
from web.charts.order_timeline import order_timeline, timeline_sentence
from web.clock import utc_now
from web.database import commits, read_session
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.maps import area_sheet, order_areas
from web.enforcement.order_forms import InForceForm, OrderForm, TakingBackForm, VersionForm
from web.enforcement.uploads import area_of, has_area
from web.enforcement.words import CHANGES
from web.forms.fields import day_field
from web.forms.refusals import refusal_at
from web.maps.enforcement import order_features
from web.responses import script
from web.services.common.officer_position import find_standpoint, place_choices
from web.services.enforcement import order_changes, ordering
from web.services.enforcement.ordering import VersionDraft


class TaskForm(FlaskForm):  # type: ignore[misc]
    done_on = day_field("Done on", is_required=True)


@enforcement.get("/orders")
@enforcers_only
def order_list() -> ResponseReturnValue:
    session, today = read_session(), local_day(utc_now())
    timeline = ordering.timeline(session, today)
    return render_template(
        "enforcement/orders.html",
        timeline=timeline,
        chart=order_timeline(timeline, today, timeline_sentence(timeline, today))
        if timeline
        else None,
        today=today,
        orders=orders.every(session),
    )


@enforcement.get("/orders/<int:key>")
@enforcers_only
def order(key: int) -> ResponseReturnValue:
    today = local_day(utc_now())
    view = ordering.open_order(read_session(), key, today)
    form = TaskForm(done_on=today)
    return render_template(
        "enforcement/order.html",
        view=view,
        form=form,
        sheet=area_sheet(read_session(), view.order),
        today=today,
        changes=order_changes.history(read_session(), view.order),
        can_undo=order_changes.to_undo(read_session(), view.order) is not None,
    )


@enforcement.get("/orders/<int:key>.js")
@enforcers_only
def order_map(key: int) -> ResponseReturnValue:
    return script(area_sheet(read_session(), orders.find(read_session(), key)))


@enforcement.get("/orders/<int:key>.geojson")
@enforcers_only
def order_layer(key: int) -> ResponseReturnValue:
    return jsonify(order_features(order_areas([orders.newest_version(read_session(), key)])))


@enforcement.post("/orders/<int:key>/tasks/<int:task>")
@enforcers_only
@commits
def do_task(key: int, task: int) -> ResponseReturnValue:
    form = TaskForm()
    if form.validate():
        ordering.do_task(g.session, key, task, form.done_on.data, actor())
        flash("The task is done.", "success")
    else:
        flash("Enter the day on which it was done, such as 13/06/2026.")
    return redirect(url_for(".order", key=key))


@enforcement.route("/orders/new", methods=["GET", "POST"])
@enforcers_only
def new_order() -> ResponseReturnValue:
    form = OrderForm()
    form.change.choices = {OrderChange.MADE: CHANGES[OrderChange.MADE]}
    if form.validate_on_submit():
        with refusal_at(form.valid_from):
            draft = form.draft(area_of(read_session(), form), {})
            if _is_preview():
                return _version_page(form, None, _previewed(None, form.name.data, draft))
            return _enter_order(form.name.data, draft)
    return _version_page(form, None)


@enforcement.route("/orders/<int:key>/version", methods=["GET", "POST"])
@enforcers_only
def new_version(key: int) -> ResponseReturnValue:
    order = orders.find(read_session(), key)
    before = orders.newest_version(read_session(), key)
    form = VersionForm()
    form.change.choices = {c: CHANGES[c] for c in OrderChange if c != OrderChange.MADE}
    if form.validate_on_submit():
        with refusal_at(form.valid_from):
            area = area_of(read_session(), form) if has_area(form) else before.geometry
            draft = form.draft(area, orders.lines_of(before))
            if _is_preview():
                return _version_page(form, order, _previewed(key, order.name, draft))
            _enter_version(key, draft)
            flash("The version is entered.", "success")
            return redirect(url_for(".order", key=key))
    return _version_page(form, order)


@commits
def _enter_order(name: str, draft: VersionDraft) -> ResponseReturnValue:
    made = ordering.enter_order(g.session, name, draft, actor())
    flash(f"{made.name} is entered.", "success")
    return redirect(url_for(".order", key=made.id))


@commits
def _enter_version(key: int, draft: VersionDraft) -> None:
    ordering.enter_version(g.session, orders.find(g.session, key), draft, actor())


def _is_preview() -> bool:
    return "preview" in request.form


@commits
def _previewed(key: int | None, name: str, draft: VersionDraft) -> list[str]:
    order = None if key is None else orders.find(g.session, key)
    return order_changes.preview(g.session, order, name, draft, actor())


@enforcement.route("/orders/<int:key>/undo", methods=["GET", "POST"])
@enforcers_only
@commits
def undo_version(key: int) -> ResponseReturnValue:
    order, form = orders.find(g.session, key), TakingBackForm()
    version = order_changes.to_undo(g.session, order)
    if version is None:
        flash("There is no version to take back.")
        return redirect(url_for(".order", key=key))
    if form.validate_on_submit():
        with refusal_at(form.reason):
            order_changes.undo(g.session, order, actor(), reason=form.reason.data)
            flash("The version is taken back; the history keeps both.", "success")
            return redirect(url_for(".order", key=key))
    page = render_template("enforcement/undo_version.html", form=form, order=order, version=version)
    return page, 400 if form.errors else 200


def _version_page(
    form: VersionForm, of_order: object, remarks: list[str] | None = None
) -> ResponseReturnValue:
    page = render_template(
        "enforcement/version.html",
        form=form,
        order=of_order,
        remarks=remarks,
        sheet=area_sheet(read_session(), None, draws_in="corners"),
    )
    return page, 400 if form.errors else 200


@enforcement.get("/in-force")
@enforcers_only
def in_force_here() -> ResponseReturnValue:
    session, today = read_session(), local_day(utc_now())
    form = InForceForm(request.args) if request.args else InForceForm(day=today, at=_clock_now())
    form.place.choices = place_choices(session, today)
    where, in_force = None, []
    if request.args and form.validate():
        with refusal_at(form.place):
            where = find_standpoint(session, day=today, **_standpoint(form))
            in_force = ordering.in_force_there(
                session,
                where,
                form.day.data,
                at=form.at.data,
                has_vehicle=form.has_vehicle.data,
            )
    page = render_template("enforcement/in_force.html", form=form, where=where, in_force=in_force)
    return page, 400 if form.errors else 200


def _clock_now() -> time:
    return utc_now().astimezone(LONDON).time().replace(second=0, microsecond=0)


def _standpoint(form: InForceForm) -> dict[str, Any]:
    lon, lat = form.longitude.data, form.latitude.data
    return {
        "lonlat": None if lon is None or lat is None else (float(lon), float(lat)),
        "accuracy_m": None if form.accuracy_m.data is None else float(form.accuracy_m.data),
        "grid_ref": form.grid_ref.data or "",
        "place_name": form.place.data or "",
    }
