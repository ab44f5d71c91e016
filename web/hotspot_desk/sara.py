"""The problem-solving record of a hotspot: scanning, analysis, response, assessment."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from geodata import detections
from geodata.detections import hotspot_records
from geodata.detections.hotspot_records import SARA_STEPS
from web.auth import actor
from web.database import commits_when_sent
from web.forms.refusals import accepted
from web.hotspot_desk.blueprint import desk, officers_only
from web.hotspot_desk.form_pages import form_page
from web.hotspot_desk.forms import SaraForm
from web.services.hotspots.owners import owner_choices

if TYPE_CHECKING:
    from geodata.models import HotspotIdentity

CHANGED = (
    "Somebody saved another version while you wrote. Yours is below and not saved yet: compare "
    "it with the hotspot's page in another tab, and save again to keep yours."
)


@desk.route("/hotspots/<code>/record", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def record(code: str) -> ResponseReturnValue:
    identity = detections.find_by_code(g.session, code)
    form = SaraForm(data=_filled(identity))
    form.owner_id.choices = owner_choices(g.session)
    if form.validate_on_submit() and _is_newest(form, identity) and _saved(form, identity.id):
        flash("The record is saved.", "success")
        return redirect(url_for(".hotspot", code=code, _anchor="record"))
    return form_page(form, f"Record of {identity.name}", back=url_for(".hotspot", code=code))


def _filled(identity: HotspotIdentity) -> dict[str, Any]:
    return {
        **{step: (identity.sara or {}).get(step, "") for step in SARA_STEPS},
        "owner_id": identity.owner_id or 0,
        "review_on": identity.review_on,
        "seen": _version(identity),
    }


def _version(identity: HotspotIdentity) -> str:
    record = json.dumps([identity.sara, identity.owner_id, str(identity.review_on)], sort_keys=True)
    return hashlib.sha256(record.encode()).hexdigest()[:16]


def _is_newest(form: SaraForm, identity: HotspotIdentity) -> bool:
    version = _version(identity)
    if form.seen.data == version:
        return True
    form.seen.data = version  # the second time it is meant
    form.scanning.errors = [CHANGED]
    return False


def _saved(form: SaraForm, key: int) -> bool:
    return accepted(
        form,
        "scanning",
        lambda: hotspot_records.save_sara(
            g.session,
            actor(),
            key,
            {step: form[step].data or "" for step in SARA_STEPS},
            owner_id=form.owner_id.data or None,
            review_on=form.review_on.data,
        ),
    )
