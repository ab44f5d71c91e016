"""The first page of enforcement: figures, a map, and the same in tables."""

from datetime import timedelta
from typing import Any

import geopandas as gpd
from flask import current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.types import SRID
from geodata.rules.days import local_day
from web.auth import actor
from web.charts.enforcement_months import enforcement_months_chart
from web.clock import utc_now
from web.database import commits, read_session
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.words import in_words
from web.filters import clock
from web.forms.fields import day_field
from web.maps import enforcement as maps
from web.maps.sheet import Sheet
from web.responses import script
from web.services.enforcement.enforcement_figures import figures
from web.services.enforcement.notices import Filters, list_notices


class PeriodForm(FlaskForm):  # type: ignore[misc]
    """Which acts are counted; in the address, so that a view can be kept."""

    class Meta:
        csrf = False

    since = day_field("Acts from")
    until = day_field("Acts up to")


@enforcement.get("/")
@enforcers_only
@commits
def overview() -> ResponseReturnValue:
    form = PeriodForm(request.args)
    form.validate()
    today = local_day(utc_now())
    form.until.data = form.until.data or today
    form.since.data = form.since.data or form.until.data - timedelta(days=364)
    period_figures = figures(g.session, form.since.data, form.until.data, actor())
    return render_template(
        "enforcement/overview.html",
        form=form,
        figures=period_figures,
        chart=enforcement_months_chart(period_figures.months, period_figures.sentence),
        sheet=_sheet(g.session),
    )


@enforcement.get("/actions.js")
@enforcers_only
def action_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@enforcement.get("/actions.geojson")
@enforcers_only
@commits
def action_layer() -> ResponseReturnValue:
    form = PeriodForm(request.args)
    form.validate()
    filters = Filters(since=form.since.data, until=form.until.data)
    rows = list_notices(g.session, filters, actor())
    frame = gpd.GeoDataFrame(
        {
            "kind": [in_words(action.kind) for action, _ in rows],
            "when": [clock(action.offence_at) for action, _ in rows],
            "state": [in_words(state) for _, state in rows],
            "href": [url_for(".notice", reference=action.reference) for action, _ in rows],
        },
        geometry=[action.geometry for action, _ in rows],
        crs=SRID,
    )
    return jsonify(maps.action_features(frame))


def _sheet(session: Session) -> Sheet:
    period: dict[str, Any] = {
        name: request.args[name] for name in ("since", "until") if name in request.args
    }
    addresses = {
        "wards": url_for(".ward_layer"),
        "orders": url_for(".orders_layer"),
        "actions": url_for(".action_layer", **period),
    }
    return maps.action_map(current_app.config["HOTSPOTS"], places.borough(session), addresses)
