"""What may be told to the public of an effect, and what must not."""

from dataclasses import dataclass

import numpy as np

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import InterventionKind
from hotspots.effects import FEWER
from web.services.effects.judging import EffectReport

LEAST_BEFORE = 10
"""With fewer incidents before there is no story, only a number."""
LEAST_TOLD = 5
"""A count below this is not published (DOMAIN.md section 7)."""
SECRET = {InterventionKind.CCTV.value: "cameras", InterventionKind.PATROL.value: "patrols"}
LARGEST_P = 0.05


@dataclass(frozen=True)
class GoodNews:
    """A short text and the figures of the picture; every number in it is claimed by the report."""

    title: str
    text: str
    before: str
    after: str
    months: int

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """What the picture shows: each number with its words."""
        span = f"{self.months} months" if self.months > 1 else "1 month"
        return ((self.before, f"dumps in {span} before"), (self.after, f"dumps in {span} since"))


def good_news(report: EffectReport) -> GoodNews:
    """What may be claimed.

    Raises
    ------
    RefusedError
        The figures do not support it, or it must not be published; the message says each reason.
    """
    if against := objections(report):
        raise RefusedError(" ".join(against))
    target, months = report.counts["target"], report.spans.months
    expected = f"{report.effect.expected:.0f}"
    span = f"{months} months" if months > 1 else "month"
    first = report.spans.after.days[0]
    text = (
        f"Since {report.intervention.name} began in {first:%B %Y}, dumped nitrous oxide "
        f"canisters were found there {_count_words(target.after)} times in {span}. In the same "
        f"{span} before it was {target.before}. Places like it that had nothing done "
        f"lead one to expect {expected}."
    )
    title = f"Fewer dumped canisters: {report.intervention.name}"
    return GoodNews(title, text, str(target.before), _count_words(target.after), months)


def _count_words(count: int) -> str:
    return f"fewer than {LEAST_TOLD}" if count < LEAST_TOLD else str(count)


def objections(report: EffectReport) -> list[str]:
    """Sentences, each a reason to say nothing; empty where the figures carry it."""
    target, effect = report.counts["target"], report.effect
    reasons = []
    if report.intervention.kind in SECRET:
        reasons.append(f"Where {SECRET[report.intervention.kind]} are is not published.")
    if target.before < LEAST_BEFORE:
        reasons.append(f"Only {target.before} incidents before: it takes {LEAST_BEFORE}.")
    if effect.verdict != FEWER:
        reasons.append(
            f"The figures do not show a fall that the comparison lacks: {effect.verdict}."
        )
    elif effect.displacement.difference >= 0:
        reasons.append("Together with the ring around it nothing fell: it may have moved.")
    return [*reasons, *_doubts(report)]


def _doubts(report: EffectReport) -> list[str]:
    """What else explains the fall as well."""
    reasons, fall = [], report.fall
    placebos = report.placebos
    if placebos is not None and placebos.p_value > LARGEST_P:
        reasons.append(
            f"Of other places and dates like it, {placebos.p_value:.0%} fell as much with nothing "
            f"done."
        )
    is_chance = not report.question.leaves_out_year and not np.isnan(fall)
    if is_chance and report.counts["target"].after >= fall:
        reasons.append("A place chosen for its worst year falls so far by itself.")
    reasons += [w for w in report.warnings if w.startswith(("A break", "Changed reporting"))]
    return reasons
