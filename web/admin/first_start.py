"""What is still missing in a store, step by step, and the area that everything rests on."""

import tempfile
from pathlib import Path

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextInput
from werkzeug.datastructures import FileStorage
from wtforms import StringField
from wtforms.validators import Length

from geodata import places
from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.places.areas import Area, read_areas
from web.admin.blueprint import admin, managers_only
from web.auth import actor
from web.clock import utc_now
from web.council import settings_in_force
from web.database import commits, read_session
from web.forms.file_names import kept_name
from web.forms.refusals import refusal_at
from web.services.settings.first_steps import steps
from web.services.settings.founding import Founded, found_council


class BoroughForm(FlaskForm):  # type: ignore[misc]
    file = FileField(
        "File of the wards, or of the borough alone",
        widget=GovFileInput(),
        description="GeoJSON, GeoPackage or zipped Shapefile, such as the ward boundaries of the "
        "Office for National Statistics.",
    )
    name_column = StringField(
        "Column of the wards' names",
        widget=GovTextInput(),
        description="Only where it is not found.",
        validators=[Length(max=80)],
    )
    crs = StringField(
        "Coordinate system",
        widget=GovTextInput(),
        description="Such as EPSG:27700, only where the file does not say.",
        validators=[Length(max=40)],
    )


@admin.get("/start")
@managers_only
def start() -> ResponseReturnValue:
    first_steps = steps(read_session(), settings_in_force(), now=utc_now())
    return render_template("admin/start.html", steps=first_steps)


@admin.route("/area", methods=["GET", "POST"])
@managers_only
def area() -> ResponseReturnValue:
    """Draw the borough, once; later areas come as dated wards with the import of places."""
    form = BoroughForm()
    if form.validate_on_submit():
        with refusal_at(form.file):
            made = _founding(_areas(form))
            flash(f"The borough is drawn: {made.area_km2:.2f} km², {made.wards} wards.", "success")
            return redirect(url_for(".start"))
    there = places.borough(read_session())
    page = render_template("admin/area.html", form=form, area_m2=there and there.area)
    return page, 400 if form.errors else 200


@commits
def _founding(areas: list[Area]) -> Founded:
    made = found_council(g.session, council_name=None, areas=areas)
    after = {"wards": made.wards, "area_km2": made.area_km2 and round(made.area_km2, 2)}
    audit.write(g.session, actor(), "create", "place", after=after)
    return made


def _areas(form: BoroughForm) -> list[Area]:
    sent = form.file.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise RefusedError("there is no file: choose one with the wards or the borough")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (kept_name(sent.filename) or "area")
        sent.save(path)
        try:
            return read_areas(
                path, name_column=form.name_column.data or None, crs=form.crs.data or None
            )
        except RefusedError as error:  # whoever sent it knows the file by its own name
            raise RefusedError(str(error).replace(str(path), path.name)) from None
