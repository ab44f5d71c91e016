"""A speaker reads texts side by side with the English, changes them, and approves them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import certain_in
from geodata.store import translated_texts
from geodata.store.translated_texts import Said
from web.services.common.speaking import Language
from web.services.languages import offered
from web.services.languages.texts import Text, drafts, every, faults, forms

LINK_LASTS = timedelta(days=14)
LONGEST = 2_000
ENTITY = "translated_text"
_SALT = "speaker"


@dataclass(frozen=True)
class Line:
    """One text beside the English.

    Attributes
    ----------
    key
        Names it in a form.
    texts
        As it stands: a speaker's, else the program's, else empty; one for each form of a number.
    entry
        What a speaker said last; None: nobody has looked at it.
    """

    key: str
    text: Text
    texts: tuple[str, ...]
    entry: Said | None

    @property
    def is_approved(self) -> bool:
        return self.entry is not None and self.entry.is_approved


@dataclass(frozen=True)
class Standing:
    """How far a language is."""

    language: Language
    is_on: bool
    texts: int
    written: int
    approved: int


@dataclass(frozen=True)
class Speaker:
    """Who checks: an account; by a link, the account that sent it."""

    actor: Actor
    by_link: bool = False


def key_of(text: Text) -> str:
    """A short name of a text, the same as long as the English is."""
    return hashlib.sha256(f"{text.source}\0{text.plural}".encode()).hexdigest()[:16]


def lines(session: Session, code: str, *, only_open: bool = False) -> list[Line]:
    """Every text of a language, in the order of the pages; ``only_open``: those not approved.

    Raises
    ------
    NotFoundError
        The pages cannot be in it.
    """
    offered.find(code)
    entries = translated_texts.newest(session, code)
    every_line = [_line(code, text, entries.get(text.source)) for text in every()]
    return [line for line in every_line if not (only_open and line.is_approved)]


def _line(code: str, text: Text, entry: Said | None) -> Line:
    texts = entry.texts if entry else drafts(code).get(text.source, ())
    if len(texts) != forms(code, text):
        texts = ("",) * forms(code, text)
    return Line(key_of(text), text, texts, entry)


def standing(session: Session, language: Language) -> Standing:
    """How far a language is written and approved."""
    of_it = lines(session, language.code)
    return Standing(
        language,
        language in offered.switched_on(session),
        len(of_it),
        sum(all(line.texts) for line in of_it),
        sum(line.is_approved for line in of_it),
    )


def take(
    session: Session,
    speaker: Speaker,
    code: str,
    line: Line,
    texts: Sequence[str],
    *,
    is_approved: bool,
) -> bool:
    """Keep what a speaker said of a text; whether that changes anything.

    Raises
    ------
    RefusedError
        The translation is empty where it is approved, or too long, leaves out what the program
        fills in, or holds personal data.
    """
    texts = tuple(" ".join(text.split()) for text in texts)
    if (texts, is_approved) == (line.texts, line.is_approved):
        return False
    refuse_unfit(code, line.text, texts, is_approved=is_approved)
    key = translated_texts.add(
        session,
        code,
        line.text.source,
        texts,
        is_approved=is_approved,
        by_link=speaker.by_link,
        user_id=speaker.actor.user_id,
        now=speaker.actor.now,
    )
    after = {"language": code, "source": line.text.source, "texts": list(texts)}
    act = "approve" if is_approved else "change"
    audit.write(session, speaker.actor, act, ENTITY, key, after=after)
    return True


def refuse_unfit(code: str, text: Text, texts: Sequence[str], *, is_approved: bool) -> None:
    """Let no translation in that would break a page.

    Raises
    ------
    RefusedError
        As ``take`` says.
    """
    if len(texts) != forms(code, text):
        raise RefusedError(f"{len(texts)} forms were sent where there are {forms(code, text)}")
    if is_approved and not all(texts):
        raise RefusedError("there is nothing to approve: write the translation first")
    for translation in filter(None, texts):
        if len(translation) > LONGEST:
            raise RefusedError(f"it has {len(translation)} letters: write at most {LONGEST:,}")
        if broken := faults(text, translation):
            raise RefusedError("; ".join(broken))
        known = set(certain_in(text.source))
        if personal := [hit for hit in certain_in(translation) if hit not in known]:
            raise RefusedError(f"{', '.join(personal)}: personal data must not stand on pages")


def sign(secret: str, code: str, user_id: int | None, *, now: datetime) -> str:
    """The key of a link by which a speaker checks one language; it lasts two weeks."""
    until = int((now + LINK_LASTS).timestamp())
    signed: str = URLSafeSerializer(secret, salt=_SALT).dumps([code, user_id, until])
    return signed


def read_link(secret: str, key: str, *, now: datetime) -> tuple[str, Speaker]:
    """Language and speaker of a link.

    Raises
    ------
    NotFoundError
        It is none of ours, or its time is over.
    """
    try:
        code, user_id, until = URLSafeSerializer(secret, salt=_SALT).loads(key)
    except BadData:
        raise NotFoundError("this link is none of ours: ask for another one") from None
    if now.timestamp() > until:
        raise NotFoundError("this link was for two weeks, which are over: ask for another one")
    return code, Speaker(Actor(user_id, now), by_link=True)
