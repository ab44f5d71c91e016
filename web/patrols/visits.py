"""The visit log: one short form for each stop or place, made for a telephone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from geodata import patrols as plans
from geodata.posters import poster_sites
from geodata.reports import drafts
from geodata.rules.days import LONDON
from web.clock import today, utc_now
from web.database import commits, read_session
from web.filters import hours
from web.forms.refusals import refusal_at
from web.forms.sent_photos import SentPhotos, clean_photos
from web.patrols.blueprint import officers_only, patrols
from web.patrols.visit_form import UnplannedVisitForm, VisitForm
from web.patrols.visit_photos import keep_photos, kept_photos
from web.responses import jpeg
from web.services.common.officer_position import Standpoint, find_standpoint, place_choices
from web.services.patrols import patrol_visits
from web.services.patrols.patrol_visits import POSTER_CHECKS, POSTERS_WITHIN_M, LoggedVisit

if TYPE_CHECKING:
    from geodata.models import PatrolPlan, PatrolStop, PosterSite


@patrols.get("/stops/<int:key>")
@officers_only
def visit(key: int) -> ResponseReturnValue:
    stop = plans.find_stop(read_session(), key)
    return _stop_page(read_session(), VisitForm(data=_blank()), stop)


@patrols.post("/stops/<int:key>")
@officers_only
def log(key: int) -> ResponseReturnValue:
    form = VisitForm()
    return _log(key, form, clean_photos(form.pictures.data))


@commits
def _log(key: int, form: VisitForm, sent: SentPhotos) -> ResponseReturnValue:
    stop = plans.find_stop(g.session, key)

    def save(draft_id: int | None) -> LoggedVisit:
        there = _standpoint(g.session, form) if form.says_where else None
        checks = _poster_checks(g.session, stop)
        visit = form.to_visit(stop.arrives_at, there, draft_id=draft_id, posters=checks)
        return patrol_visits.log_visit(g.session, key, visit, now=utc_now(), user_id=_user())

    logged = _saved(form, sent, save)
    if logged is None:
        return _stop_page(g.session, form, stop), sent.refused_status
    return _logged(logged, stop.name)


def _saved(
    form: VisitForm, sent: SentPhotos, save: Callable[[int | None], LoggedVisit]
) -> LoggedVisit | None:
    """What a sound form says, kept; None where something has to be mended, said in the form.

    ``save`` is given the key of the draft with the visit's photos. Photos are kept either way.
    """
    is_sound = form.validate_on_submit()
    draft = keep_photos(g.session, form, sent, now=utc_now())
    if not is_sound or form.pictures.errors:
        return None
    with refusal_at(form.arrived):
        return save(draft.id if draft else None)
    form.forget_position()
    return None


def _stop_page(session: Session, form: VisitForm, stop: PatrolStop) -> str:
    return render_template(
        "patrols/visit.html",
        form=form,
        stop=stop,
        plan_id=stop.plan_id,
        kept=kept_photos(session, form),
        posters=_posters_near(session, stop),
    )


def _posters_near(session: Session, stop: PatrolStop) -> list[PosterSite]:
    ground = stop.geometry.buffer(POSTERS_WITHIN_M)
    return [site for site, _ in poster_sites.hanging_within(session, ground)]


def _poster_checks(session: Session, stop: PatrolStop) -> tuple[tuple[str, str], ...]:
    """What was ticked of the posters near a stop; what was not looked at is left out."""
    near = _posters_near(session, stop)
    ticked = ((site.code, request.form.get(f"poster-{site.code}", "")) for site in near)
    return tuple((code, check) for code, check in ticked if check in POSTER_CHECKS)


@patrols.get("/<int:key>/elsewhere")
@officers_only
def elsewhere(key: int) -> ResponseReturnValue:
    plan = plans.find_plan(read_session(), key)
    return _elsewhere_page(read_session(), UnplannedVisitForm(data=_blank()), plan)


@patrols.post("/<int:key>/elsewhere")
@officers_only
def log_elsewhere(key: int) -> ResponseReturnValue:
    form = UnplannedVisitForm()
    return _log_elsewhere(key, form, clean_photos(form.pictures.data))


@commits
def _log_elsewhere(key: int, form: UnplannedVisitForm, sent: SentPhotos) -> ResponseReturnValue:
    plan = plans.find_plan(g.session, key)
    where = ""

    def save(draft_id: int | None) -> LoggedVisit:
        nonlocal where
        there = _standpoint(g.session, form, form.place.data or "")
        where = there.words
        middle = plan.starts_at + (plan.ends_at - plan.starts_at) / 2
        visit = form.to_visit(middle, there, draft_id=draft_id)
        return patrol_visits.log_unplanned(g.session, key, visit, now=utc_now(), user_id=_user())

    logged = _saved(form, sent, save)
    if logged is None:
        return _elsewhere_page(g.session, form, plan), sent.refused_status
    return _logged(logged, where)


def _elsewhere_page(session: Session, form: UnplannedVisitForm, plan: PatrolPlan) -> str:
    day = plan.starts_at.astimezone(LONDON).date()
    form.place.choices = list(place_choices(session, day).items())
    return render_template(
        "patrols/visit.html",
        form=form,
        stop=None,
        plan_id=plan.id,
        kept=kept_photos(session, form),
        posters=[],
    )


@patrols.get("/photos/<key>/<int:photo_id>.jpg")
@officers_only
def waiting_photo(key: str, photo_id: int) -> Response:
    """A photo that waits with a form which has to be mended."""
    draft = drafts.find(read_session(), key)
    content = draft and drafts.thumbnail(read_session(), draft, photo_id)
    return jpeg(content) if content else abort(404)


def _blank() -> dict[str, str]:
    return {"arrived": hours(utc_now()), "key": secrets.token_urlsafe(24)}


def _standpoint(session: Session, form: VisitForm, place_name: str = "") -> Standpoint:
    return find_standpoint(
        session,
        day=today(),
        lonlat=form.lonlat,
        accuracy_m=form.accuracy_m.data,
        grid_ref=form.grid_ref.data or "",
        place_name=place_name,
    )


def _logged(logged: LoggedVisit, where: str) -> ResponseReturnValue:
    reported = logged.reference and f" The canisters are reported as {logged.reference}."
    flash(f"The visit to {where} is saved.{reported or ''}", "success")
    return redirect(url_for(".plan", key=logged.plan_id))


def _user() -> int:
    key: int = current_user.account.id
    return key
