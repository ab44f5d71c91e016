"""The daily briefing: what the morning meeting reads, on a telephone and on one side of paper."""

from flask import g, render_template
from flask_login import current_user

from web.auth import actor
from web.charts.months import control_months_chart
from web.clock import utc_now
from web.database import commits, read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.briefing.daily_briefing import SHOWN, daily_briefing
from web.services.enforcement.notice_deadlines import note_reading

CHART_TALL = 90.0
"""So that all the rest has room on A4."""


@desk.get("/briefing")
@officers_only
def briefing() -> str:
    reads_notices = current_user.account.may_read_enforcement
    facts = daily_briefing(read_session(), reads_notices=reads_notices, now=utc_now())
    page = render_template(
        "hotspot_desk/briefing.html",
        briefing=facts,
        chart=control_months_chart(facts.months, tall=CHART_TALL),
        shown=SHOWN,
    )
    if facts.notices is not None:
        _note(len(facts.notices))
    return page


@commits
def _note(rows: int) -> None:
    note_reading(g.session, actor(), rows)
