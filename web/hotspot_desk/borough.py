"""The borough in charts: each with its reading as its title, and the same as a table."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import detections
from web.charts.items import items_chart
from web.charts.months import control_months_chart, year_pair_chart
from web.charts.ward_map import ward_map
from web.charts.week import parts_of_day, week_grid
from web.clock import today
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.detection import borough_hours
from web.services.hotspots import borough_record
from web.services.hotspots.dark_hours import daylight


@desk.get("/borough")
@officers_only
def borough() -> ResponseReturnValue:
    session = read_session()
    months = borough_record.control_months(session, today())
    years = borough_record.year_pair(session, today())
    wards = borough_record.ward_counts(session, today())
    items = borough_record.item_years(session, today())
    gap = borough_record.ward_gap(session, today())
    ward_words = borough_record.ward_sentence(wards, gap) if wards else ""
    return render_template(
        "hotspot_desk/borough.html",
        months=months,
        months_chart=control_months_chart(months),
        years=years,
        years_chart=year_pair_chart(years),
        wards=wards,
        ward_words=ward_words,
        ward_chart=ward_map(wards, ward_words) if wards else None,
        items=items,
        items_words=borough_record.items_sentence(items) if items else "",
        items_chart=items_chart(items, borough_record.items_sentence(items)) if items else None,
        **_hours(session),
    )


def _hours(session: Session) -> dict[str, Any]:
    """What the newest run keeps of the borough's week; nothing where an older one did not."""
    run = detections.latest_run(session)
    shares = borough_hours.read(run.summary) if run else ()
    if not shares:
        return {"hours": "", "week": None, "parts": []}
    return {
        "hours": borough_hours.in_short(shares),
        "week": week_grid(shares, daylight(session, today().year)),
        "parts": parts_of_day(shares),
    }
