"""The texts of a language as pages ask for them: a speaker's, or else the program's."""

import io

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations
from sqlalchemy.orm import Session

from geodata.store import translated_texts
from geodata.store.translated_texts import Said
from web.services.common.speaking import PLAIN, Language, Speech
from web.services.languages import offered
from web.services.languages.texts import drafts, every, forms


def speech(session: Session, code: str) -> Speech:
    """A language to speak; English where it is switched off, or never was."""
    language = next((one for one in offered.switched_on(session) if one.code == code), None)
    return PLAIN if language is None else speech_of(session, language)


def speech_of(session: Session, language: Language) -> Speech:
    """A language to speak, whether it is switched on or not."""
    version = translated_texts.version(session, language.code)
    if (language.code, version) not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        entries = translated_texts.newest(session, language.code)
        _kept[language.code, version] = _speech(language, entries, version)
    return _kept[language.code, version]


MOST_KEPT = 20
_kept: dict[tuple[str, str], Speech] = {}
"""By language and last change: to put one together takes some milliseconds."""


def _speech(language: Language, entries: dict[str, Said], version: str) -> Speech:
    code = language.code
    merged, is_draft = Catalog(locale=code), False
    for text in every():
        mine = entries.get(text.source)
        texts = mine.texts if mine else drafts(code).get(text.source, ())
        is_draft |= not (mine and mine.is_approved)
        if len(texts) == forms(code, text):
            key = (text.source, text.plural) if text.plural else text.source
            merged.add(key, texts if text.plural else texts[0])
    return Speech(language, compiled(merged), f"{code} {version}", is_draft)


def compiled(catalogue: Catalog) -> Translations:
    """A catalogue as GNU gettext reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file)
