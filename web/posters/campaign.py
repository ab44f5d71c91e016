"""Campaigns: the board, the page of one with its map, and its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
from flask import current_app as app
from flask import flash, g, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from geodata import posters as store
from geodata.core.types import SRID
from geodata.posters import poster_sites, poster_wording
from geodata.rules.council import rulebook
from web.auth import actor
from web.clock import today, utc_now
from web.database import commits_when_sent, read_session
from web.forms.refusals import accepted
from web.maps import posters as maps
from web.maps.sheet import Sheet
from web.posters.blueprint import officers_only, posters
from web.posters.forms import CampaignForm, SiteForm
from web.posters.printing import is_for_this_machine_only, report_url
from web.posters.proposals import dump_layer
from web.posters.site_form import site_page
from web.responses import script
from web.services.posters import poster_campaigns, poster_siting, poster_standing, poster_versions
from web.services.posters.poster_standing import SiteState

if TYPE_CHECKING:
    from geodata.models import Campaign


@posters.get("")
@officers_only
def board() -> ResponseReturnValue:
    standings = poster_standing.board(read_session(), today=today())
    return render_template("posters/board.html", standings=standings)


@posters.get("/<int:key>")
@officers_only
def campaign(key: int) -> ResponseReturnValue:
    session = read_session()
    row = store.find_campaign(session, key)
    sites = _sites(session, row)
    return render_template(
        "posters/campaign.html",
        campaign=row,
        standing=poster_standing.standing(row, sites, today=today()),
        sites=[site for site in sites if not site.is_retired],
        retired=[site for site in sites if site.is_retired],
        wordings=poster_versions.lines(session, row),
        languages=poster_wording.languages(rulebook(session)),
        intervention=store.intervention_of(session, key),
        report_url=report_url(),
        is_local=is_for_this_machine_only(),
        sheet=_sheet(session, key),
    )


def _sites(session: Session, campaign: Campaign) -> list[SiteState]:
    incidents = poster_siting.recent_incidents(session, utc_now())
    view_m = store.view_m(campaign)
    return poster_standing.site_states(session, campaign.id, incidents=incidents, view_m=view_m)


@posters.get("/<int:key>/map.js")
@officers_only
def campaign_map(key: int) -> ResponseReturnValue:
    return script(_sheet(read_session(), key))


@posters.get("/<int:key>/sites.geojson")
@officers_only
def campaign_sites(key: int) -> ResponseReturnValue:
    session = read_session()
    row = store.find_campaign(session, key)
    shown = [site for site in _sites(session, row) if not site.is_retired or site.hangs]
    frame = gpd.GeoDataFrame(
        {
            "label": [site.code.lstrip("PS0") for site in shown],
            "site": [site.code for site in shown],
            "name": [site.name for site in shown],
            "state": [site.state for site in shown],
            "incidents": [site.incidents for site in shown],
            "href": [url_for(".site", code=site.code) for site in shown],
        },
        geometry=[site.point for site in shown],
        crs=SRID,
    )
    return jsonify(maps.site_features(frame, view_m=store.view_m(row)))


@posters.get("/<int:key>/dumps.geojson")
@officers_only
def campaign_incidents(key: int) -> ResponseReturnValue:
    session = read_session()
    row = store.find_campaign(session, key)
    sites = poster_standing.site_states(session, key)
    points = gpd.GeoDataFrame(geometry=[s.point for s in sites if not s.is_retired], crs=SRID)
    return jsonify(dump_layer(session, points, store.view_m(row)))


def _sheet(session: Session, key: int) -> Sheet:
    addresses = {
        "wards": url_for("desk.ward_layer"),
        "sites": url_for(".campaign_sites", key=key),
        "incidents": url_for(".campaign_incidents", key=key),
    }
    points = [site.geometry for site in poster_sites.of_campaign(session, key)]
    area = maps.ground_of(gpd.GeoSeries(points)) if points else places.borough(session)
    return maps.poster_map(app.config["HOTSPOTS"], area, addresses)


@posters.route("/<int:key>/edit", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def edit_campaign(key: int) -> ResponseReturnValue:
    row = store.find_campaign(g.session, key)
    form, back = CampaignForm(obj=row), url_for(".campaign", key=key)

    def change() -> None:
        poster_campaigns.change(g.session, actor(), key, **form.columns())

    if form.validate_on_submit() and accepted(form, "name", change):
        flash("The change is saved.", "success")
        return redirect(back)
    heading = f"Change {row.name}"
    page = render_template("posters/form_page.html", form=form, heading=heading, back=back)
    return page, 400 if form.errors else 200


@posters.route("/<int:key>/sites/new", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def add_site(key: int) -> ResponseReturnValue:
    row = store.find_campaign(g.session, key)
    form, back = SiteForm(), url_for(".campaign", key=key)
    codes: list[str] = []

    def add() -> None:
        name, where = form.name.data, form.where.data or ""
        codes.append(poster_campaigns.add_site(g.session, actor(), key, name, where))

    if form.validate_on_submit() and accepted(form, "where", add):
        flash(
            f"{codes[0]}, {form.name.data}, is a site of {row.name}. Print its poster.", "success"
        )
        return redirect(back)
    return site_page(form, f"Add a site to {row.name}", back=back, campaign_id=key)
