"""Which words a campaign's posters carry, on which days, and in which languages together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.posters import campaign_wordings, poster_wording
from geodata.posters.campaign_wordings import TEXTS, PosterTexts
from geodata.posters.poster_wording import ENGLISH
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words
from geodata.rules.tables import RuleBook
from web.services.paper.typeface import unprintable

if TYPE_CHECKING:
    from geodata.models import Campaign, CampaignWording

TOGETHER = ""
"""All languages on one poster: English large, the others below it."""


@dataclass(frozen=True)
class PosterVersion:
    """What a poster says on some days, both included; ``last`` None goes on."""

    first: date
    last: date | None
    main: PosterTexts
    others: tuple[PosterTexts, ...] = ()


@dataclass(frozen=True)
class WordingLine:
    """A version as an officer sees it.

    Attributes
    ----------
    row
        The stored version.
    language
        Its English name.
    first, last
        The campaign's days on which it holds.
    is_printable
        It has words, and a speaker has checked them where that is needed.
    regime_law
        The program's line on the law for these days, where this one says something else.
    """

    row: CampaignWording
    language: str
    first: date
    last: date | None
    is_printable: bool
    regime_law: str | None


def lines(session: Session, campaign: Campaign) -> list[WordingLine]:
    """The versions that count on a campaign's days, English first."""
    wordings, rules = [], rulebook(session)
    for row in campaign_wordings.current(session, campaign.id):
        first, last = _clipped(row, campaign)
        if last is None or first <= last:
            wordings.append(_line(rules, row, first, last))
    return wordings


def _line(rules: RuleBook, row: CampaignWording, first: date, last: date | None) -> WordingLine:
    return WordingLine(
        row,
        poster_wording.languages(rules).get(row.language, row.language),
        first,
        last,
        campaign_wordings.is_printable(row),
        _other_law(rules, row, first, last),
    )


def _other_law(rules: RuleBook, row: CampaignWording, first: date, last: date | None) -> str | None:
    """What the tables say of the law where a version departs from it on any of its days."""
    known = poster_wording.wordings_between(first, last, language=row.language, rules=rules)
    return next((wording.law for wording in known if wording.law != row.law), None)


def _clipped(row: CampaignWording, campaign: Campaign) -> tuple[date, date | None]:
    first = max(campaign.valid_from, row.valid_from or campaign.valid_from)
    ends = [day for day in (row.valid_to, campaign.valid_to) if day is not None]
    return first, min(ends, default=None)


def to_print(
    wordings: Sequence[WordingLine], language: str = TOGETHER, *, first: date | None = None
) -> list[PosterVersion]:
    """The versions to print, by their days.

    Parameters
    ----------
    language
        A code, or ``TOGETHER``: then languages that nobody has checked are left out.
    first
        Only the version that begins on this day; all where None.

    Raises
    ------
    RefusedError
        There is none such, or it is a translation that no speaker has checked.
    """
    main = [line for line in wordings if line.row.language == (language or ENGLISH)]
    main = [line for line in main if first in (None, line.first)]
    if not main:
        raise RefusedError("the campaign has no such wording: choose one of its page")
    for line in main:
        if not line.is_printable:
            raise RefusedError(
                f"nobody has checked the {line.language} wording: let {_reader(line)} read it, "
                f"confirm that on the page Wording, and print then"
            )
    others = [o for o in wordings if language == TOGETHER and o.row.language != ENGLISH]
    return [
        PosterVersion(
            line.first,
            line.last,
            _texts(line.row),
            tuple(_texts(o.row) for o in others if o.is_printable and _holds_on(o, line.first)),
        )
        for line in main
    ]


def _holds_on(line: WordingLine, day: date) -> bool:
    return line.first <= day and (line.last is None or day <= line.last)


def _reader(line: WordingLine) -> str:
    return "whoever answers for it" if line.row.language == ENGLISH else "a speaker"


def _texts(row: CampaignWording) -> PosterTexts:
    return PosterTexts(**{name: getattr(row, name) for name in TEXTS})


def change(
    session: Session,
    actor: Actor,
    key: int,
    texts: PosterTexts,
    *,
    reason: str,
    first: date | None = None,
) -> CampaignWording:
    """Put other words in the place of a version, from a day on.

    Raises
    ------
    RefusedError
        The reason is empty or names somebody, they cannot be set in the posters' typeface, or see
        `posters.campaign_wordings.change`.
    """
    _check_reason(reason)
    refuse_unprintable(texts)
    return campaign_wordings.change(session, actor, key, texts, first=first, reason=reason.strip())


def undo(session: Session, actor: Actor, campaign_id: int, *, reason: str) -> None:
    """Take the last change of a campaign's wording back.

    Raises
    ------
    RefusedError
        There is none, or the reason is empty or names somebody.
    """
    _check_reason(reason)
    campaign_wordings.undo(session, actor, campaign_id, reason=reason.strip())


def _check_reason(reason: str) -> None:
    refuse_no_reason(reason)
    if names := found_in(reason):
        raise RefusedError(f"{', '.join(names)} may say who somebody is: take it out of the reason")


def preview(
    session: Session, actor: Actor, line: WordingLine, texts: PosterTexts, first: date | None
) -> list[str]:
    """Sentences about what other words would change, found by saving and taking them back.

    Raises
    ------
    RefusedError
        As ``change``.
    """
    row = line.row
    was = _texts(row)
    entered = session.begin_nested()
    try:
        after = change(session, actor, row.id, texts, reason="Seen first", first=first)
        if after is row:
            return ["Nothing"]
        begins = max(line.first, after.valid_from or line.first)
    finally:
        entered.rollback()
    days = f"from {date_in_words(begins)} {f'to {date_in_words(line.last)}' if line.last else 'on'}"
    kept = date_in_words(begins - timedelta(days=1))
    changed = [
        f"{name.capitalize()}: “{getattr(texts, name)}”, until now: “{getattr(was, name)}”"
        for name in TEXTS
        if getattr(texts, name) != getattr(was, name)
    ]
    return [
        f"Posters for the days {days} are printed with the new words",
        *([f"Up to {kept} the words stay as they are"] if begins > line.first else []),
        *changed,
        f"Nothing of it is printed before {_reader(line)} has read it",
        "Posters that hang keep their words until new ones are put up",
    ]


def refuse_unprintable(texts: PosterTexts) -> None:
    """Let no text in whose letters the posters' typefaces have not.

    Raises
    ------
    RefusedError
        See above.
    """
    for name in TEXTS:
        if signs := unprintable(getattr(texts, name)):
            raise RefusedError(
                f"the {name} holds “{signs[:10]}”, which the posters' typeface cannot set: it has "
                f"Latin, Greek, Cyrillic and Gurmukhi letters, from left to right"
            )
