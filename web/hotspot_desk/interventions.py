"""Interventions: the list, the CCTV log among it, and recording one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import InterventionKind
from geodata.people import audit
from geodata.posters import interventions
from geodata.rules.days import date_in_words
from web.auth import actor
from web.clock import today
from web.database import commits_when_sent, read_session
from web.forms.refusals import accepted, refusal_at
from web.hotspot_desk.blueprint import desk, officers_only
from web.hotspot_desk.form_pages import form_page
from web.hotspot_desk.intervention_form import COLUMNS, KIND_WORDS, EndForm, MeasureForm
from web.maps.picker import picker_map
from web.maps.sheet import Sheet
from web.responses import script
from web.services.common import written_places

if TYPE_CHECKING:
    from geodata.models import Intervention


@desk.get("/interventions")
@officers_only
def all_interventions() -> ResponseReturnValue:
    session = read_session()
    kind = request.args.get("kind")
    kind = kind if kind in set(InterventionKind) else None
    is_current = "current" in request.args
    rows = interventions.listed(session, kind=kind, on=today() if is_current else None)
    return render_template(
        "hotspot_desk/interventions.html",
        interventions=rows,
        kind=kind,
        is_current=is_current,
        kinds=KIND_WORDS,
        orders=[m for m in interventions.records(session) if m.source == "order"],
        today=today(),
    )


@desk.get("/interventions/<int:key>")
@officers_only
def intervention(key: int) -> ResponseReturnValue:
    session = read_session()
    row = interventions.find(session, key)
    return render_template(
        "hotspot_desk/intervention.html",
        intervention=row,
        where=written_places.in_words(session, row.geometry),
        log=audit.entries(session, interventions.ENTITY, key),
        kinds=KIND_WORDS,
        today=today(),
    )


@desk.route("/interventions/new", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def add_intervention() -> ResponseReturnValue:
    form = MeasureForm(data={"where": request.args.get("hotspot", "")} | _start())
    if form.validate_on_submit() and (saved := _saved(form, None)):
        flash(f"{saved.name} is recorded.", "success")
        return redirect(url_for(".intervention", key=saved.id))
    return _form_page(form, "Record an intervention", url_for(".all_interventions"))


def _start() -> dict[str, Any]:
    kind = request.args.get("kind")
    return {
        "kind": kind if kind in set(InterventionKind) else InterventionKind.OPERATION.value,
        "valid_from": today(),
        "radius_m": 50,
    }


@desk.route("/interventions/<int:key>/edit", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def edit_intervention(key: int) -> ResponseReturnValue:
    row = interventions.find(g.session, key)
    form = MeasureForm(data=_filled(row))
    form.where.description = (
        f"Now {written_places.in_words(g.session, row.geometry)}. Leave it empty to keep that; "
        f"otherwise as when it was recorded."
    )
    if form.validate_on_submit() and _saved(form, key):
        flash("The change is saved.", "success")
        return redirect(url_for(".intervention", key=key))
    return _form_page(form, f"Change {row.name}", url_for(".intervention", key=key))


@desk.route("/interventions/<int:key>/end", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def end_intervention(key: int) -> ResponseReturnValue:
    row = interventions.find(g.session, key)
    form = EndForm(data={"valid_to": row.valid_to or today()})
    if form.validate_on_submit() and accepted(form, "valid_to", lambda: _end(key, form)):
        flash(f"{row.name} ends on {date_in_words(form.valid_to.data)}.", "success")
        return redirect(url_for(".intervention", key=key))
    return form_page(form, f"End {row.name}", back=url_for(".intervention", key=key))


def _end(key: int, form: EndForm) -> None:
    with g.session.begin_nested():  # a refusal must leave nothing behind
        interventions.change(g.session, actor(), key, valid_to=form.valid_to.data)


def _filled(row: Intervention) -> dict[str, Any]:
    cost = None if row.cost_pence is None else Decimal(row.cost_pence) / 100
    return {name: getattr(row, name) for name in COLUMNS} | {"cost": cost, "radius_m": 50}


def _saved(form: MeasureForm, key: int | None) -> Intervention | None:
    """The intervention; None where it was refused, with the reason at a field."""
    session, geometry = g.session, None
    if form.where.data or key is None:
        with refusal_at(form.where):
            geometry = written_places.place_of(
                session, form.where.data or "", radius_m=form.radius_m.data, takes_wards=True
            )
        if geometry is None:
            return None
    saved: list[Intervention] = []

    def save() -> None:
        with session.begin_nested():
            if key is None:
                saved.append(interventions.add(session, actor(), geometry, **form.columns()))
            else:
                changed = form.columns()
                saved.append(
                    interventions.change(session, actor(), key, geometry=geometry, **changed)
                )

    return saved[0] if accepted(form, _field_at_fault(form), save) else None


def _field_at_fault(form: MeasureForm) -> str:
    """Where a refusal of the store is said: by far the most are of these two."""
    first, last = form.valid_from.data, form.valid_to.data
    if last and first and last < first:
        return "valid_to"
    is_camera = form.kind.data == InterventionKind.CCTV.value
    if is_camera and not (form.camera_ref.data and form.purpose.data):
        return "camera_ref" if not form.camera_ref.data else "purpose"
    return "name"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _form_page(form: MeasureForm, heading: str, back: str) -> ResponseReturnValue:
    page = render_template(
        "hotspot_desk/intervention_form.html",
        form=form,
        heading=heading,
        back=back,
        sheet=_sheet(g.session),
    )
    return page, 400 if form.errors else 200


@desk.get("/interventions/map.js")
@officers_only
def picker_script() -> ResponseReturnValue:
    return script(_sheet(read_session()))


def _sheet(session: Session) -> Sheet:
    addresses = {"wards": url_for(".ward_layer"), "hotspots": url_for(".hotspot_layer")}
    return picker_map(current_app.config["HOTSPOTS"], places.borough(session), addresses)
