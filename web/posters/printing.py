"""Posters and the installer's sheet as PDF."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Response, abort, request
from flask import current_app as app
from flask.typing import ResponseReturnValue

from geodata import frames
from geodata import posters as store
from geodata.core.errors import RefusedError
from web.basemap import basemap
from web.clock import today
from web.database import read_session
from web.posters.blueprint import officers_only, posters
from web.server.request_bounds import sent_day
from web.services.posters import poster_pdf, poster_sheet, poster_standing, poster_versions
from web.services.posters.poster_pdf import SIZES, Print
from web.services.posters.poster_standing import SiteState


def report_url() -> str:
    """Address of the report form, as it is printed: the configured one before this request's."""
    base: str = app.config["HOTSPOTS"].base_url or request.url_root
    return f"{base.rstrip('/')}/report"


def is_for_this_machine_only() -> bool:
    """Whether a telephone in the street could not open the printed address."""
    host = urlsplit(report_url()).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@posters.get("/<int:key>/posters.pdf")
@officers_only
def posters_pdf(key: int) -> ResponseReturnValue:
    size = request.args.get("size", "A4")
    if size not in SIZES:
        abort(404)
    session = read_session()
    campaign = store.find_campaign(session, key)
    versions = poster_versions.to_print(
        poster_versions.lines(session, campaign),
        request.args.get("language", poster_versions.TOGETHER),
        first=request.args.get("first", type=sent_day),
    )
    sites = _wanted(poster_standing.site_states(session, key), request.args.get("sites", "all"))
    council, mark = _council()
    content = poster_pdf.as_pdf(versions, sites, Print(council, report_url(), size, mark))
    return _download(content, f"posters-{key}-{size}.pdf")


def _wanted(sites: Sequence[SiteState], which: str) -> list[SiteState]:
    """All sites, those without a sound poster, or the one of a code; none that is retired."""
    open_sites = [site for site in sites if not site.is_retired]
    if which == "missing":
        missing = [site for site in open_sites if site.state != "up"]
    else:
        missing = [site for site in open_sites if which in {"all", site.code}]
    if not missing:
        raise RefusedError("no poster is to be printed: every site has its own, or is retired")
    return missing


@posters.get("/<int:key>/sheet.pdf")
@officers_only
def sheet_pdf(key: int) -> ResponseReturnValue:
    session = read_session()
    sites = poster_standing.site_states(session, key)
    council, mark = _council()
    content = poster_sheet.as_pdf(
        store.find_campaign(session, key).name,
        [site for site in sites if not site.is_retired or site.hangs],
        council=council,
        printed_on=today(),
        wards=list(frames.wards(session, today()).geometry),
        basemap=basemap(),
        mark=mark,
    )
    return _download(content, f"poster-sites-{key}.pdf")


def _council() -> tuple[str, str]:
    """The council's name, and the mark of synthetic data where there is one."""
    context: dict[str, str] = {}
    app.update_template_context(context)
    return context["council_name"], context["demo_mark"]


def _download(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
