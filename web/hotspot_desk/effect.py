"""The page that says whether something worked, and the good news that may be told of it."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.posters import interventions
from geodata.store import settings
from web.auth import actor
from web.charts.effect import effect_chart, effect_sentence, expected_months
from web.clock import today
from web.council import council_name
from web.database import commits, read_session
from web.documents.share_card import share_card
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.effects import EffectReport, report_effect
from web.services.effects.effect_design import EffectQuestion
from web.services.effects.good_news import GoodNews, good_news
from web.services.good_news.proposal import Proposal
from web.services.good_news.proposing import propose
from web.services.good_news.worked import worked

QUERY = ("months", "ring", "outcome", "leave_out", "area")


def _question() -> EffectQuestion:
    """What the address asks for.

    Raises
    ------
    RefusedError
        A value is out of its limits.
    """
    return EffectQuestion(
        months=request.args.get("months", 12, type=int),
        ring_m=request.args.get("ring", 200, type=int),
        outcome=request.args.get("outcome", "auto"),
        leaves_out_year="leave_out" in request.args,
        areas=frozenset(request.args.getlist("area")),
    )


@desk.get("/effects/<source>/<int:key>")
@officers_only
def effect(source: str, key: int) -> ResponseReturnValue:
    session = read_session()
    intervention = interventions.find_record(session, source, key)
    query: dict[str, Any] = {name: v for name, v in request.args.lists() if name in QUERY}
    try:
        report = report_effect(session, source, key, _question(), today=today())
    except RefusedError as error:
        page = render_template(
            "hotspot_desk/no_effect.html",
            intervention=intervention,
            reason=str(error),
            is_by_choice=bool(query),
        )
        return page, 400 if query else 200
    news, refusal = _news(session, report)
    return render_template(
        "hotspot_desk/effect.html",
        report=report,
        expected=expected_months(report.months),
        chart=effect_chart(report.months, effect_sentence(report)),
        news=news,
        refusal=refusal,
        card=url_for(".share_picture", source=source, key=key, **query),
        propose=url_for(".propose_good_news", source=source, key=key, **query),
    )


def _news(session: Session, report: EffectReport) -> tuple[GoodNews | None, str]:
    try:
        return good_news(session, report), ""
    except RefusedError as error:
        return None, str(error)


@desk.get("/effects/<source>/<int:key>/good-news.png")
@officers_only
def share_picture(source: str, key: int) -> ResponseReturnValue:
    session = read_session()
    report = report_effect(session, source, key, _question(), today=today())
    mark = "Synthetic demo data" if settings.read(session, settings.IS_DEMO, False) else ""
    news = good_news(session, report)
    card = share_card(news.title, news.figures, council_name(), mark)
    return Response(card, mimetype="image/png")


@desk.post("/effects/<source>/<int:key>/propose")
@officers_only
def propose_good_news(source: str, key: int) -> ResponseReturnValue:
    """Put what the page supports, asked as it was, before the press office."""
    session = read_session()
    report = report_effect(session, source, key, _question(), today=today())
    ward = places.ward_at(session, report.intervention.geometry.centroid, today())
    success = worked(session, report, ward.name if ward else "")
    is_new = _propose(success)
    flash("The press office has it." if is_new else "The press office had it already.", "success")
    return redirect(url_for(".effect", source=source, key=key))


@commits
def _propose(success: Proposal) -> int:
    return propose(g.session, [success], actor())
