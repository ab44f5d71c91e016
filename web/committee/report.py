"""The report as a page and as files. The exempt version is for those who may read enforcement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from geodata.core.errors import RefusedError
from geodata.rules.days import local_day
from web.auth import actor
from web.basemap import basemap
from web.clock import utc_now
from web.committee.blueprint import committee, officers_only
from web.council import council_name
from web.database import commits, read_session
from web.services.committee import compiling
from web.services.committee.document import Document, Figure
from web.services.committee.files import FILES, file_name
from web.services.committee.html_file import kind_of
from web.services.committee.report_period import ReportPeriod, proposed_period
from web.services.partnership.comparison_table import Audience

VERSIONS = [
    SelectChoice(Audience.PUBLIC.value, "Public version"),
    SelectChoice(Audience.EXEMPT.value, "Exempt version, not for publication"),
]


class AudienceForm(FlaskForm):  # type: ignore[misc]
    """Which version."""

    class Meta:
        csrf = False

    audience = RadioField("Version", choices=VERSIONS, widget=GovRadioInput())


@dataclass(frozen=True)
class Choice:
    """What the address asks for."""

    first: date
    last: date
    version: Audience
    audience: RadioField

    @property
    def query(self) -> dict[str, Any]:
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "audience": self.version.value,
        }


@committee.get("", strict_slashes=False)
@officers_only
def report() -> ResponseReturnValue:
    choice = _choice()
    if "from" not in request.args:
        return _page(choice)
    try:
        found = _compiled(choice)
    except RefusedError as error:
        return _page(choice, error=str(error)), 400
    _note(choice, "page")
    return _page(choice, found)


@committee.get("/report.<form>")
@officers_only
def report_file(form: str) -> ResponseReturnValue:
    if form not in FILES:
        abort(404)
    choice = _choice()
    now = utc_now()
    kind = FILES[form]
    answer = Response(kind.draw(_compiled(choice), now), mimetype=kind.mimetype)
    _note(choice, form)
    name = file_name(ReportPeriod(choice.first, choice.last), choice.version, form)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@committee.get("/map.png")
@officers_only
def report_map() -> ResponseReturnValue:
    """The map of Appendix A, which is the same in both versions."""
    choice = _choice()
    content = compiling.map_picture(
        read_session(), first=choice.first, last=choice.last, basemap=basemap(), now=utc_now()
    )
    return Response(content, mimetype="image/png")


def _page(choice: Choice, found: Document | None = None, error: str = "") -> str:
    def picture(_: Figure) -> str:
        return url_for(".report_map", **choice.query)

    return render_template(
        "committee/report.html",
        form=choice,
        report=found,
        error=error,
        kinds=kind_of,
        picture=picture,
        files=[
            (kind.words, url_for(".report_file", form=name, **choice.query))
            for name, kind in FILES.items()
        ],
    )


def _choice() -> Choice:
    """The days and the version of the address; the last half-year in public where it has none."""
    proposed = proposed_period(local_day(utc_now()))
    form = AudienceForm(formdata=None)
    version = Audience.EXEMPT if request.args.get("audience") == "exempt" else Audience.PUBLIC
    form.audience.data = version.value
    return Choice(_day("from", proposed.first), _day("to", proposed.last), version, form.audience)


def _day(name: str, otherwise: date) -> date:
    return request.args.get(name, otherwise, type=date.fromisoformat)


def _compiled(choice: Choice) -> Document:
    if choice.version is Audience.EXEMPT and not current_user.account.may_read_enforcement:
        abort(403)
    return compiling.compile_report(
        read_session(),
        first=choice.first,
        last=choice.last,
        audience=choice.version,
        council=council_name(),
        basemap=basemap(),
        now=utc_now(),
    )


def _note(choice: Choice, form: str) -> None:
    if choice.version is Audience.EXEMPT:
        _write_note(ReportPeriod(choice.first, choice.last), form)


@commits
def _write_note(period: ReportPeriod, form: str) -> None:
    compiling.note_reading(g.session, period, form, actor())
