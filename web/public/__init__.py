"""Pages for everybody: what was released, and nothing else."""

import geopandas as gpd
from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames, places
from geodata.store import releases
from web.database import read_session
from web.maps.sheet import Sheet
from web.maps.wards import ward_features, ward_map
from web.public.figure_words import month_rows, percent, ward_count
from web.public.kept import kept
from web.responses import script
from web.services.publishing.figure_files import as_csv, as_records
from web.services.publishing.public_figures import YearFigures, published

public = Blueprint("public", __name__)


@public.get("/")
def home() -> ResponseReturnValue:
    session = read_session()
    area = places.borough(session)
    return kept(lambda: _home(session, area), releases.latest(session), area and area.wkb)


def _home(session: Session, area: BaseGeometry | None) -> str:
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
        sheet=_sheet(area),
    )


@public.get("/map.js")
def home_map() -> ResponseReturnValue:
    return script(_sheet(places.borough(read_session())))


@public.get("/wards.geojson")
def wards() -> ResponseReturnValue:
    session = read_session()
    years = published(session).years
    areas = _areas(session, years[-1] if years else None)
    drawn = tuple(areas.to_wkb().itertuples(index=False, name=None))
    return kept(lambda: jsonify(ward_features(areas)), drawn)


@public.get("/figures.csv")
def figures_csv() -> ResponseReturnValue:
    session = read_session()
    return kept(lambda: _figures_csv(session), releases.latest(session))


def _figures_csv(session: Session) -> Response:
    answer = Response(as_csv(published(session)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=canister-figures.csv"
    return answer


@public.get("/figures.json")
def figures_json() -> ResponseReturnValue:
    session = read_session()
    return kept(lambda: jsonify(figures=as_records(published(session))), releases.latest(session))


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


def _sheet(area: BaseGeometry | None) -> Sheet:
    return ward_map(current_app.config["HOTSPOTS"], area, url_for("public.wards"))
