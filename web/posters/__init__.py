"""Pages for poster campaigns: choose sites, print, and log what befalls each poster."""

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_login import current_user

from geodata import posters as store
from geodata.errors import RefusedError
from web.auth import requires_role
from web.database import commits, read_session
from web.filters import LONDON, utc_now
from web.posters.forms import CampaignForm
from web.services import poster_campaigns, poster_pdf

posters = Blueprint("posters", __name__, url_prefix="/posters")
officers_only = requires_role("officer", "manager")


@posters.get("")
@officers_only
def board() -> ResponseReturnValue:
    return render_template("posters/board.html", campaigns=store.campaigns(read_session()))


@posters.get("/new")
@officers_only
def new() -> ResponseReturnValue:
    form = CampaignForm(data={"valid_from": utc_now().astimezone(LONDON).date()})
    return render_template("posters/new.html", form=form)


@posters.post("/new")
@officers_only
def make() -> ResponseReturnValue:
    if len(request.form.getlist("valid_from")) != 3:
        abort(400)  # no form of ours
    form = CampaignForm()
    if form.validate_on_submit():
        try:
            # The search takes its time: it reads, so that nobody else's report waits for it.
            chosen = poster_campaigns.choose(read_session(), form.to_wish(), now=utc_now())
            return redirect(url_for(".campaign", key=_start(chosen)))
        except RefusedError as error:
            message = str(error)
            form.name.errors = [message[0].upper() + message[1:]]
    return render_template("posters/new.html", form=form), 400


@commits
def _start(chosen: poster_campaigns.ChosenSites) -> int:
    return poster_campaigns.start(g.session, chosen)


@posters.get("/<int:key>")
@officers_only
def campaign(key: int) -> ResponseReturnValue:
    session = read_session()
    found = store.find_campaign(session, key)
    return render_template(
        "posters/campaign.html",
        campaign=found,
        wording=poster_campaigns.wording_of(found),
        sites=poster_campaigns.site_states(session, key),
        kinds=store.EVENT_KINDS,
    )


@posters.get("/<int:key>-<size>.pdf")
@officers_only
def pdf(key: int, size: str) -> ResponseReturnValue:
    if size not in poster_pdf.SIZES:
        abort(404)
    session = read_session()
    context: dict[str, str] = {}
    app.update_template_context(context)
    content = poster_pdf.as_pdf(
        poster_campaigns.wording_of(store.find_campaign(session, key)),
        poster_campaigns.site_states(session, key),
        council=context["council_name"],
        report_url=f"{request.url_root}report",
        size=size,
        mark=context["demo_mark"],
    )
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=posters-{key}-{size}.pdf"
    return answer


@posters.post("/sites/<code>")
@officers_only
@commits
def log(code: str) -> ResponseReturnValue:
    site = store.find_site(g.session, code)
    kind, user = request.form.get("kind", ""), current_user.account.id
    store.add_event(g.session, site, kind, at=utc_now(), user_id=user)
    flash(f"{site.code}: {kind}.", "success")
    return redirect(url_for(".campaign", key=site.campaign_id))
