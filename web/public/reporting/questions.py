"""What lies there, what is dangerous, since when, and anything else."""

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from geodata.reports.drafts import Draft
from geodata.rules.days import LONDON
from web.clock import utc_now
from web.database import read_session
from web.forms.canister_fields import HAZARDS
from web.forms.mobile_fields import dialled
from web.public.reporting.blueprint import (
    back_address,
    keep,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.public.reporting.forms import HazardsForm, MoreForm, WhatForm, WhenForm
from web.public.reporting.refusing import form_of, refuse
from web.server.senders import sender
from web.services.mail import text_messages
from web.services.reporting.answers import Answers

SAID = {"yes": True, "no": False, "unknown": None}


def _page(question: str, draft: Draft, answers: Answers, form: FlaskForm) -> ResponseReturnValue:
    if request.method == "POST":
        return refuse(draft, answers, question, form)
    return render_template(
        f"public/report/{question}.html",
        form=form,
        key=draft.key,
        answers=answers,
        back=back_address(draft.key, answers, question),
    )


@reporting.route("/<key>/what", methods=["GET", "POST"])
@limit_address
@limit_draft
def what(key: str) -> ResponseReturnValue:
    """Small chargers as a band, large cylinders as a number."""
    draft, answers = open_draft(key)
    band = answers.charger_band if "what" in answers.done else None
    form = form_of(WhatForm, answers, "what", charger_band=band, cylinders=answers.cylinders)
    if form.validate_on_submit():
        counts = {"charger_band": form.charger_band.data, "cylinders": form.cylinders.data}
        return keep(draft, answers.answered("what", **counts))
    return _page("what", draft, answers, form)


@reporting.route("/<key>/hazards", methods=["GET", "POST"])
@limit_address
@limit_draft
def hazards(key: str) -> ResponseReturnValue:
    """What else lies there, and whether it came out of a vehicle."""
    draft, answers = open_draft(key)
    before = {name: getattr(answers, name) for name in HAZARDS}
    if "hazards" in answers.done:
        before["from_vehicle"] = next(
            w for w, answer in SAID.items() if answer is answers.from_vehicle
        )
    form = form_of(HazardsForm, answers, "hazards", **before)
    if form.validate_on_submit():
        seen = {name: form[name].data for name in HAZARDS}
        seen["from_vehicle"] = SAID[form.from_vehicle.data]
        return keep(draft, answers.answered("hazards", **seen))
    return _page("hazards", draft, answers, form)


@reporting.route("/<key>/when", methods=["GET", "POST"])
@limit_address
@limit_draft
def when(key: str) -> ResponseReturnValue:
    """First seen and last clean: the dumping lies in between."""
    draft, answers = open_draft(key)
    form = form_of(WhenForm, answers, "when", **_moments_before(answers))
    now = utc_now()
    if form.validate_on_submit() and (moments := form.moments(now)) is not None:
        seen, clean = moments
        return keep(draft, answers.answered("when", first_seen_at=seen, last_clean_at=clean))
    return _page("when", draft, answers, form)


def _moments_before(answers: Answers) -> dict[str, object]:
    if "when" not in answers.done or answers.first_seen_at is None:
        return {}
    seen_on, seen_at = _parts(answers.first_seen_at)
    before: dict[str, object] = {"seen": "earlier", "seen_on": seen_on, "seen_at": seen_at}
    if answers.last_clean_at is None:
        return before | {"clean": "unknown"}
    clean_on, clean_at = _parts(answers.last_clean_at)
    return before | {"clean": "known", "clean_on": clean_on, "clean_at": clean_at}


def _parts(moment: datetime) -> tuple[object, str]:
    local = moment.astimezone(LONDON)
    return local.date(), f"{local:%H:%M}"


@reporting.route("/<key>/more", methods=["GET", "POST"])
@limit_address
@limit_draft
def more(key: str) -> ResponseReturnValue:
    """Free text, and an address and a number for updates, none of which is needed."""
    draft, answers = open_draft(key)
    known = {name: getattr(answers, name) for name in ("description", "email", "phone")}
    form = form_of(MoreForm, answers, "more", **known)
    if not text_messages.are_sent(read_session(), sender()):
        del form.phone
    if form.validate_on_submit():
        text = (form.description.data or "").strip()
        phone = dialled(form.phone) if form.phone else ""
        answered = answers.answered(
            "more", description=text, email=form.email.data or "", phone=phone
        )
        return keep(draft, answered)
    return _page("more", draft, answers, form)
