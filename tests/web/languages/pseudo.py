"""A language that nobody speaks: every text in brackets, from right to left."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest

from geodata.store import settings
from geodata.store.engine import Store
from web.services.common.speaking import Language
from web.services.languages import catalogues, checking, offered, texts

PSEUDO = Language("ar", "Pseudo", "⟦Pseudo⟧", is_rtl=True)
"""Under a code that dates and the browser know."""
SPOKEN = ("title", "alt", "aria-label", "placeholder")


def in_brackets(text: texts.Text) -> tuple[str, ...]:
    forms = 6 if text.plural else 1  # of Arabic's numbers
    return (f"⟦{text.plural or text.source}⟧",) * forms


@contextmanager
def pseudo_language(store: Store) -> Iterator[None]:
    """Switched on in a store, and the only one there is."""
    made = {text.source: in_brackets(text) for text in texts.every()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offered, "LANGUAGES", {PSEUDO.code: PSEUDO})
        for module in (catalogues, checking, offered):
            patch.setattr(module, "drafts", lambda _: made)
        for module in (catalogues, checking):
            patch.setattr(module, "forms", lambda _, text: 6 if text.plural else 1)
        patch.setattr(catalogues, "_kept", {})
        with store.writing() as session:
            settings.write(session, offered.SETTING, [PSEUDO.code])
        yield


class _Words(HTMLParser):
    """What a page says: its texts and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._english = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = dict(attrs)
        if self._english or got.get("lang") == "en":
            self._english += tag not in {"img", "input", "link", "meta", "br"}
        if tag in {"script", "style"}:
            self._silent += 1
        if self._english:
            return
        if tag == "meta" and got.get("name") == "description":
            self.words.append(got.get("content") or "")
        self.words += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent -= 1
        if self._english:
            self._english -= 1

    def handle_data(self, data: str) -> None:
        if not self._english and not self._silent:
            self.words.append(data)


def english_left(html: str, *own: str) -> set[str]:
    """Words outside brackets that are none of ``own``: what is stored, such as a name."""
    page = _Words()
    page.feed(html)
    words = "\n".join(page.words)
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", words)) != words:
        words = shorter
    for name in own:
        words = words.replace(name, " ")
    return set(re.findall(r"[A-Za-z]{2,}", words))
