"""The council's settings, and what is set where the program runs."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from web.admin.blueprint import admin
from web.admin.settings_form import SettingsForm, filled
from web.auth import actor, requires_role
from web.clock import today
from web.config import PREFIX
from web.database import commits, read_session
from web.filters import sentence
from web.maps.picker import picker_map
from web.maps.sheet import Sheet
from web.responses import script
from web.server.senders import sender
from web.services.common.officer_position import known_places
from web.services.mail import text_messages
from web.services.settings import council_settings
from web.services.settings.council_settings import CouncilSettings, SettingRefusedError

SHOWN_CHANGES = 20
INSTALLED = {  # settings of the installation that a manager may ask about: what each means
    "base_url": "Public address of the site, used in mails",
    "contact_email": "Address that the public pages give",
    "contact_phone": "Telephone number that the public pages give",
    "security_contact": "Whom to tell of a weakness of the site",
    "mail_from": "Sender of all mails",
    "notify_template_id": "Template of text messages at GOV.UK Notify",
    "csu_email": "Where the daily list of overdue work and the ends of orders go",
    "contractor_email": "Where new jobs and the list of overdue work go",
    "data_protection_email": "Data protection officer, in the privacy notice",
    "tile_url": "Background map; without one, maps are plain",
    "tile_attribution": "Who made the background map",
    "retention_months": "Months after which reporters' addresses are deleted",
    "record_years": "Years after which what reporters wrote, and their photos, are deleted",
    "enforcement_years": "Years after which who a case of enforcement was about is removed",
    "audit_years": "Years after which the audit log no longer says who did something and why",
    "backup_days": "Days after which backups are deleted",
    "briefing_email": "Who gets the daily briefing at 7am",
    "nightly_hour": "Hour from which hotspots are detected each night",
}


@admin.route("/settings", methods=["GET", "POST"])
@requires_role("manager")
@commits
def settings() -> ResponseReturnValue:
    now = council_settings.current(g.session)
    is_fixed = bool(current_app.config["HOTSPOTS"].council_name)
    form = SettingsForm(data=filled(now))
    names = known_places(g.session, today())
    form.patrol_start_place.choices = [
        ("", "The middle of the hotspots"),
        *((name, name) for name in names),
    ]
    preview = None
    if form.validate_on_submit():
        try:
            wanted = form.wanted(g.session, now.council_name if is_fixed else "")
            if "preview" not in request.form:
                return _save(form, wanted)
            preview = council_settings.changes_of(g.session, wanted, form.valid_from.data, today())
        except SettingRefusedError as error:
            form[error.name].errors = [sentence(error)]
    page = render_template(
        "admin/settings.html",
        form=form,
        preview=preview,
        is_fixed=is_fixed,
        can_text=text_messages.can_be_sent(sender()),
        installed=_installed(),
        sheet=_sheet(g.session),
        labels=council_settings.LABELS,
        words=council_settings.value_words,
        ahead=council_settings.ahead(g.session, today()),
        changes=council_settings.history(g.session, limit=SHOWN_CHANGES),
    )
    return page, 400 if form.errors else 200


def _save(form: SettingsForm, wanted: CouncilSettings) -> ResponseReturnValue:
    reason, first = form.reason.data, form.valid_from.data
    changed = council_settings.save(g.session, actor(), wanted, reason=reason, valid_from=first)
    flash("The settings are saved." if changed else "Nothing was changed.", "success")
    return redirect(url_for(".settings"))


@admin.post("/settings/<int:entry>/undo")
@requires_role("manager")
@commits
def undo_setting(entry: int) -> ResponseReturnValue:
    council_settings.undo(g.session, actor(), entry)
    flash("The change is undone; both stay in the list.", "success")
    return redirect(url_for(".settings"))


@admin.get("/settings.js")
@requires_role("manager")
def settings_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


def _sheet(session: Session) -> Sheet:
    """A map on which a tap says where the depot is."""
    addresses = {"wards": url_for("desk.ward_layer"), "hotspots": url_for("desk.hotspot_layer")}
    area = places.borough(session)
    return picker_map(current_app.config["HOTSPOTS"], area, addresses, field_id="round_depot")


def _installed() -> list[tuple[str, object, str]]:
    """Meaning, value and variable of what is set outside the store; no secrets."""
    config = current_app.config["HOTSPOTS"]
    return [
        (meaning, getattr(config, name), f"{PREFIX}{name.upper()}")
        for name, meaning in INSTALLED.items()
    ]
