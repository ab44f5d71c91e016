"""What the public's version leaves out, so that it cannot be worked out from the rest."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.core.vocabulary import Disclosure
from web.services.partnership.series import Terms

_TOTAL = re.compile(r"\b(all|total|totals|overall|combined)\b", re.IGNORECASE)
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


def open_to_the_public(terms: Mapping[str, Terms]) -> tuple[dict[str, Terms], list[Withheld]]:
    """The indicators that the public may see, and what is said about the others.

    A total goes too where an indicator of its publisher in its unit is exempt: less its other
    parts, which are public, it would be that one's figure.
    """
    exempt = [each for each in terms.values() if each.disclosure == Disclosure.EXEMPT]
    hidden = {(each.source, each.unit) for each in exempt}
    shown = {k: each for k, each in terms.items() if each.disclosure == Disclosure.PUBLIC}
    telling = {k for k, t in shown.items() if _is_total(t) and (t.source, t.unit) in hidden}
    counts = Counter(each.paragraph or 0 for each in exempt)
    withheld = [Withheld(number, paragraph) for paragraph, number in sorted(counts.items())]
    if telling:
        withheld.append(Withheld(len(telling), None))
    return {key: each for key, each in shown.items() if key not in telling}, withheld


def _is_total(terms: Terms) -> bool:
    return bool(_TOTAL.search(terms.name))
