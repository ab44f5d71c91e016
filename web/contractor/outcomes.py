"""One job: what lies where, what was done before, and the form for what is done now."""

import secrets
from dataclasses import replace

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from geodata import clearances
from geodata.core.errors import GeodataError, NotFoundError, RefusedError
from geodata.core.vocabulary import Outcome
from geodata.media import photos
from web.clock import utc_now
from web.contractor.blueprint import contractor, crews_only, own_incident_id, own_scope
from web.contractor.forms import OUTCOMES, OutcomeForm
from web.contractor.outcome_rules import SAME_JOB, phone_rules
from web.database import commits, read_session
from web.forms.sent_photos import SentPhotos, clean_photos
from web.server.request_bounds import row_key
from web.services import clearing
from web.services.clearing import rounds, sent_entries, worklist
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

OTHER_ACCOUNT = N_("This entry was made by another account: only that account can send it")


@contractor.get("/jobs/<key>")
@crews_only
def job(key: str) -> ResponseReturnValue:
    """The job with an empty form; ``?replaces=`` names an entry to be corrected, which fills it."""
    form = _form(key, request.args.get("replaces"))
    if "replaces" in request.args and not form.replaces.data:
        flash(_("That entry was corrected already, or is not of this job."), "important")
    form.idempotency_key.data = secrets.token_urlsafe(24)
    form.owner.data = str(current_user.account.id)
    form.then.data = request.args.get("then", "")
    return _job_page(key, form)


@contractor.post("/jobs/<key>")
@crews_only
def record(key: str) -> ResponseReturnValue:
    form, sent = _sent(key)
    return _answer_page(key, form, sent)


def _form(key: str, replaces: str | None) -> OutcomeForm:
    """The form; of an entry that may be corrected it holds what was entered."""
    session, entry_id = read_session(), row_key(replaces)
    if entry_id is None:
        return OutcomeForm()
    entries = clearances.standing(session, own_incident_id(session, key))
    row = next((entry for entry in entries if entry.id == entry_id), None)
    return OutcomeForm() if row is None else OutcomeForm.correcting(row)


def _sent(key: str) -> tuple[OutcomeForm, SentPhotos]:
    """The form and its photos, which are read before the store is locked."""
    form = _form(key, request.form.get("replaces"))
    sent = clean_photos(form.pictures.data) if form.validate_on_submit() else SentPhotos()
    if sent.faults:
        form.pictures.errors = sent.faults
    return form, sent


@commits
def _answer_page(key: str, form: OutcomeForm, sent: SentPhotos) -> ResponseReturnValue:
    recorded = None if form.errors else _record(key, form, sent)
    if recorded is None:
        return _job_page(key, form), sent.refused_status
    return redirect(url_for(".saved", key=recorded.incident_key, then=form.then.data or None))


@contractor.get("/jobs/<key>/saved")
@crews_only
def saved(key: str) -> ResponseReturnValue:
    """On to the next stop of the round that is still to do; without a round, what is left."""
    session, now = read_session(), utc_now()
    incident_id = own_incident_id(session, key)
    left = worklist.worklist(session, worklist.Filter(scope=own_scope(session)), now=now)
    stops = rounds.still_to_do(request.args.get("then", "").split("."), left)
    if stops:
        then = ".".join(stops[1:]) or None
        return redirect(url_for(".job", key=stops[0], then=then, saved=key))
    return render_template(
        "contractor/saved.html",
        job=worklist.job(session, incident_id, now=now),
        next_job=next((job for job in left if job.state == "open"), None),
        left=len(left),
        is_end_of_round="then" in request.args,
    )


@contractor.post("/outcomes/<key>")
@crews_only
def record_queued(key: str) -> ResponseReturnValue:
    """The same for an outcome that waited on a telephone: answers a script, not a person."""
    if request.form.get("owner", _own_id()) != _own_id():
        return jsonify(problem=_(OTHER_ACCOUNT), is_other_account=True), 409
    form, sent = _sent(key)
    return _answer_script(key, form, sent)


