"""The page on which a site is named and put on the map."""

from typing import Any

from flask import current_app as app
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import places
from web.database import read_session
from web.maps.posters import site_picker
from web.maps.sheet import Sheet
from web.posters.blueprint import officers_only, posters
from web.posters.forms import SiteForm
from web.responses import script


def site_page(
    form: SiteForm, heading: str, *, back: str, lead: str = "", campaign_id: int | None = None
) -> ResponseReturnValue:
    """The form of a site, with a map to tap; of a campaign it shows the sites that there are."""
    shown: dict[str, Any] = {} if campaign_id is None else {"campaign": campaign_id}
    page = render_template(
        "posters/site_form.html",
        form=form,
        heading=heading,
        back=back,
        lead=lead,
        sheet=_sheet(campaign_id),
        script_address=url_for(".picker_script", **shown),
    )
    return page, 400 if form.errors else 200


@posters.get("/picker.js")
@officers_only
def picker_script() -> ResponseReturnValue:
    return script(_sheet(request.args.get("campaign", type=int)))


def _sheet(campaign_id: int | None) -> Sheet:
    if campaign_id is None:
        layers = {"sites": url_for(".candidate_layer"), "incidents": url_for(".proposal_incidents")}
    else:
        layers = {
            "sites": url_for(".campaign_sites", key=campaign_id),
            "incidents": url_for(".campaign_incidents", key=campaign_id),
        }
    addresses = {"wards": url_for("desk.ward_layer"), **layers}
    return site_picker(app.config["HOTSPOTS"], places.borough(read_session()), addresses)
