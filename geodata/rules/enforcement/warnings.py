"""Whether an earlier warning can be followed by a notice: same conduct, and not too long ago."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geodata.core.vocabulary import CONDUCT_WORDS, Conduct
from geodata.rules.days import corresponding_day, date_in_words, last_day_following
from geodata.rules.enforcement.routes import NO_WARNING
from geodata.rules.tables import RuleBook

PERIOD = "warning_standing"


@dataclass(frozen=True)
class Warned:
    """A community protection warning that stands; ``conduct`` None where nobody recorded it."""

    key: int
    reference: str
    issued_on: date
    conduct: str | None


def counting_warning(
    rules: RuleBook, warnings: Sequence[Warned], conduct: str | None, issued_on: date
) -> Warned | str:
    """The newest warning that a notice may follow, or why there is none.

    Parameters
    ----------
    warnings
        Of the same person, the newest first.
    conduct
        The notice's.
    issued_on
        Local day of the notice.
    """
    earlier = [each for each in warnings if each.issued_on <= issued_on]
    if not earlier:
        return NO_WARNING
    if conduct is None:
        return "choose the conduct: the warning before it must be for the same one"
    same = [each for each in earlier if each.conduct == conduct]
    if not same:
        return _other_conduct(earlier[0], conduct)
    last = last_day_to_follow(rules, same[0].issued_on, issued_on)
    if last is not None and issued_on > last:
        return (
            f"the warning {same[0].reference} of {date_in_words(same[0].issued_on)} counted to "
            f"{date_in_words(last)}, as the "
            "council has set: warn again first"
        )
    return same[0]


def _other_conduct(warning: Warned, conduct: str) -> str:
    wanted = CONDUCT_WORDS[Conduct(conduct)].lower()
    if warning.conduct is None:
        its_conduct = "says for no conduct what it was given"
    else:
        its_conduct = f"was for: {CONDUCT_WORDS[Conduct(warning.conduct)].lower()}"
    return (
        f"the warning {warning.reference} {its_conduct}; a notice for {wanted} needs a warning for "
        "the same conduct"
    )


def last_day_to_follow(rules: RuleBook, warned_on: date, issued_on: date) -> date | None:
    """Until when a notice may follow a warning; None where the council has set no period.

    The law names none: the rule that holds on the day of the notice decides.
    """
    row = rules["periods"].on(issued_on, PERIOD)
    if row is None:
        return None
    length = row["length"][0] * (7 if row["unit"] == "weeks" else 1)
    if row["unit"] == "months":
        return corresponding_day(warned_on, length)
    return last_day_following(warned_on, length)
