"""The comparison table: twelve months against the twelve before, as page and spreadsheet."""

from datetime import date

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovSelect
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput

from geodata.core.errors import RefusedError
from geodata.indicators.areas import Area
from geodata.rules.days import corresponding_day, local_day
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.partnership.blueprint import officers_only, partnership
from web.server.request_bounds import sent_day
from web.services.partnership import comparison_words
from web.services.partnership.comparison_csv import as_csv
from web.services.partnership.comparison_table import (
    Audience,
    ComparisonTable,
    compare_partnership,
    note_reading,
)
from web.services.partnership.indicator_months import indicator_months
from web.services.partnership.ward_figures import ward_figures
from web.services.partnership.windows import Window, last_whole_month, month_words

MONTHS_BACK = 60
VERSIONS = [
    SelectChoice(Audience.PUBLIC.value, "Public version"),
    SelectChoice(Audience.EXEMPT.value, "Exempt version, not for publication"),
]


class ChoiceForm(FlaskForm):  # type: ignore[misc]
    """What is compared; in the address, so that a view can be kept."""

    class Meta:
        csrf = False

    to = SelectField("Last month", widget=GovSelect())
    version = RadioField("Version", choices=VERSIONS, widget=GovRadioInput())
    area = SelectMultipleField(
        "Areas", widget=GovCheckboxesInput(), option_widget=CheckboxInput(), validate_choice=False
    )

    def show(self, table: ComparisonTable) -> None:
        """Hold what is shown, and what could be."""
        last = last_whole_month(local_day(utc_now()))
        months = [corresponding_day(last, -n) for n in range(MONTHS_BACK)]
        self.to.choices = [SelectChoice(f"{month:%Y-%m}", month_words(month)) for month in months]
        self.to.data = f"{table.window.last:%Y-%m}"
        self.version.data = table.audience.value
        self.area.choices = [SelectChoice(_code(area), area.name) for area in table.known_areas]
        self.area.data = [_code(area) for area in table.areas]


@partnership.get("", strict_slashes=False)
@officers_only
def compare() -> ResponseReturnValue:
    table = _table()
    form = ChoiceForm(formdata=None)
    form.show(table)
    query = {"to": form.to.data, "version": form.version.data, "area": form.area.data}
    return render_template(
        "partnership/comparison.html",
        table=table,
        form=form,
        wards=ward_figures(read_session(), table.window, table.audience),
        words=comparison_words,
        spreadsheet=url_for(".compare_csv", **query),
    )


@partnership.get("/comparison.csv")
@officers_only
def compare_csv() -> ResponseReturnValue:
    table = _table()
    answer = Response(as_csv(table), mimetype="text/csv")
    name = f"partnership-{table.audience}-{table.window.last:%Y-%m}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@partnership.get("/indicators/<key>")
@officers_only
def indicator(key: str) -> ResponseReturnValue:
    """The months behind a comparison."""
    audience = _audience()
    months = indicator_months(
        read_session(),
        key,
        month=_month(request.args.get("to")),
        audience=audience,
        now=utc_now(),
    )
    if audience is Audience.EXEMPT:
        _note(months.window)
    return render_template("partnership/indicator.html", indicator=months, words=comparison_words)


def _audience() -> Audience:
    return Audience.EXEMPT if request.args.get("version") == "exempt" else Audience.PUBLIC


def _table() -> ComparisonTable:
    """What the address asks for; reading the exempt version is noted."""
    audience = _audience()
    table = compare_partnership(
        read_session(),
        month=_month(request.args.get("to")),
        areas=[Area(*code.split(":", 1)) for code in request.args.getlist("area") if ":" in code],
        audience=audience,
        now=utc_now(),
    )
    if audience is Audience.EXEMPT:
        _note(table.window)
    return table


@commits
def _note(window: Window) -> None:
    note_reading(g.session, window, actor())


def _month(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return sent_day(f"{text}-01")
    except ValueError:
        raise RefusedError(f"{text[:20]!r} is no month: write 2026-10") from None


def _code(area: Area) -> str:
    return f"{area.kind}:{area.name}"
