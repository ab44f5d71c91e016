"""What teams take along: the sheet as PDF, the stops as GPX."""

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from geodata import frames
from geodata.rules.days import local_day
from web.basemap import basemap
from web.database import read_session
from web.patrols.blueprint import officers_only, patrols
from web.services.patrols import patrol_pdf, patrol_sheet


@patrols.get("/<int:key>.gpx")
@officers_only
def gpx(key: int) -> ResponseReturnValue:
    sheet = patrol_sheet.sheet(read_session(), key)
    return _file(patrol_sheet.as_gpx(sheet), "application/gpx+xml", f"patrol-{key}.gpx")


@patrols.get("/<int:key>.pdf")
@officers_only
def pdf(key: int) -> ResponseReturnValue:
    session = read_session()
    sheet = patrol_sheet.sheet(session, key)
    context: dict[str, str] = {}
    current_app.update_template_context(context)
    paper = patrol_pdf.as_pdf(
        sheet,
        council=context["council_name"],
        wards=list(frames.wards(session, local_day(sheet.starts_at)).geometry),
        basemap=basemap(),
        mark=context["demo_mark"],
    )
    return _file(paper, "application/pdf", f"patrol-{key}.pdf")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
