"""Something that worked, as its effect page says, told as a post."""

from sqlalchemy.orm import Session

from geodata.posters.interventions import InterventionRecord
from web.services.effects.good_news import good_news
from web.services.effects.judging import EffectReport
from web.services.good_news.proposal import Proposal, proposal


def worked(session: Session, report: EffectReport, ward: str) -> Proposal:
    """What an effect page supports.

    Raises
    ------
    RefusedError
        The figures do not support it, or it must not be published.
    """
    news, key = good_news(session, report), _key(report.intervention)
    return proposal(key, "effect", ward, news.title[:120], news.sentences, news.figures)


def _key(record: InterventionRecord) -> str:
    return f"effect:{record.source}:{record.id}"
