"""The files that a report can be drawn as."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from web.services.committee.document import Document
from web.services.committee.drawn.html_file import as_html
from web.services.committee.drawn.odt_file import as_odt
from web.services.committee.drawn.pdf_file import as_pdf
from web.services.committee.drawn.word_file import as_docx
from web.services.committee.report_period import ReportPeriod
from web.services.partnership.comparison_table import Audience


@dataclass(frozen=True)
class FileKind:
    """``words`` names it to people; ``draw`` takes the report, when it was made, and
    the council's Word template (None: none).

    ``ending`` is of the file's name.
    """

    words: str
    mimetype: str
    ending: str
    draw: Callable[[Document, datetime, bytes | None], bytes]


FILES = {
    "html": FileKind("a web page (HTML)", "text/html", "html", lambda report, *_: as_html(report)),
    "docx": FileKind(
        "a Word document (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
        lambda report, now, template: as_docx(report, now=now, template=template),
    ),
    "odt": FileKind(
        "an OpenDocument text (ODT)",
        "application/vnd.oasis.opendocument.text",
        "odt",
        lambda report, now, _: as_odt(report, now=now),
    ),
    "pdf": FileKind(
        "a PDF to print (not tagged for screen readers)",
        "application/pdf",
        "pdf",
        lambda report, *_: as_pdf(report),
    ),
    "map": FileKind(
        "the map on A3 (PDF)", "application/pdf", "map-a3.pdf", lambda report, *_: report.map_a3
    ),
}
"""By the name that one asks for; first what a screen reader reads best."""


def file_name(period: ReportPeriod, audience: Audience, form: str) -> str:
    """
    >>> from datetime import date
    >>> half_year = ReportPeriod(date(2026, 4, 1), date(2026, 9, 30))
    >>> file_name(half_year, Audience.PUBLIC, "pdf")
    'committee-public-2026-04-01-to-2026-09-30.pdf'
    """
    stem = f"committee-{audience.value}-{period.first}-to-{period.last}"
    ending = FILES[form].ending
    return f"{stem}-{ending}" if "." in ending else f"{stem}.{ending}"
