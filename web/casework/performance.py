"""The performance page: how much of what fell due was cleared in time, as page and spreadsheet."""

from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.rules.days import LONDON
from web.casework.blueprint import casework, officers_only
from web.clock import utc_now
from web.database import read_session
from web.services.clearing import performance as figures

DAYS = 365


@casework.get("/performance")
@officers_only
def performance() -> ResponseReturnValue:
    kept_promise = _found()
    query: dict[str, Any] = {
        "first": kept_promise.first,
        "last": kept_promise.last,
        "by": kept_promise.by,
    }
    return render_template(
        "casework/performance.html",
        found=kept_promise,
        bys=list(figures.PARTS),
        spreadsheet=url_for(".performance_csv", **query),
    )


@casework.get("/performance.csv")
@officers_only
def performance_csv() -> ResponseReturnValue:
    answer = Response(figures.as_csv(_found()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=performance.csv"
    return answer


def _found() -> figures.Performance:
    """The period that the address asks for; the last year by month where it asks for none."""
    now = utc_now()
    today = now.astimezone(LONDON).date()
    last = request.args.get("last", today, type=date.fromisoformat)
    first = request.args.get("first", last - timedelta(days=DAYS - 1), type=date.fromisoformat)
    first, last = min(first, last), max(first, last)
    by = request.args.get("by", "month")
    by = by if by in figures.PARTS else "month"
    return figures.performance(read_session(), first=first, last=last, by=by, now=now)
