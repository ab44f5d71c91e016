"""On what a notice rests: stated, corrected, and every earlier statement."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.auth import actor
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.evidence_form import EvidenceForm
from web.forms.refusals import refusal_at
from web.services.enforcement import evidence_statements as use_case

KEPT = (
    "grounds",
    "pick_up",
    "pick_up_reason",
    "recording",
    "recording_ref",
    "weed_on",
    "weeded_on",
)


@enforcement.route("/notices/<reference>/evidence", methods=["GET", "POST"])
@enforcers_only
@commits
def notice_evidence(reference: str) -> ResponseReturnValue:
    history = use_case.statements(g.session, reference)
    held = {name: getattr(history[0].row, name) for name in KEPT} if history else {}
    form = EvidenceForm(data=held)
    if form.validate_on_submit():
        with refusal_at(form.grounds):
            use_case.state(g.session, reference, form.evidence(), form.reason.data or "", actor())
            flash(f"{reference}: the statement is saved.", "success")
            return redirect(url_for(".notice", reference=reference))
    page = render_template(
        "enforcement/notice_evidence.html", form=form, reference=reference, history=history
    )
    return page, 400 if form.errors else 200
