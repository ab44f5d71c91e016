"""The list of incidents, each incident's file, and what officers decide about it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from shapely.geometry import Point

from geodata import frames
from geodata.core.errors import GeodataError
from geodata.core.vocabulary import IncidentState, Outcome
from geodata.incidents import jobs, open_incidents
from geodata.people.audit import Actor
from web.auth import actor
from web.casework import forms
from web.casework.blueprint import casework, officers_only
from web.clock import utc_now
from web.database import commits, read_session
from web.filters import sentence
from web.server.senders import sender
from web.services import clearing
from web.services.alerts import listeners
from web.services.clearing import incident_file
from web.services.incidents import casework as use_cases

SHOWN = 100


@casework.get("/incidents")
@officers_only
def incidents() -> ResponseReturnValue:
    session = read_session()
    reference = request.args.get("reference", "")
    if reference and jobs.incident_key(session, reference):
        return redirect(url_for(".incident", key=reference.strip().upper()))
    state = request.args.get("state", "")
    ward_id = request.args.get("ward", type=int)
    jobs_of_view = incident_file.recent(
        session, state=state, ward_id=ward_id, now=utc_now(), limit=SHOWN
    )
    return render_template(
        "casework/incidents.html",
        jobs=jobs_of_view,
        states=[*IncidentState, Outcome.TO_JOIN],
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
    form, do = ACTS[act].make_form(), ACTS[act].do
    if form.validate_on_submit():
        row = open_incidents.by_key(g.session, key)
        try:
            with g.session.begin_nested():
                shown = do(row.id, form, actor()) or key
        except GeodataError as error:
            next(iter(form)).errors = [sentence(error)]
        else:
            flash("Saved.", "success")
            return redirect(url_for(".incident", key=shown))
    return _page(key, {act: form}), 400


def _page(key: str, filled: dict[str, FlaskForm]) -> str:
    file = incident_file.incident_file(read_session(), key, now=utc_now())
    shown = {
        act: filled.get(act) or decision.make_form(formdata=None) for act, decision in ACTS.items()
    }
    shown["pause"].offer(file.pause_reasons)
    shown["split"].offer(file.reports)
    return render_template(
        "casework/incident.html",
        file=file,
        job=file.job,
        listeners=listeners.of_incident(read_session(), sender(), file.job.incident_id),
        forms=shown,
        now=utc_now(),
    )


def _pause(key: int, form: FlaskForm, by: Actor) -> None:
    use_cases.pause(
        g.session, key, reason=form.reason.data, note=form.note.data, user_id=by.user_id, now=by.now
    )


def _resume(key: int, form: FlaskForm, by: Actor) -> None:
    use_cases.resume(g.session, key, reason=form.reason.data, user_id=by.user_id, now=by.now)


def _escalate(key: int, form: FlaskForm, by: Actor) -> None:
    use_cases.escalate(g.session, key, reason=form.reason.data, user_id=by.user_id, now=by.now)


def _reassign(key: int, form: FlaskForm, by: Actor) -> None:
    use_cases.reassign(
        g.session,
        key,
        form.contractor.data,
        reason=form.reason.data,
        user_id=by.user_id,
        now=by.now,
    )


def _merge(key: int, form: FlaskForm, by: Actor) -> str:
    into = form.into.data.strip().upper()
    other = use_cases.merge(
        g.session, key, into, reason=form.reason.data, user_id=by.user_id, now=by.now
    )
    return other.key


def _split(key: int, form: FlaskForm, by: Actor) -> None:
    chosen = set(form.references.data)
    use_cases.split(g.session, key, chosen, reason=form.reason.data, user_id=by.user_id, now=by.now)


def _move(key: int, form: FlaskForm, by: Actor) -> None:
    use_cases.move(
        g.session,
        key,
        Point(*form.position),
        reason=form.reason.data,
        user_id=by.user_id,
        now=by.now,
    )


def _reopen(key: int, form: FlaskForm, by: Actor) -> None:
    clearing.reopen(g.session, key, reason=form.reason.data, user_id=by.user_id, now=by.now)


@dataclass(frozen=True, slots=True)
class Decision:
    """A form of the page, and what it does; that says which incident to show next, or None."""

    make_form: type[FlaskForm]
    do: Callable[[int, FlaskForm, Actor], str | None]


ACTS = {
    "pause": Decision(forms.PauseForm, _pause),
    "resume": Decision(forms.ReasonForm, _resume),
    "escalate": Decision(forms.ReasonForm, _escalate),
    "reassign": Decision(forms.ReassignForm, _reassign),
    "merge": Decision(forms.MergeForm, _merge),
    "split": Decision(forms.SplitForm, _split),
    "move": Decision(forms.MoveForm, _move),
    "reopen": Decision(forms.ReasonForm, _reopen),
}
