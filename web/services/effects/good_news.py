"""What may be told to the public of an effect, and what must not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from hotspots.effects import FEWER
from web.services.effects.judging import EffectReport
from web.services.effects.public_effect import (
    PUBLIC_MONTHS,
    SECRET,
    tells_growth,
    tells_of_others,
    tells_of_parts,
)
from web.services.publishing.disclosure import about

LEAST_BEFORE = 10
"""With fewer incidents before there is no story, only a number."""
LARGEST_P = 0.05


@dataclass(frozen=True)
class GoodNews:
    """A short text and the figures of the picture; every number in it is claimed by the report."""

    title: str
    sentences: tuple[str, ...]
    before: str
    after: str
    months: int

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """What the picture shows: each number with its words."""
        span = f"{self.months} months"
        return ((self.before, f"dumps in {span} before"), (self.after, f"dumps in {span} since"))


def good_news(session: Session, report: EffectReport) -> GoodNews:
    """What may be claimed.

    Raises
    ------
    RefusedError
        The figures do not support it, or it must not be published; the message says each reason.
    """
    if against := objections(session, report):
        raise RefusedError(" ".join(against))
    target, months, record = report.counts["target"], report.spans.months, report.intervention
    before, after = about(target.before), about(target.after)
    sentences = (
        (
            f"Since {record.name} began in {record.valid_from:%B %Y}, canisters were dumped there "
            f"{after} times in {months} months, against {before} in the same months before."
        ),
        "Places like it where nothing was done did not fall as much.",
    )
    return GoodNews(f"Fewer dumped canisters: {record.name}", sentences, before, after, months)


def objections(session: Session, report: EffectReport) -> list[str]:
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
    reasons += _doubts(report)
    return reasons or list(_disclosures(session, report))


def _disclosures(session: Session, report: EffectReport) -> Iterator[str]:
    """What its numbers would tell beside all others that are public."""
    lengths = " or ".join(str(n) for n in sorted(PUBLIC_MONTHS))
    if report.spans.months not in PUBLIC_MONTHS or report.question.outcome != "auto":
        yield (
            f"In public an effect is told of {lengths} months, and of what counts by itself: ask "
            "for that below."
        )
    elif tells_growth(report):
        yield (
            "The first 6 months may have been told to the committee: less these, how few came "
            "since would be known."
        )
    elif tells_of_others(session, report):
        yield (
            "Nearly all that is released of the ward or the borough lay there: less it, the few "
            "elsewhere would be told."
        )
    elif tells_of_parts(session, report):
        yield (
            "Something that began before it on a part of its ground may be told of too: one less "
            "the other, the few there would be told."
        )


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
