"""The council's settings, and what is set where the program runs."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import SelectField, StringField, SubmitField, TextAreaField

from geodata.rules.days import local_day
from web.admin.blueprint import admin
from web.auth import actor, requires_role
from web.config import PREFIX
from web.database import commits
from web.filters import sentence, utc_now
from web.services import council_settings
from web.services.council_settings import CouncilSettings, SettingRefusedError
from web.services.standpoints import known_places

INSTALLED = {  # settings of the installation that a manager may ask about: what each means
    "base_url": "Public address of the site, used in mails",
    "contact_email": "Address that the public pages give",
    "contact_phone": "Telephone number that the public pages give",
    "mail_from": "Sender of all mails",
    "csu_email": "Where the daily list of overdue work and the ends of orders go",
    "contractor_email": "Where new jobs and the list of overdue work go",
    "data_protection_email": "Data protection officer, in the privacy notice",
    "tile_url": "Background map; without one, maps are plain",
    "tile_attribution": "Who made the background map",
    "retention_months": "Months after which reporters' addresses are deleted",
    "nightly_hour": "Hour from which hotspots are detected each night",
}


class SettingsForm(FlaskForm):  # type: ignore[misc]
    council_name = StringField(
        "Name of the council",
        widget=GovTextInput(),
        description="On every page, poster and mail. Up to 100 characters.",
    )
    patrol_start_place = SelectField(
        "Where patrols start and end",
        widget=GovSelect(),
        description="Proposed for every shift, which may choose another. A place that is missing "
        "here comes in with the import of places.",
    )
    patrol_contacts = TextAreaField(
        "Whom a patrol calls",
        widget=GovTextArea(),
        description="One a line, most urgent first: who, a colon, the number. Numbers of offices, "
        "not of people. Up to 12 lines; they stand on every patrol sheet.",
    )
    submit = SubmitField("Save the settings", widget=GovSubmitInput())

    def wanted(self, name: str) -> CouncilSettings:
        """The settings asked for; ``name`` is the council's where the form may not change it."""
        return CouncilSettings(
            name or " ".join((self.council_name.data or "").split()),
            self.patrol_start_place.data or None,
            council_settings.read_contacts(self.patrol_contacts.data or ""),
        )


@admin.route("/settings", methods=["GET", "POST"])
@requires_role("manager")
@commits
def settings() -> ResponseReturnValue:
    now = council_settings.current(g.session)
    is_fixed = bool(current_app.config["HOTSPOTS"].council_name)
    form = SettingsForm(data=_filled(now))
    names = known_places(g.session, local_day(utc_now()))
    form.patrol_start_place.choices = [
        ("", "The middle of the hotspots"),
        *((name, name) for name in names),
    ]
    if form.validate_on_submit():
        try:
            wanted = form.wanted(now.council_name if is_fixed else "")
            changed = council_settings.save(g.session, actor(), wanted)
        except SettingRefusedError as error:
            form[error.name].errors = [sentence(error)]
        else:
            flash("The settings are saved." if changed else "Nothing was changed.", "success")
            return redirect(url_for(".settings"))
    page = render_template(
        "admin/settings.html", form=form, is_fixed=is_fixed, installed=_installed()
    )
    return page, 400 if form.errors else 200


def _filled(now: CouncilSettings) -> dict[str, Any]:
    return {
        "council_name": now.council_name,
        "patrol_start_place": now.patrol_start_place or "",
        "patrol_contacts": "\n".join(f"{who}: {number}" for who, number in now.patrol_contacts),
    }


def _installed() -> list[tuple[str, Any, str]]:
    """Meaning, value and variable of what is set outside the store; no secrets."""
    config = current_app.config["HOTSPOTS"]
    return [
        (meaning, getattr(config, name), f"{PREFIX}{name.upper()}")
        for name, meaning in INSTALLED.items()
    ]
