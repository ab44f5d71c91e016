"""What the public's version leaves out, so that it cannot be worked out from the rest."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.core.vocabulary import Disclosure
from geodata.indicators.areas import Area
from web.services.partnership.series import Series, Terms

_TOTAL = re.compile(r"\b(all|total|totals|overall|combined)\b", re.IGNORECASE)
ROUNDING = 0.51
"""Publishers round parts and totals apart."""
PARAGRAPHS = {
    1: "information relating to any individual",
    2: "information likely to reveal the identity of an individual",
    3: "the financial or business affairs of any particular person",
    4: "consultations or negotiations about labour relations",
    5: "legal professional privilege",
    6: "a proposed notice, order or direction",
    7: "the prevention, investigation or prosecution of crime",
}
"""Part 1 of Schedule 12A to the Local Government Act 1972, in short."""


@dataclass(frozen=True)
class Withheld:
    """How many indicators are left out, under which paragraph; None: totals that would tell."""

    number: int
    paragraph: int | None

    @property
    def sentence(self) -> str:
        be = "indicator is" if self.number == 1 else "indicators are"
        if self.paragraph is None:
            return (
                f"{self.number} more {be} withheld: a total, from which what is exempt could be "
                "worked out by subtraction."
            )
        return (
            f"{self.number} {be} withheld as exempt under paragraph {self.paragraph} of Part 1 of "
            f"Schedule 12A to the Local Government Act 1972 ({PARAGRAPHS[self.paragraph]})."
        )


def open_to_the_public(
    terms: Mapping[str, Terms], series: Mapping[tuple[str, Area], Series]
) -> tuple[dict[str, Terms], list[Withheld]]:
    """The indicators that the public may see, and what is said about the others.

    A total goes too where an indicator of its publisher in its unit is exempt: less its other
    parts, which are public, it would be that one's figure. A total is known by its name, and by
    its figures where these are the sums of all others.
    """
    exempt = [each for each in terms.values() if each.disclosure == Disclosure.EXEMPT]
    hidden = {(each.source, each.unit) for each in exempt}
    shown = {k: each for k, each in terms.items() if each.disclosure == Disclosure.PUBLIC}
    at_risk = {k: each for k, each in shown.items() if (each.source, each.unit) in hidden}
    telling = {k for k, t in at_risk.items() if _TOTAL.search(t.name) or _adds_up(t, terms, series)}
    counts = Counter(each.paragraph or 0 for each in exempt)
    withheld = [Withheld(number, paragraph) for paragraph, number in sorted(counts.items())]
    if telling:
        withheld.append(Withheld(len(telling), None))
    return {key: each for key, each in shown.items() if key not in telling}, withheld


def _adds_up(
    total: Terms, terms: Mapping[str, Terms], series: Mapping[tuple[str, Area], Series]
) -> bool:
    """Whether, wherever all are known, an indicator is the sum of its publisher's others."""
    parts = {
        key
        for key, each in terms.items()
        if (each.source, each.unit) == (total.source, total.unit) and key != total.key
    }
    sums: dict[object, float] = {}
    met: Counter[object] = Counter()
    own: dict[object, float] = {}
    for (key, area), each in series.items():
        for period, figure in each.figures.items():
            if figure.value is None:
                continue
            if key == total.key:
                own[area, period] = figure.value
            elif key in parts:
                sums[area, period] = sums.get((area, period), 0.0) + figure.value
                met[area, period] += 1
    complete = [place for place, n in met.items() if n == len(parts) and place in own]
    is_sum = all(abs(own[place] - sums[place]) < ROUNDING for place in complete)
    return bool(complete) and is_sum and any(own[place] > 0 for place in complete)
