"""Places that officers put on the map for campaigns to choose from."""

from typing import Any

import geopandas as gpd
from flask import flash, g, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.core.types import SRID
from geodata.posters import poster_sites
from web.auth import actor
from web.database import commits, commits_when_sent, read_session
from web.forms.refusals import accepted
from web.maps.posters import candidate_features
from web.posters.blueprint import officers_only, posters
from web.posters.forms import SiteForm
from web.posters.site_form import site_page
from web.responses import query_carried_on
from web.services.posters import poster_campaigns


@posters.get("/candidates")
@officers_only
def candidates() -> ResponseReturnValue:
    return render_template("posters/candidates.html", sites=poster_sites.candidates(read_session()))


@posters.get("/candidates.geojson")
@officers_only
def candidate_layer() -> ResponseReturnValue:
    sites = poster_sites.candidates(read_session())
    frame = gpd.GeoDataFrame(
        {"name": [site.name for site in sites]},
        geometry=[site.geometry for site in sites],
        crs=SRID,
    )
    return jsonify(candidate_features(frame))


@posters.route("/candidates/new", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def add_candidate() -> ResponseReturnValue:
    """Add one; from a proposal the way leads back to it, with the new site among those kept."""
    form, query = SiteForm(), query_carried_on()
    back = url_for(".proposal", **query) if query else url_for(".candidates")
    kept: list[str] = []

    def add() -> None:
        name, where = form.name.data, form.where.data or ""
        kept.append(poster_campaigns.add_candidate(g.session, actor(), name, where))

    if form.validate_on_submit() and accepted(form, "where", add):
        flash(f"{form.name.data} is on the map.", "success")
        return redirect(_with_kept(query, kept[0]) if query else back)
    return site_page(
        form,
        "Add a place where a poster may hang",
        back=back,
        lead="A campaign may choose it, and so may later ones.",
    )


def _with_kept(carried: dict[str, list[str]], key: str) -> str:
    query: dict[str, Any] = carried | {"keep": [*carried.get("keep", []), key]}
    return url_for(".proposal", **query)


@posters.post("/candidates/<code>/retire")
@officers_only
@commits
def drop_candidate(code: str) -> ResponseReturnValue:
    poster_campaigns.retire_site(g.session, actor(), code, "no longer to be chosen")
    flash(f"{code} is no longer offered.", "success")
    return redirect(url_for(".candidates"))
