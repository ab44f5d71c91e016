"""A report as a page, as a file and as its pictures, whether it is a draft or a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, render_template, url_for

from geodata.store import word_templates
from web.clock import utc_now
from web.database import read_session
from web.services.committee.document import Document, Figure
from web.services.committee.drawn.files import FILES, file_name
from web.services.committee.drawn.html_file import kind_of
from web.services.committee.report_period import ReportPeriod
from web.services.partnership.comparison_table import Audience

if TYPE_CHECKING:
    from geodata.models import CommitteeDraft, CommitteeRelease


def paper_page(
    template: str, report: Document, paper: CommitteeDraft | CommitteeRelease, kind: str
) -> str:
    """``kind`` is draft or release, and begins the names of its pages."""

    def picture(figure: Figure) -> str:
        return url_for(f".{kind}_picture", key=paper.id, name=figure.name)

    return render_template(
        template,
        report=report,
        paper=paper,
        kinds=kind_of,
        picture=picture,
        files=[
            (file.words, url_for(f".{kind}_file", key=paper.id, form=name))
            for name, file in FILES.items()
        ],
    )


def file_answer(report: Document, paper: CommitteeDraft | CommitteeRelease, form: str) -> Response:
    """The report to take away."""
    if form not in FILES:
        abort(404)
    kind = FILES[form]
    template = word_templates.content(read_session())
    answer = Response(kind.draw(report, utc_now(), template), mimetype=kind.mimetype)
    period = ReportPeriod(paper.first_day, paper.last_day)
    name = file_name(period, Audience(paper.audience), form)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def picture_answer(report: Document, name: str) -> Response:
    """One of the report's pictures."""
    for block in report.blocks:
        if isinstance(block, Figure) and block.name == name:
            return Response(block.png, mimetype="image/png")
    return abort(404)
