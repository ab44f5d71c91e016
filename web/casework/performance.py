"""The performance page: how much of what fell due was cleared in time, as page and spreadsheet."""

from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.rules.days import LONDON
from web.casework.blueprint import casework, officers_only
from web.charts import clearance as charts
from web.clock import utc_now
from web.database import read_session
from web.server.request_bounds import sent_day
from web.services.clearing import performance as figures

DAYS = 365
SERIES = frozenset({"month", "week"})


@casework.get("/performance")
@officers_only
def performance() -> ResponseReturnValue:
    report = _report()
    query: dict[str, Any] = {
        "first": report.first,
        "last": report.last,
        "by": report.by,
    }
    return render_template(
        "casework/performance.html",
        report=report,
        bys=list(figures.PARTS),
        spreadsheet=url_for(".performance_csv", **query),
        **_charts(report),
    )


def _charts(report: figures.Performance) -> dict[str, Any]:
    """What the figures look like; None where there is nothing to draw, or no order of time."""
    curve_words = charts.curve_sentence(report.curves)
    words = charts.promise_sentence(report.parts, report.by)
    names = [_short(part.name, report.by) for part in report.parts]
    is_series = report.by in SERIES and bool(report.parts)
    return {
        "curve_words": curve_words,
        "curve_styles": charts.curve_styles(report.curves),
        "curves": charts.curve_chart(report.curves, curve_words) if report.curves else None,
        "promise_words": words,
        "promise": charts.promise_chart(report.parts, names, words) if is_series else None,
    }


def _short(name: str, by: str) -> str:
    """A month or a Monday as it stands below a chart."""
    if by == "month":
        return f"{date.fromisoformat(f'{name}-01'):%b %Y}"
    return f"{date.fromisoformat(name):%d %b}" if by == "week" else name


@casework.get("/performance.csv")
@officers_only
def performance_csv() -> ResponseReturnValue:
    answer = Response(figures.as_csv(_report()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=performance.csv"
    return answer


def _report() -> figures.Performance:
    """The period that the address asks for; the last year by month where it asks for none."""
    now = utc_now()
    today = now.astimezone(LONDON).date()
    last = request.args.get("last", today, type=sent_day)
    first = request.args.get("first", last - timedelta(days=DAYS - 1), type=sent_day)
    first, last = min(first, last), max(first, last)
    by = request.args.get("by", "month")
    by = by if by in figures.PARTS else "month"
    return figures.performance(read_session(), first=first, last=last, by=by, now=now)
