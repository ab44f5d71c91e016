"""Add a table: a look at what would go in, then in; what was taken in so far, and the way back."""

from pathlib import Path

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextInput,
)
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, Regexp

from geodata.core.errors import GeodataError, RefusedError
from geodata.core.vocabulary import Unit
from geodata.exporters import harmless_table
from geodata.importers.partners.indicator_terms import PARAGRAPHS
from geodata.importers.reading import ImportResult, ReadFile
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.filters import sentence
from web.forms.held_file import SPREADSHEETS, HeldFileForm, on_disk
from web.forms.impersonal import Impersonal
from web.partnership.blueprint import officers_only, partnership
from web.services.imports import partner_tables

KINDS = [
    SelectChoice("indicators", "Figures: a row a figure, or a column a period or an area"),
    SelectChoice("police", "Street crime, as it is downloaded from data.police.uk"),
    SelectChoice("populations", "Populations: the areas that figures may be of"),
]
AS_THE_FILE_SAYS = SelectChoice("", "As the file says")
UNITS = [
    AS_THE_FILE_SAYS,
    *(SelectChoice(unit.value, unit.value.replace("_", " ").capitalize()) for unit in Unit),
]
BETTER = [
    AS_THE_FILE_SAYS,
    SelectChoice("less", "Less is better"),
    SelectChoice("more", "More is better"),
    SelectChoice("neutral", "Neither"),
]
CLASSES = [
    AS_THE_FILE_SAYS,
    SelectChoice("public", "Public"),
    *(SelectChoice(f"exempt {n}", f"Exempt, paragraph {n} of Schedule 12A") for n in PARAGRAPHS),
]
MOST_STREET_CRIME_BYTES = 20 * 1024 * 1024
"""Half a year of a county in one file."""


class TableForm(HeldFileForm):
    """A partner's table."""

    kind = RadioField(
        "What the file holds", choices=KINDS, default="indicators", widget=GovRadioInput()
    )
    file = FileField(
        "The file",
        widget=GovFileInput(),
        description=(
            "CSV, XLSX or ODS of up to 256 kB; street crime and fly-tipping of up to 20 MB."
        ),
    )
    indicator = StringField(
        "What is counted",
        validators=[Length(max=200), Impersonal()],
        widget=GovTextInput(),
        description="Such as: Ambulance calls to overdoses",
    )
    unit = SelectField("Its unit", choices=UNITS, default="", widget=GovSelect())
    polarity = SelectField("Which way is better", choices=BETTER, default="", widget=GovSelect())
    disclosure = SelectField("Who may read it", choices=CLASSES, default="", widget=GovSelect())
    year = StringField(
        "Year of the populations",
        validators=[Optional(), Regexp(r"\s*(19|20)\d\d\s*", message="Write a year, such as 2024")],
        widget=GovTextInput(),
        description="Where the file has no column of years, as in the ONS's yearly estimates",
    )
    nothing_sent = "Choose the file with the figures"
    endings = (*SPREADSHEETS, ".ods")
    """The government's own statistics come as the last of these."""
    wrong_ending = "%(name)s is no CSV, XLSX or ODS: save it as one of these"
    most_sent_bytes = MOST_STREET_CRIME_BYTES

    def shortened(self, name: str, content: bytes) -> tuple[str, bytes]:
        """Of street crime and of fly-tipping the counts, which are what goes in."""
        if self.kind.data == "populations" or len(content) > MOST_STREET_CRIME_BYTES:
            return name, content
        with on_disk(name, content) as path:
            counts = partner_tables.counted(read_session(), path, self.kind.data)
        if counts is None:
            return name, content
        self.kind.data = "indicators"
        return f"{Path(name).stem}.csv", counts

    def constants(self) -> dict[str, str]:
        """What the file does not say, by our names, as it was chosen.

        Raises
        ------
        RefusedError
            A choice cannot be.
        """
        for field in (self.indicator, self.unit, self.polarity, self.disclosure, self.year):
            if not field.validate(self):
                raise RefusedError(f"{field.label.text}: {field.errors[0]}")
        class_, _, paragraph = (self.disclosure.data or "").partition(" ")
        chosen = (
            {"year": self.year.data}
            if self.kind.data == "populations"
            else {
                "indicator": self.indicator.data,
                "unit": self.unit.data,
                "polarity": self.polarity.data,
                "disclosure": class_,
                "paragraph": paragraph,
            }
        )
        return {name: value.strip() for name, value in chosen.items() if value and value.strip()}

    def carried(self) -> dict[str, str]:
        """What the preview's buttons send on beside the file."""
        names = ("kind", "indicator", "unit", "polarity", "disclosure", "year")
        return {name: self[name].data or "" for name in names}


@partnership.get("/tables")
@officers_only
def tables() -> ResponseReturnValue:
    return _page(TableForm())


@partnership.post("/tables")
@officers_only
def preview_table() -> ResponseReturnValue:
    """What would go in, and what would not, and why."""
    form = TableForm()
    try:
        form.take()
        result = _read(form).result
    except GeodataError as error:
        return _refused(form, str(error))
    return _page(form, result)


@partnership.post("/tables/rejects.csv")
@officers_only
def table_rejects() -> ResponseReturnValue:
    """The rows that would not go in, each with what is wrong."""
    form = TableForm()
    try:
        rejects = _read(form).result.rejects
    except GeodataError as error:
        return _refused(form, str(error))
    answer = Response(harmless_table(rejects).to_csv(index=False), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=rejected.csv"
    return answer


@partnership.post("/tables/take-in")
@officers_only
def take_table() -> ResponseReturnValue:
    form = TableForm()
    try:
        result = _take_in(_read(form))
    except GeodataError as error:
        return _refused(form, str(error))
    if result.batch is None:
        return _refused(form, "Nothing new was in this file: no figure was taken in")
    flash(f"{result.accepted} figures are taken in.", "success")
    return redirect(url_for(".tables"))


@partnership.post("/tables/<int:batch>/take-back")
@officers_only
@commits
def take_table_back(batch: int) -> ResponseReturnValue:
    rows = partner_tables.take_back(g.session, batch, by=actor())
    flash(f"{rows} figures are taken back.", "success")
    return redirect(url_for(".tables"))


def _read(form: TableForm) -> ReadFile:
    with form.as_file() as path:
        return partner_tables.look(
            read_session(), form.kind.data, path, now=utc_now(), constants=form.constants()
        )


@commits
def _take_in(read: ReadFile) -> ImportResult:
    return partner_tables.take_in(g.session, read, by=actor())


def _refused(form: TableForm, why: str) -> ResponseReturnValue:
    form.file.errors = [sentence(why)]
    return _page(form), 400


def _page(form: TableForm, result: ImportResult | None = None) -> str:
    return render_template(
        "partnership/tables.html",
        form=form,
        result=result,
        taken=partner_tables.taken_in(read_session()),
    )
