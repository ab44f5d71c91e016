"""The log of requests for CCTV footage: who asked, why, what came of it, and its deletion."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import DateTimeLocalField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from geodata.core.vocabulary import CctvOutcome
from geodata.enforcement import actions, footage
from geodata.enforcement.footage import FootageDraft
from geodata.people import audit
from geodata.rules.days import LONDON, date_in_words
from web.auth import actor
from web.clock import today
from web.database import commits, commits_when_sent
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.words import FOOTAGE_OUTCOMES
from web.forms.fields import NativeInput, day_field, is_of_a_known_year
from web.forms.refusals import refusal_at
from web.forms.seen_so_far import SeenSoFar
from web.services.enforcement import evidence_statements as use_case

if TYPE_CHECKING:
    from geodata.models import CctvRequest

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _moment(label: str) -> DateTimeLocalField:
    return DateTimeLocalField(
        label,
        widget=NativeInput("datetime-local"),
        format=FORMATS,
        validators=[
            InputRequired("Enter a day and a time, such as 2026-06-13T23:40"),
            is_of_a_known_year,
        ],
    )


class FootageForm(SeenSoFar):
    """One request, and what came of it."""

    camera_ref = StringField(
        "Camera",
        widget=GovTextInput(),
        description="Its reference, such as CAM-01.",
        validators=[InputRequired("Enter the camera's reference"), Length(max=40)],
    )
    begins_at = _moment("Footage from")
    ends_at = _moment("Footage to")
    purpose = TextAreaField(
        "Reason",
        widget=GovTextArea(),
        description="Why it is needed. No names, plates, telephone numbers or addresses.",
        validators=[InputRequired("Write why it is needed"), Length(max=500)],
    )
    requested_on = day_field("Asked for on", is_required=True)
    notice = StringField(
        "Notice that it is for, if there is one",
        widget=GovTextInput(),
        description="Its reference.",
        validators=[Length(max=20)],
    )
    outcome = RadioField(
        "What came of it", widget=GovRadioInput(), choices=dict(FOOTAGE_OUTCOMES), default="waiting"
    )
    export_ref = StringField(
        "Reference of the export",
        widget=GovTextInput(),
        description="A reference, never footage.",
        validators=[Length(max=80)],
    )
    delete_by = day_field("The export must be gone by")
    deleted_on = day_field("The export was deleted on", description="Empty while it is kept.")

    def draft(self) -> FootageDraft:
        """The request, its times taken as London's."""
        return FootageDraft(
            self.camera_ref.data,
            _london(self.begins_at.data),
            _london(self.ends_at.data),
            self.purpose.data,
            self.requested_on.data,
            CctvOutcome(self.outcome.data),
            self.export_ref.data or "",
            self.delete_by.data,
            self.deleted_on.data,
        )


def _london(entered: datetime) -> datetime:
    return entered.replace(tzinfo=LONDON)


@enforcement.get("/footage")
@enforcers_only
@commits
def footage_list() -> ResponseReturnValue:
    rows = use_case.list_requests(g.session, actor())
    return render_template("enforcement/footage.html", rows=rows, today=today())


@enforcement.route("/footage/new", methods=["GET", "POST"])
@enforcers_only
@commits_when_sent
def new_footage_request() -> ResponseReturnValue:
    start = {"requested_on": today(), "notice": request.args.get("notice", "")}
    return _answer(FootageForm(data=start), None)


@enforcement.route("/footage/<int:key>", methods=["GET", "POST"])
@enforcers_only
@commits
def footage_request(key: int) -> ResponseReturnValue:
    held = footage.find(g.session, key)
    if request.method == "GET":
        audit.write(g.session, actor(), "read", use_case.FOOTAGE, key)
    return _answer(FootageForm(data=_filled(held)), key)


def _filled(held: CctvRequest) -> dict[str, object]:
    names = ("camera_ref", "purpose", "requested_on", "outcome", "export_ref")
    kept = {name: getattr(held, name) for name in (*names, "delete_by", "deleted_on")}
    notice = actions.reference_of(g.session, held.action_id) if held.action_id else ""
    times = {
        name: getattr(held, name).astimezone(LONDON).replace(tzinfo=None)
        for name in ("begins_at", "ends_at")
    }
    return kept | times | {"notice": notice}


def _answer(form: FootageForm, key: int | None) -> ResponseReturnValue:
    log = audit.entries(g.session, use_case.FOOTAGE, key) if key else []
    if form.is_stale(sum(entry.act != "read" for entry, _ in log)) and key:
        _mark_what_differs(form, footage.find(g.session, key))
    elif form.validate_on_submit():
        with refusal_at(form.camera_ref):
            use_case.save_request(g.session, key, form.draft(), form.notice.data or "", actor())
            flash("The request is saved.", "success")
            return redirect(url_for(".footage_list"))
    page = render_template("enforcement/footage_request.html", form=form, key=key, log=log)
    return page, 400 if form.errors else 200


def _mark_what_differs(form: FootageForm, held: CctvRequest) -> None:
    """Beside each answer that is not the stored one: what somebody may have entered meanwhile."""
    form.outcome.errors = ["The request was changed after you opened this page: check it, and save"]
    for name, stored in _filled(held).items():
        if (form[name].data or "") != (stored or ""):
            words = _in_words(name, stored)
            form[name].errors = [
                f"Stored meanwhile: {words}. Enter that, or save again to keep what stands here"
            ]


def _in_words(name: str, stored: object) -> str:
    if isinstance(stored, datetime):
        return f"{stored:%-d %B %Y at %H:%M}"
    if isinstance(stored, date):
        return date_in_words(stored)
    words = str(stored or "nothing")
    return FOOTAGE_OUTCOMES[CctvOutcome(words)] if name == "outcome" else words
