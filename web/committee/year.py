"""The annual report, as page and as files: it is reckoned from releases whenever it is read."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.store import committee_papers, word_templates, work_items
from web.auth import actor
from web.clock import utc_now
from web.committee.blueprint import audiences, check_may_read, committee, readers
from web.database import commits, read_session
from web.services.committee import compiling
from web.services.committee.annual import Year, annual_report, find_year
from web.services.committee.document import Document
from web.services.committee.drafting import seen_in
from web.services.committee.drawn.files import FILES, file_name
from web.services.committee.drawn.html_file import kind_of
from web.services.committee.report_period import ReportPeriod
from web.services.partnership.comparison_table import Audience

FORMS = ("html", "docx", "odt", "pdf")


@committee.get("/year/<last>/<audience>")
@readers
def year(last: str, audience: str) -> ResponseReturnValue:
    figures_year = _year(last, audience)
    files = [
        (FILES[form].words, url_for(".year_file", last=last, audience=audience, form=form))
        for form in FORMS
    ]
    page = render_template(
        "committee/paper.html", report=_report(figures_year), kinds=kind_of, files=files
    )
    _note(figures_year, "page")
    return page


@committee.get("/year/<last>/<audience>/report.<form>")
@readers
def year_file(last: str, audience: str, form: str) -> ResponseReturnValue:
    if form not in FORMS:
        abort(404)
    figures_year, kind = _year(last, audience), FILES[form]
    template = word_templates.content(read_session())
    answer = Response(kind.draw(_report(figures_year), utc_now(), template), mimetype=kind.mimetype)
    period = ReportPeriod(figures_year.first, figures_year.last)
    name = f"annual-{file_name(period, Audience(audience), form)}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    _note(figures_year, form)
    return answer


def _report(figures_year: Year) -> Document:
    """An annual report that is public holds no work of the exempt version, whoever reads it."""
    seen = seen_in(figures_year.audience)
    return annual_report(figures_year, work_items.items(read_session(), seen))


def _year(last: str, audience: str) -> Year:
    check_may_read(audience)
    try:
        day = date.fromisoformat(last)
    except ValueError:
        abort(404)
    return find_year(committee_papers.releases(read_session(), audiences()), day, audience)


def _note(figures_year: Year, form: str) -> None:
    """After the work, so that the writer's lock is held for one row."""
    if figures_year.audience == Audience.EXEMPT:
        _write_note(ReportPeriod(figures_year.first, figures_year.last), form)


@commits
def _write_note(period: ReportPeriod, form: str) -> None:
    compiling.note_reading(g.session, period, form, actor())
