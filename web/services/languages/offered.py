"""The languages of the pages, and which of them a council has switched on."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store import settings
from web.services.common.speaking import Language
from web.services.languages.texts import drafts

SETTING = "languages"
ENTITY = "setting"
LANGUAGES = {
    language.code: language
    for language in (
        Language("cy", "Welsh", "Cymraeg"),
        Language("pl", "Polish", "Polski"),
        Language("ro", "Romanian", "Română"),
        Language("bg", "Bulgarian", "Български"),
        Language("pa", "Punjabi", "ਪੰਜਾਬੀ"),
        Language("lt", "Lithuanian", "Lietuvių"),
    )
}
"""Those that the pages can be translated into; English is always there."""


def find(code: str) -> Language:
    """A language by its code.

    Raises
    ------
    NotFoundError
        The pages cannot be in it.
    """
    if code not in LANGUAGES:
        raise NotFoundError(f"the pages have no language {code!r}")
    return LANGUAGES[code]


def switched_on(session: Session) -> list[Language]:
    """The languages that a reader may choose besides English, in the list's order."""
    chosen = settings.read(session, SETTING, [])
    return [language for code, language in LANGUAGES.items() if code in chosen]


def switch(session: Session, actor: Actor, codes: Sequence[str], *, reason: str) -> bool:
    """Offer these languages and no others; whether that changes anything.

    Raises
    ------
    RefusedError
        A language has no texts yet, or the reason is empty.
    """
    before = [language.code for language in switched_on(session)]
    wanted = [code for code in LANGUAGES if code in codes]
    if empty := [
        LANGUAGES[code].name for code in wanted if not drafts(code) and code not in before
    ]:
        raise RefusedError(f"{', '.join(empty)} has no texts yet: let a speaker write them first")
    if wanted == before:
        return False
    refuse_no_reason(reason)
    settings.write(session, SETTING, wanted or None)
    audit.write(
        session,
        actor,
        "change",
        ENTITY,
        before={SETTING: before},
        after={SETTING: wanted},
        reason=reason.strip(),
    )
    return True
