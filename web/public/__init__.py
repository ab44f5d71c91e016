"""Pages for everybody: what was released, and nothing else."""

import geopandas as gpd
from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import frames, places
from web.database import read_session
from web.maps.sheet import Sheet
from web.maps.wards import ward_features, ward_map
from web.public.figure_words import month_rows, percent, ward_count
from web.responses import script
from web.services.publishing.figure_files import as_csv, as_records
from web.services.publishing.public_figures import YearFigures, published

public = Blueprint("public", __name__)


@public.get("/")
def home() -> ResponseReturnValue:
    session = read_session()
    figures = published(session)
    return render_template(
        "public/home.html",
        figures=figures,
        latest=figures.months[-1] if figures.months else None,
        year=figures.years[-1] if figures.years else None,
        earlier_years=figures.years[:-1][::-1],
        months=month_rows(figures.recent_months),
        percent=percent,
        ward_count=ward_count,
        sheet=_sheet(session),
    )


@public.get("/map.js")
def home_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@public.get("/wards.geojson")
def wards() -> ResponseReturnValue:
    session = read_session()
    years = published(session).years
    return jsonify(ward_features(_areas(session, years[-1] if years else None)))


@public.get("/figures.csv")
def figures_csv() -> ResponseReturnValue:
    answer = Response(as_csv(published(read_session())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=canister-figures.csv"
    return answer


@public.get("/figures.json")
def figures_json() -> ResponseReturnValue:
    return jsonify(figures=as_records(published(read_session())))


def _areas(session: Session, year: YearFigures | None) -> gpd.GeoDataFrame:
    """The wards of the last released year as the map shows them; of today, where none is."""
    areas = frames.wards(session, year.last_day if year else None).drop(columns="id")
    ward_figures = {ward.name: ward for ward in year.wards} if year else {}
    rows = [ward_figures.get(name) for name in areas["name"]]
    return areas.assign(
        incidents=[float("nan") if not w or w.reported is None else w.reported for w in rows],
        shown=["Not released yet" if w is None else ward_count(w.reported) for w in rows],
        in_target=["Not released yet" if w is None else percent(w.in_time_percent) for w in rows],
    )


def _sheet(session: Session) -> Sheet:
    config = current_app.config["HOTSPOTS"]
    return ward_map(config, places.borough(session), url_for("public.wards"))
