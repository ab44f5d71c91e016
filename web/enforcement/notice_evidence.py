"""On what a notice rests: stated, corrected, and every earlier statement."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.auth import actor
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.evidence_form import EvidenceForm
from web.filters import clock
from web.forms.refusals import refusal_at
from web.services.enforcement import evidence_statements as use_case
from web.services.enforcement.evidence_statements import Statement

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
    if form.is_stale(len(history)):
        form.grounds.errors = [_added_meanwhile(history)]
        return _page(form, reference, history, 409)
    if form.validate_on_submit():
        with refusal_at(form.grounds):
            use_case.state(g.session, reference, form.evidence(), form.reason.data or "", actor())
            flash(f"{reference}: the statement is saved.", "success")
            return redirect(url_for(".notice", reference=reference))
    return _page(form, reference, history, 400 if form.errors else 200)


def _page(
    form: EvidenceForm, reference: str, history: list[Statement], status: int
) -> ResponseReturnValue:
    page = render_template(
        "enforcement/notice_evidence.html", form=form, reference=reference, history=history
    )
    return page, status


def _added_meanwhile(history: list[Statement]) -> str:
    if not history:
        return (
            "The page was old, and nothing is saved: see whether it still fits, and send it again"
        )
    newest = history[0]
    return (
        f"{newest.who} stated it, {clock(newest.row.recorded_at)}, after you opened this page, and "
        "yours is not saved. See whether it is still needed, and send it again"
    )
