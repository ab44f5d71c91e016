"""Add a table: a look at what would go in, then in; what was taken in so far, and the way back."""

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from geodata.core.errors import GeodataError
from geodata.exporters import harmless_table
from geodata.importers.reading import ImportResult, ReadFile
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.filters import sentence
from web.forms.held_file import HeldFileForm, on_disk
from web.partnership.blueprint import officers_only, partnership
from web.services.admin import partner_tables

KINDS = [
    SelectChoice("indicators", "Figures: a row a figure, or a column a period or an area"),
    SelectChoice("police", "Street crime, as it is downloaded from data.police.uk"),
    SelectChoice("populations", "Populations: the areas that figures may be of"),
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
        description="CSV or XLSX of up to 256 kB; street crime of up to 20 MB.",
    )
    what = "the file with the figures"
    most_sent_bytes = MOST_STREET_CRIME_BYTES

    def shortened(self, name: str, content: bytes) -> tuple[str, bytes]:
        """Of street crime the counts, which are what goes in."""
        if self.kind.data != "police" or len(content) > MOST_STREET_CRIME_BYTES:
            return name, content
        with on_disk(name, content) as path:
            counts = partner_tables.counted(read_session(), path)
        self.kind.data = "indicators"
        return name, counts


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
        return partner_tables.look(read_session(), form.kind.data, path, now=utc_now())


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
