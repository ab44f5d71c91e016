"""One site: what befell its poster, the form that a telephone fills in there, and its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import posters as store
from geodata.media import photos
from geodata.media.pictures import ACCEPT
from geodata.people import audit
from geodata.posters import poster_events, poster_sites
from geodata.rules.days import LONDON
from web.auth import actor
from web.clock import utc_now
from web.database import commits, commits_when_sent, read_session
from web.forms.refusals import accepted
from web.forms.sent_photos import SentPhotos, clean_photos
from web.posters.blueprint import officers_only, posters
from web.posters.forms import EVENT_WORDS, EventForm, RetireForm, SiteForm
from web.posters.site_form import site_page
from web.responses import jpeg
from web.services.posters import poster_campaigns, poster_standing

if TYPE_CHECKING:
    from geodata.models import PosterSite

LIKELY_NEXT = {"planned": "installed", "up": "seen", "damaged": "installed", "down": "installed"}


@posters.get("/sites/<code>")
@officers_only
def site(code: str) -> ResponseReturnValue:
    session = read_session()
    poster_site = poster_sites.find(session, code)
    if poster_site.campaign_id is None:
        return redirect(url_for(".candidates"))
    local = utc_now().astimezone(LONDON)
    events = poster_events.of_site(session, poster_site.id)
    state = poster_events.state_after(events[0] if events else None)
    start = {"kind": LIKELY_NEXT[state], "day": local.date(), "clock": local.time()}
    return _page(session, poster_site, poster_site.campaign_id, EventForm(data=start))


@posters.post("/sites/<code>")
@officers_only
def log(code: str) -> ResponseReturnValue:
    form = EventForm()
    is_sound = form.validate_on_submit()
    sent = clean_photos([form.photo.data], most=1) if is_sound else SentPhotos()
    if sent.faults:
        form.photo.errors = sent.faults
    return _log(code, form, sent)


@commits
def _log(code: str, form: EventForm, sent: SentPhotos) -> ResponseReturnValue:
    poster_site = poster_sites.find(g.session, code)
    campaign_id = poster_site.campaign_id
    if campaign_id is None:
        abort(404)  # a candidate: no poster hangs there
    if form.errors:
        return _page(g.session, poster_site, campaign_id, form), sent.refused_status

    def keep() -> None:
        kind, note = form.kind.data, form.note.data or ""
        picture = next(iter(sent.cleaned), None)
        poster_campaigns.log_event(
            g.session, actor(), code, kind, at=form.at, note=note, picture=picture
        )

    if not accepted(form, "kind", keep):
        return _page(g.session, poster_site, campaign_id, form), 400
    flash(
        f"{poster_site.code}: {EVENT_WORDS[form.kind.data].lower()}. It is in the log.", "success"
    )
    return redirect(url_for(".campaign", key=poster_site.campaign_id))


def _page(session: Session, poster_site: PosterSite, campaign_id: int, form: EventForm) -> str:
    events = poster_events.with_names(session, poster_site.id)
    states = poster_standing.site_states(session, campaign_id)
    return render_template(
        "posters/site.html",
        site=next(state for state in states if state.code == poster_site.code),
        campaign=store.find_campaign(session, campaign_id),
        events=events,
        photos={e.id: photos.of_owner(session, poster_event_id=e.id) for e, _ in events},
        changes=audit.entries(session, poster_sites.ENTITY, poster_site.id),
        words=EVENT_WORDS,
        accept=ACCEPT,
        form=form,
    )


@posters.route("/sites/<code>/edit", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def edit_site(code: str) -> ResponseReturnValue:
    poster_site = poster_sites.find(g.session, code)
    form = SiteForm(data={"name": poster_site.name})
    form.where.description = f"Leave it empty to keep the place. {form.where.description}"

    def change() -> None:
        name, where = form.name.data, form.where.data or ""
        poster_campaigns.change_site(g.session, actor(), code, name, where)

    if form.validate_on_submit() and accepted(form, "where", change):
        flash("The change is saved.", "success")
        return redirect(url_for(".site", code=poster_site.code))
    lead = "A poster that hangs there keeps its code: its reports come from the new place."
    back, key = url_for(".site", code=poster_site.code), poster_site.campaign_id
    return site_page(
        form, f"Rename or move {poster_site.code}", back=back, lead=lead, campaign_id=key
    )


@posters.route("/sites/<code>/retire", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def retire_site(code: str) -> ResponseReturnValue:
    poster_site, form = poster_sites.find(g.session, code), RetireForm()

    def retire() -> None:
        poster_campaigns.retire_site(g.session, actor(), code, form.reason.data)

    if form.validate_on_submit() and accepted(form, "reason", retire):
        flash(
            f"{poster_site.code} is retired. Its log stays, and its code still says where it was.",
            "success",
        )
        return redirect(url_for(".site", code=poster_site.code))
    page = render_template(
        "posters/form_page.html",
        form=form,
        heading=f"Retire {poster_site.code}, {poster_site.name}",
        back=url_for(".site", code=poster_site.code),
        lead="No new poster is put up there. One that hangs must still be taken down.",
    )
    return page, 400 if form.errors else 200


@posters.get("/photos/<int:photo_id>.jpg")
@officers_only
def photo(photo_id: int) -> Response:
    """A photo of a poster; of nothing else."""
    session = read_session()
    if photos.find(session, photo_id).poster_event_id is None:
        abort(404)
    return jpeg(photos.content(session, photo_id))
