"""The list of incidents, each incident's file, and what officers decide about it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from shapely.geometry import Point

from geodata import frames
from geodata.core.errors import GeodataError
from geodata.core.vocabulary import IncidentState
from geodata.incidents import jobs, open_incidents
from web.casework import forms
from web.casework.blueprint import casework, officers_only
from web.clock import utc_now
from web.database import commits, read_session
from web.services import clearing
from web.services.clearing import incident_file
from web.services.incidents import casework as use_cases

SHOWN = 100


@casework.get("/incidents")
@officers_only
def incidents() -> ResponseReturnValue:
    session = read_session()
    reference = request.args.get("reference", "")
    if reference and jobs.found(session, reference):
        return redirect(url_for(".incident", key=reference.strip().upper()))
    state = request.args.get("state", "")
    ward_id = request.args.get("ward", type=int)
    found = incident_file.recent(session, state=state, ward_id=ward_id, now=utc_now(), limit=SHOWN)
    return render_template(
        "casework/incidents.html",
        jobs=found,
        states=list(IncidentState),
        wards=frames.wards(session),
        state=state,
        ward_id=ward_id,
        reference=reference,
        limit=SHOWN,
    )


@casework.get("/incidents/<key>")
@officers_only
def incident(key: str) -> ResponseReturnValue:
    return _page(key, {})


@casework.post("/incidents/<key>/<act>")
@officers_only
@commits
def decide(key: str, act: str) -> ResponseReturnValue:
    """Do what a form of the page says, or show the page with what is wrong in that form."""
    if act not in ACTS:
        abort(404)
    make_form, do = ACTS[act]
    form = make_form()
    if form.validate_on_submit():
        row = open_incidents.by_key(g.session, key)
        who = {"user_id": current_user.account.id, "now": utc_now()}
        try:
            with g.session.begin_nested():
                shown = do(row.id, form, who) or key
        except GeodataError as error:
            next(iter(form)).errors = [str(error)]
        else:
            flash("Saved.", "success")
            return redirect(url_for(".incident", key=shown))
    return _page(key, {act: form}), 400


def _page(key: str, filled: dict[str, Any]) -> str:
    found = incident_file.incident_file(read_session(), key, now=utc_now())
    shown = {
        act: filled.get(act) or make_form(formdata=None) for act, (make_form, _) in ACTS.items()
    }
    shown["pause"].offer(found.pause_reasons)
    shown["split"].offer(found.reports)
    return render_template(
        "casework/incident.html", file=found, job=found.job, forms=shown, now=utc_now()
    )


def _pause(key: int, form: Any, who: dict[str, Any]) -> None:
    use_cases.pause(g.session, key, reason=form.reason.data, note=form.note.data, **who)


def _resume(key: int, form: Any, who: dict[str, Any]) -> None:
    use_cases.resume(g.session, key, reason=form.reason.data, **who)


def _escalate(key: int, form: Any, who: dict[str, Any]) -> None:
    use_cases.escalate(g.session, key, reason=form.reason.data, **who)


def _reassign(key: int, form: Any, who: dict[str, Any]) -> None:
    use_cases.reassign(g.session, key, form.contractor.data, reason=form.reason.data, **who)


def _merge(key: int, form: Any, who: dict[str, Any]) -> str:
    into = form.into.data.strip().upper()
    merged: Any = use_cases.merge(g.session, key, into, reason=form.reason.data, **who)
    return str(merged.key)


def _split(key: int, form: Any, who: dict[str, Any]) -> None:
    chosen = set(form.references.data)
    use_cases.split(g.session, key, chosen, reason=form.reason.data, **who)


def _move(key: int, form: Any, who: dict[str, Any]) -> None:
    use_cases.move(g.session, key, Point(*form.position), reason=form.reason.data, **who)


def _reopen(key: int, form: Any, who: dict[str, Any]) -> None:
    clearing.reopen(g.session, key, reason=form.reason.data, **who)


Act = tuple[Callable[..., Any], Callable[[int, Any, dict[str, Any]], str | None]]
ACTS: dict[str, Act] = {
    "pause": (forms.PauseForm, _pause),
    "resume": (forms.ReasonForm, _resume),
    "escalate": (forms.ReasonForm, _escalate),
    "reassign": (forms.ReassignForm, _reassign),
    "merge": (forms.MergeForm, _merge),
    "split": (forms.SplitForm, _split),
    "move": (forms.MoveForm, _move),
    "reopen": (forms.ReasonForm, _reopen),
}
