"""What a campaign's posters say: a version for each language and each state of the law it spans.

A change adds a version, so that what hung before can be read later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.models import AuditEntry, Campaign, CampaignWording, User
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.posters import poster_wording
from geodata.posters.poster_wording import ENGLISH, Wording
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words
from geodata.rules.tables import RuleBook

ENTITY = "poster_wording"
TEXTS = ("heading", "law", "call", "extra")
LONGEST = {"heading": 80, "law": 350, "call": 90, "extra": 300}
"""Letters that fit on A4 in a size that is read from some metres."""
OWN_SOURCE = "The council's own wording"
UNDOABLE = frozenset({"change", "drop"})
_NOBODYS_NUMBERS = ("03", "080")
"""So begin the numbers of services, such as FRANK's: nobody's own."""


@dataclass(frozen=True)
class PosterTexts:
    """The words of one version; ``extra`` may be empty."""

    heading: str
    law: str
    call: str
    extra: str = ""


def begin(
    session: Session, actor: Actor, campaign: Campaign, languages: Sequence[str] = (ENGLISH,)
) -> None:
    """Give a campaign the wording of the dated tables in some languages; what it has already stays.

    A language for which they have no wording gets empty versions, to be filled in.

    Raises
    ------
    RefusedError
        The language is unknown.
    """
    known, rules = current(session, campaign.id), rulebook(session)
    for language in languages:
        if language not in poster_wording.languages(rules):
            raise RefusedError(f"{language!r} is no language of posters: choose one of the list")
        for start in _starts(rules, campaign, language):
            first = max(campaign.valid_from, start.valid_from or campaign.valid_from)
            if not any(row.language == language and _holds(row, first) for row in known):
                row = _add(session, actor, _row(campaign, language, start))
                _log(session, actor, "add", None, row)


def _holds(row: CampaignWording, day: date) -> bool:
    return (row.valid_from or day) <= day <= (row.valid_to or day)


def _starts(rules: RuleBook, campaign: Campaign, language: str) -> tuple[Wording, ...]:
    """The tables' wordings of a campaign's days; English ones where they have none."""
    first, last = campaign.valid_from, campaign.valid_to
    wordings = poster_wording.wordings_between(first, last, language=language, rules=rules)
    return wordings or poster_wording.wordings_between(first, last, rules=rules)


def _row(campaign: Campaign, language: str, start: Wording) -> CampaignWording:
    is_ready = start.language == language
    return CampaignWording(
        campaign_id=campaign.id,
        language=language,
        valid_from=start.valid_from,
        valid_to=start.valid_to,
        heading=start.heading if is_ready else "",
        law=start.law if is_ready else "",
        call=start.call if is_ready else "",
        extra=start.extra if is_ready else "",
        source=start.source if is_ready else OWN_SOURCE,
        needs_check=True,
    )


def versions(
    session: Session, campaign_id: int
) -> list[tuple[CampaignWording, str | None, str | None]]:
    """Every version that a campaign ever had, newest first, with who made and who checked it."""
    maker, checker = User.__table__.alias("maker"), User.__table__.alias("checker")
    query = (
        select(CampaignWording, maker.c.name, checker.c.name)
        .join(maker, maker.c.id == CampaignWording.user_id, isouter=True)
        .join(checker, checker.c.id == CampaignWording.checked_by_id, isouter=True)
        .where(CampaignWording.campaign_id == campaign_id)
        .order_by(CampaignWording.id.desc())
    )
    return [(row, made_by, checked_by) for row, made_by, checked_by in session.execute(query)]


def current(session: Session, campaign_id: int) -> list[CampaignWording]:
    """The versions that count, by language in the list's order and then by first day."""
    query = select(CampaignWording).where(CampaignWording.campaign_id == campaign_id)
    newest = {
        (row.language, row.valid_from): row
        for row in session.scalars(query.order_by(CampaignWording.id))
    }
    order = {code: n for n, code in enumerate(poster_wording.languages(rulebook(session)))}
    return sorted(
        (row for row in newest.values() if not row.is_dropped),
        key=lambda row: (
            order.get(row.language, len(order)),
            row.language,
            row.valid_from or date.min,
        ),
    )