def _own_id() -> str:
    return str(current_user.account.id)


@commits
def _answer_script(key: str, form: OutcomeForm, sent: SentPhotos) -> ResponseReturnValue:
    recorded = None if form.errors else _record(key, form, sent)
    if recorded is None:
        words = [message for messages in form.errors.values() for message in messages]
        # The telephone gives up at 422 and tries again later at 503.
        return jsonify(problem="; ".join(words), errors=form.errors), 503 if sent.is_busy else 422
    return jsonify(reference=recorded.incident_key, state=recorded.state, is_new=recorded.is_new)


@contractor.get("/token")
@crews_only
def token() -> ResponseReturnValue:
    """A fresh form token, and whose: the one on a page that lay open may be of an old session."""
    answer = jsonify(token=generate_csrf(), account=_own_id())
    answer.headers["Cache-Control"] = "no-store"
    return answer


@contractor.get("/sent-entry")
@crews_only
def sent_entry() -> ResponseReturnValue:
    """Which entry one corrects, of one's own that a phone has sent under a key."""
    session = read_session()
    incident_id = own_incident_id(session, request.args.get("job", ""))
    key, own_id = request.args.get("key", ""), current_user.account.id
    newest = sent_entries.newest(session, incident_id, key, user_id=own_id)
    answer = jsonify(replaces=newest)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _record(key: str, form: OutcomeForm, sent: SentPhotos) -> clearing.Recorded | None:
    """Record what a sound form says; None where it is refused, with the reasons in the form."""
    now, user_id = utc_now(), current_user.account.id
    try:
        incident_id = own_incident_id(g.session, key)
        new = form.to_clearance(incident_id, user_id, sent.cleaned, now=now)
        if new.duplicate_of and own_incident_id(g.session, new.duplicate_of) == incident_id:
            raise RefusedError(_(SAME_JOB))
        new = replace(new, replaces_id=_earlier_id(form, incident_id, user_id) or new.replaces_id)
        faults = clearing.faults_of(g.session, new)
        if not faults:
            with g.session.begin_nested():  # a refusal half way must leave nothing behind
                return clearing.record(g.session, new, now=now)
    except GeodataError as error:
        is_of_other = bool(form.duplicate_of.data) and form.outcome.data == Outcome.DUPLICATE
        (form.duplicate_of if is_of_other else form.outcome).errors = [_(str(error))]
    else:
        for name, message in faults.items():
            form[name].errors = [message]
    return None


def _earlier_id(form: OutcomeForm, incident_id: int, user_id: int) -> int | None:
    """The same entry as it was before the phone changed it, where that has reached us after all."""
    for key in form.earlier_keys:
        known = clearances.by_idempotency_key(g.session, key)
        if known and (known.incident_id, known.user_id) == (incident_id, user_id):
            return known.id
    return None


def _just_saved() -> str | None:
    """Reference of the stop before this one, of one's own jobs, that was just saved."""
    try:
        own_incident_id(read_session(), request.args.get("saved", "")[:40])
    except NotFoundError:
        return None
    return request.args["saved"]


def _job_page(key: str, form: OutcomeForm) -> str:
    session, now = read_session(), utc_now()
    incident_id = own_incident_id(session, key)
    before = clearances.all_of(session, incident_id)
    return render_template(
        "contractor/job.html",
        form=form,
        job=worklist.job(session, incident_id, now=now),
        before=before,
        corrected=next((row for row in before if str(row.id) == form.replaces.data), None),
        left_out=form.without_photos,
        standing={row.id for row in clearances.standing(session, incident_id)},
        photos={row.id: photos.of_owner(session, clearance_id=row.id) for row in before},
        words=dict(OUTCOMES),
        rules=phone_rules(),
        saved=_just_saved(),
        stops_after=len((form.then.data or "").split(".")) if form.then.data else 0,
        now=now,
    )
