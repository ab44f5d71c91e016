"""The files that a report can be drawn as."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from web.services.committee.document import Document
from web.services.committee.html_file import as_html
from web.services.committee.pdf_file import as_pdf
from web.services.committee.report_period import ReportPeriod
from web.services.committee.word_file import as_docx
from web.services.partnership.comparison_table import Audience


@dataclass(frozen=True)
class FileKind:
    """``words`` names it to people; ``draw`` takes the report and when it was made."""

    words: str
    mimetype: str
    draw: Callable[[Document, datetime], bytes]


FILES = {
    "docx": FileKind(
        "a Word document (DOCX)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda report, now: as_docx(report, now=now),
    ),
    "pdf": FileKind("a PDF", "application/pdf", lambda report, _: as_pdf(report)),
    "html": FileKind("a web page (HTML)", "text/html", lambda report, _: as_html(report)),
}
"""By how the name of the file ends."""


def file_name(period: ReportPeriod, audience: Audience, form: str) -> str:
    """
    >>> from datetime import date
    >>> half_year = ReportPeriod(date(2026, 4, 1), date(2026, 9, 30))
    >>> file_name(half_year, Audience.PUBLIC, "pdf")
    'committee-public-2026-04-01-to-2026-09-30.pdf'
    """
    return f"committee-{audience.value}-{period.first}-to-{period.last}.{form}"