def find(session: Session, key: int) -> CampaignWording:
    """A version by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = session.get(CampaignWording, key)
    if row is None:
        raise NotFoundError(f"there is no poster wording {key}")
    return row


def change(
    session: Session,
    actor: Actor,
    key: int,
    texts: PosterTexts,
    *,
    first: date | None = None,
    reason: str | None = None,
) -> CampaignWording:
    """Put other words in the place of a version. They must then be checked anew.

    Parameters
    ----------
    first
        Day from which the new words hold, where that is not the version's own first: what it said
        before then stays, and stays checked.

    Raises
    ------
    NotFoundError
        There is no such version.
    RefusedError
        It was changed by somebody else since, a text is missing or too long, one holds personal
        data, or the day is none of the version's.
    """
    before = _standing(session, key)
    refuse_unfit(texts)
    if all(getattr(before, name) == getattr(texts, name) for name in TEXTS):
        return before
    kept = _cut_before(session, actor, before, first)
    after = _successor(before)
    for name in TEXTS:
        setattr(after, name, getattr(texts, name))
    after.source, after.needs_check = OWN_SOURCE, True
    after.valid_from = first if kept else before.valid_from
    _add(session, actor, after)
    _log(session, actor, "change", before, after, reason)
    return after


def _cut_before(
    session: Session, actor: Actor, row: CampaignWording, first: date | None
) -> CampaignWording | None:
    """Let a version end on the day before another begins; None where that one takes its place."""
    if first is None or (row.valid_from is not None and first <= row.valid_from):
        return None
    if row.valid_to is not None and first > row.valid_to:
        raise RefusedError(
            f"{date_in_words(first)} lies after the last day of this wording, "
            f"{date_in_words(row.valid_to)}: change the one that holds then"
        )
    return _add(session, actor, _again(row, valid_to=first - timedelta(days=1)))


def _again(row: CampaignWording, **changed: Any) -> CampaignWording:
    """A version that says the same, and is checked as it was."""
    copy = _successor(row)
    copy.checked_at, copy.checked_by_id = row.checked_at, row.checked_by_id
    for name, value in changed.items():
        setattr(copy, name, value)
    return copy


def last_change(session: Session, campaign_id: int) -> AuditEntry | None:
    """The newest change or drop that can be taken back; None where nothing was changed since."""
    acts = (
        entry
        for entry, _ in audit.entries(session, ENTITY)
        if (entry.after or {}).get("campaign_id") == campaign_id and entry.act != "check"
    )
    entry = next(acts, None)
    is_known = entry is not None and "replaces" in (entry.after or {})
    return entry if is_known and entry is not None and entry.act in UNDOABLE else None


def reasons(session: Session, campaign_id: int) -> dict[int, str]:
    """Why each version was made, by its key; those without a reason are left out."""
    return {
        entry.entity_id: entry.reason
        for entry, _ in audit.entries(session, ENTITY)
        if (entry.after or {}).get("campaign_id") == campaign_id
        if entry.reason and entry.entity_id is not None
    }


def undo(session: Session, actor: Actor, campaign_id: int, *, reason: str) -> None:
    """Take the last change back: what was said before is said again, checked as it was.

    Raises
    ------
    RefusedError
        There is none.
    """
    entry = last_change(session, campaign_id)
    if entry is None or entry.entity_id is None:
        raise RefusedError("there is no change of the wording to take back")
    after = find(session, entry.entity_id)
    before = find(session, (entry.after or {})["replaces"])
    if after.valid_from != before.valid_from:
        gone = _successor(after)
        gone.is_dropped = True
        _add(session, actor, gone)
    again = _add(session, actor, _again(before))
    _log(session, actor, "undo", after, again, reason)


def confirm(session: Session, actor: Actor, key: int) -> CampaignWording:
    """That a version may be printed, by the word of who says so: a speaker has read a translation,
    somebody who answers for the council the English.

    Raises
    ------
    NotFoundError
        There is no such version.
    RefusedError
        It was changed by somebody else since, or has no words yet.
    """
    row = _standing(session, key)
    if not row.heading:
        raise RefusedError("there are no words to check yet: write the translation first")
    row.checked_at, row.checked_by_id = actor.now, actor.user_id
    session.flush()
    audit.write(session, actor, "check", ENTITY, row.id, after=_audited(row))
    return row


def confirm_english(session: Session, actor: Actor, campaign_id: int) -> None:
    """Sign off the English versions of a campaign, as a demo or a test needs them."""
    for row in current(session, campaign_id):
        if row.language == ENGLISH:
            confirm(session, actor, row.id)


def drop(session: Session, actor: Actor, campaign_id: int, language: str) -> None:
    """Print no more in a language; its versions stay in the history.

    Raises
    ------
    RefusedError
        It is English, or the campaign has it not.
    """
    rows = [row for row in current(session, campaign_id) if row.language == language]
    if not rows or language == ENGLISH:
        raise RefusedError("English stays on every poster; choose a language that the campaign has")
    for before in rows:
        after = _successor(before)
        after.is_dropped = True
        _add(session, actor, after)
        _log(session, actor, "drop", before, after)


def is_printable(row: CampaignWording) -> bool:
    """Whether it has words, and somebody answers for them."""
    return bool(row.heading) and (not row.needs_check or row.checked_at is not None)


def _standing(session: Session, key: int) -> CampaignWording:
    row = find(session, key)
    if row not in current(session, row.campaign_id):
        raise RefusedError("somebody changed this wording in the meantime: look at it again")
    return row


def refuse_unfit(texts: PosterTexts) -> None:
    """Let no text in that a poster cannot bear.

    Raises
    ------
    RefusedError
        A text is missing or too long, or holds personal data.
    """
    for name, longest in LONGEST.items():
        text = getattr(texts, name)
        if not text and name != "extra":
            raise RefusedError(f"the {name} is empty: every poster needs one")
        if len(text) > longest:
            raise RefusedError(f"the {name} has {len(text)} letters: up to {longest} fit")
        if personal := [hit for hit in found_in(text) if not hit.startswith(_NOBODYS_NUMBERS)]:
            raise RefusedError(f"{', '.join(personal)}: personal data must not hang in public")


def _successor(row: CampaignWording) -> CampaignWording:
    kept = ("campaign_id", "language", "valid_from", "valid_to", "source", "needs_check", *TEXTS)
    return CampaignWording(**{name: getattr(row, name) for name in kept})


def _add(session: Session, actor: Actor, row: CampaignWording) -> CampaignWording:
    row.made_at, row.user_id = actor.now, actor.user_id
    session.add(row)
    session.flush()
    return row


def _log(
    session: Session,
    actor: Actor,
    act: str,
    before: CampaignWording | None,
    after: CampaignWording,
    reason: str | None = None,
) -> None:
    old = None if before is None else _audited(before)
    replaced = {} if before is None else {"replaces": before.id}
    audit.write(
        session,
        actor,
        act,
        ENTITY,
        after.id,
        before=old,
        after=_audited(after) | replaced,
        reason=reason,
    )


def _audited(row: CampaignWording) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("campaign_id", "language", *TEXTS)}
