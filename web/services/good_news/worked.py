"""Something that worked, as its effect page says, told as a post."""

from geodata.posters.interventions import InterventionRecord
from web.services.effects.good_news import good_news
from web.services.effects.judging import EffectReport
from web.services.good_news.proposal import Proposal, about, proposal


def worked(report: EffectReport, ward: str) -> Proposal:
    """What an effect page supports.

    Raises
    ------
    RefusedError
        The figures do not support it, or it must not be published.
    """
    news, record = good_news(report), report.intervention
    target, span = report.counts["target"], "months" if news.months > 1 else "month"
    before, after = about(target.before), about(target.after)
    sentences = (
        (
            f"Since {record.name} began in {record.valid_from:%B %Y}, canisters were dumped there "
            f"{after} times in {news.months} {span}, against {before} in the same {span} before."
        ),
        "Places like it where nothing was done did not fall as much.",
    )
    figures = (
        (before, f"dumps in {news.months} {span} before"),
        (after, f"dumps in {news.months} {span} since"),
    )
    return proposal(_key(record), "effect", ward, news.title[:120], sentences, figures)


def _key(record: InterventionRecord) -> str:
    return f"effect:{record.source}:{record.id}"
