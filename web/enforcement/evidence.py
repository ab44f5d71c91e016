"""The evidence pack for a new or renewed order."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from geodata.enforcement import orders
from web.clock import utc_now
from web.database import read_session
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.maps import area_sheet
from web.enforcement.order_forms import AreaForm
from web.enforcement.uploads import area_of
from web.forms.refusals import refusal_at
from web.services.enforcement.order_evidence import AROUND_M, Evidence, evidence_for


@enforcement.route("/evidence", methods=["GET", "POST"])
@enforcers_only
def evidence_pack() -> ResponseReturnValue:
    """For an area that is drawn or sent, or for an order's own."""
    session, form = read_session(), AreaForm()
    order = orders.find(session, key) if (key := request.args.get("order", type=int)) else None
    evidence: Evidence | None = None
    if order is not None and not form.is_submitted():
        version = orders.newest_version(session, order.id)
        began = min(v.valid_from for v in order.versions)
        evidence = evidence_for(session, version.geometry, now=utc_now(), began=began)
    elif form.validate_on_submit():
        with refusal_at(form.corners):
            evidence = evidence_for(session, area_of(session, form), now=utc_now())
    page = render_template(
        "enforcement/evidence.html",
        form=form,
        order=order,
        evidence=evidence,
        around_m=AROUND_M,
        sheet=area_sheet(session, None, draws_in="corners"),
    )
    return page, 400 if form.errors else 200
