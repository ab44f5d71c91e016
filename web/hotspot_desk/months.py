"""The record month by month: a map that plays it, and the same as a form and a table."""

from typing import Any

import numpy as np
from flask import abort, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.geography import to_lonlat
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.maps import months as maps
from web.maps.sheet import Sheet
from web.responses import script
from web.services.hotspots.month_map import SPANS, MonthMap, month_map


@desk.get("/months")
@officers_only
def months() -> ResponseReturnValue:
    session = read_session()
    shown = month_map(session)
    if shown is None:
        return render_template("hotspot_desk/months.html", shown=None)
    place, span = _asked_place(shown), _asked_span()
    return render_template(
        "hotspot_desk/months.html",
        shown=shown,
        place=place,
        span=span,
        spans=SPANS,
        sentence=shown.sentence(place, span),
        squares=shown.fullest(place, span),
        sheet=_sheet(session),
        script_address=url_for(".months_map"),
    )


@desk.get("/months.js")
@officers_only
def months_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@desk.get("/months.json")
@officers_only
def months_counts() -> ResponseReturnValue:
    shown = month_map(read_session())
    if shown is None:
        abort(404)
    return jsonify(_film(shown))


def _asked_place(shown: MonthMap) -> int:
    """Of the month that the address names; else of the last that is over and whole."""
    names = [f"{first:%Y-%m}" for first in shown.firsts]
    if (name := request.args.get("month", "")) in names:
        return names.index(name)
    over = [n for n in range(len(names) - 1) if not shown.missing[n]]
    return over[-1] if over else len(names) - 1


def _asked_span() -> int:
    span = request.args.get("span", 1, type=int)
    return span if span in SPANS else 1


def _film(shown: MonthMap) -> dict[str, Any]:
    """What the page's script plays: short, for it may be of ten years."""
    squares = shown.squares
    half = squares.size_m / 2
    lon, lat = to_lonlat(np.array(squares.x) + half, np.array(squares.y) + half)
    return {
        "size_m": squares.size_m,
        "squares": np.c_[lat, lon].round(6).tolist(),
        "entries": list(zip(squares.square, squares.month, squares.incidents, strict=True)),
        "months": [
            {
                "month": f"{first:%Y-%m}",
                "words": [shown.words(n, span) for span in SPANS],
                "why_not": [shown.why_not(n, span) for span in SPANS],
            }
            for n, first in enumerate(shown.firsts)
        ],
        "spans": SPANS,
    }


def _sheet(session: Session) -> Sheet:
    addresses = {"wards": url_for(".ward_layer"), "months": url_for(".months_counts")}
    return maps.months_map(current_app.config["HOTSPOTS"], places.borough(session), addresses)
