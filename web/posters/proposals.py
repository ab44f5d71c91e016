"""A campaign before it starts: sites are proposed, struck out or kept, and proposed again."""

from typing import Any

import geopandas as gpd
import pandas as pd
from flask import current_app as app
from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geodata import places
from geodata.posters import poster_wording
from geodata.rules.council import rulebook
from web.auth import actor
from web.clock import today, utc_now
from web.database import commits, read_session
from web.filters import clock
from web.forms.refusals import refusal_at
from web.maps import posters as maps
from web.maps.features import FeatureCollection
from web.maps.sheet import Sheet
from web.posters.blueprint import officers_only, posters
from web.posters.forms import WishForm
from web.responses import query_carried_on, script
from web.services.detection import map_grids
from web.services.hotspots.board_layers import MOST_DRAWN
from web.services.posters import poster_campaigns, poster_siting
from web.services.posters.poster_siting import KINDS, CampaignWish, Proposal

MOVED = (
    "Incidents or candidates have changed since you looked, and with them the best sites. Nothing "
    "was saved: look at the new proposal below."
)


@posters.get("/new")
@officers_only
def new() -> ResponseReturnValue:
    first = {"valid_from": today(), "kinds": list(KINDS)}
    form = _form(request.args) if request.args else _form(None, first)
    return render_template("posters/new.html", form=form)


def _form(sent: MultiDict[str, str] | None, first: dict[str, Any] | None = None) -> WishForm:
    form = WishForm(formdata=sent, data=first)
    form.offer(poster_wording.languages(rulebook(read_session()), day=today()))
    return form


@posters.get("/proposal")
@officers_only
def proposal() -> ResponseReturnValue:
    form = _form(request.args)
    proposed = _proposed(form, _wish(form, request.args))
    return _page(form, proposed)


@posters.post("/proposal")
@officers_only
def start() -> ResponseReturnValue:
    form = _form(request.form)
    proposed = _proposed(form, _wish(form, request.form))
    if proposed is None:
        return _page(form, None)
    if set(request.form.getlist("site")) != set(proposed.keys):
        flash(MOVED, "important")
        return redirect(url_for(".proposal", **query_of(proposed.wish)))
    with refusal_at(form.name):
        key = _start(proposed)
        flash(
            f"{proposed.wish.name} is started. Print its posters, and log each as it goes up.",
            "success",
        )
        return redirect(url_for(".campaign", key=key))
    return _page(form, None)


@commits
def _start(proposed: Proposal) -> int:
    return poster_campaigns.start(g.session, actor(), proposed)


def _wish(form: WishForm, sent: MultiDict[str, str]) -> CampaignWish | None:
    return form.to_wish(sent.getlist("keep"), sent.getlist("strike")) if form.validate() else None


def _proposed(form: WishForm, wish: CampaignWish | None) -> Proposal | None:
    """What the search finds; None where it cannot, with the reason in the form."""
    if wish is None:
        return None
    with refusal_at(form.budget):
        # The search takes its time: it reads, so that nobody else's report waits for it.
        return poster_siting.propose(read_session(), wish, now=utc_now())
    return None


def _page(form: WishForm, proposed: Proposal | None) -> ResponseReturnValue:
    if proposed is None:
        return render_template("posters/new.html", form=form), 400
    shown: dict[str, Any] = {"site": proposed.keys, "view_m": int(proposed.wish.view_m)}
    query = query_of(proposed.wish)
    return render_template(
        "posters/proposal.html",
        proposal=proposed,
        wish=proposed.wish,
        query=query,
        fields=[(name, value) for name, values in query.items() for value in values],
        kinds=KINDS,
        sheet=_sheet(read_session()),
        script_address=url_for(".proposal_map", **shown),
    )


def query_of(wish: CampaignWish) -> dict[str, Any]:
    """A wish as the query of an address."""
    one = {
        "name": wish.name,
        "valid_from": wish.valid_from,
        "valid_to": wish.valid_to,
        "review_on": wish.review_on,
        "budget": wish.budget,
        "view_m": int(wish.view_m),
    }
    many = {
        "languages": wish.languages[1:],
        "kinds": wish.kinds,
        "keep": wish.kept,
        "strike": wish.struck,
    }
    single = {name: [str(value)] for name, value in one.items() if value is not None}
    return single | {name: list(values) for name, values in many.items() if values}


@posters.get("/proposal/map.js")
@officers_only
def proposal_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@posters.get("/proposal/sites.geojson")
@officers_only
def proposal_sites() -> ResponseReturnValue:
    session, view_m = read_session(), _view_m()
    sites, incidents = _asked_sites(session), poster_siting.recent_incidents(session, utc_now())
    numbers = [str(number) for number in range(1, len(sites) + 1)]
    shown = sites.assign(
        label=numbers,
        site=numbers,
        state="planned",
        incidents=[int((incidents.distance(site) <= view_m).sum()) for site in sites.geometry],
    )
    return jsonify(maps.site_features(shown.drop(columns=["key", "kind"]), view_m=view_m))


@posters.get("/proposal/dumps.geojson")
@officers_only
def proposal_incidents() -> ResponseReturnValue:
    session = read_session()
    return jsonify(dump_layer(session, _asked_sites(session), _view_m()))


def dump_layer(session: Session, sites: gpd.GeoDataFrame, view_m: float) -> FeatureCollection:
    """Incidents of the last 12 months, by whether one of some sites is in view of them; of more
    than a telephone draws, how many there are in each square."""
    incidents = poster_siting.recent_incidents(session, utc_now())
    is_seen = pd.Series(False, incidents.index)
    if len(sites):
        is_seen = incidents.distance(sites.union_all()).le(view_m)
    if len(incidents) > MOST_DRAWN:
        return maps.incident_squares(map_grids.squares(incidents, is_seen, MOST_DRAWN))
    when = [clock(moment) for moment in incidents["first_reported_at"]]
    return maps.incident_marks(incidents[["geometry"]].assign(when=when, is_seen=is_seen))


def _asked_sites(session: Session) -> gpd.GeoDataFrame:
    return poster_siting.candidates_of(session, request.args.getlist("site"))


def _view_m() -> float:
    return float(min(max(request.args.get("view_m", 50, type=int), 1), 500))


def _sheet(session: Session) -> Sheet:
    query = query_carried_on()
    shown = {name: query[name] for name in ("site", "view_m") if name in query}
    addresses = {
        "wards": url_for("desk.ward_layer"),
        "sites": url_for(".proposal_sites", **shown),
        "incidents": url_for(".proposal_incidents", **shown),
    }
    sites = _asked_sites(session)
    area = maps.ground_of(sites.geometry) if len(sites) else places.borough(session)
    return maps.poster_map(app.config["HOTSPOTS"], area, addresses, has_states=False)
