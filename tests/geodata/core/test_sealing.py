"""Sealed texts: read with the key alone, in their own place, unchanged."""

import base64

import pytest

from geodata.core.errors import SealedStoreError
from geodata.core.sealing import MARK, Sealer

TEXT, PLACE = "jo@example.org", "user.email"
SEALER = Sealer("the site's key")


def test_a_text_comes_back_with_its_key_and_never_looks_the_same_twice() -> None:
    first, second = (SEALER.seal(TEXT, PLACE) for _ in range(2))
    assert first != second
    assert {Sealer("the site's key").unseal(text, PLACE) for text in (first, second)} == {TEXT}
    assert b"example" not in base64.urlsafe_b64decode(first.rsplit("$", 1)[1])


def test_another_key_is_told_what_to_do() -> None:
    with pytest.raises(SealedStoreError, match="hotspots user reseal"):
        Sealer("another key").unseal(SEALER.seal(TEXT, PLACE), PLACE)


def test_a_text_that_was_moved_or_changed_is_refused() -> None:
    sealed = SEALER.seal(TEXT, PLACE)
    swapped = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    for text, place in ((sealed, "outbox_message.recipient"), (swapped, PLACE)):
        with pytest.raises(SealedStoreError, match="changed from outside"):
            SEALER.unseal(text, place)


@pytest.mark.parametrize("stored", [f"{MARK}", f"{MARK}x", f"{SEALER.prefix}", f"{SEALER.prefix}é"])
def test_what_only_looks_sealed_is_refused(stored: str) -> None:
    with pytest.raises(SealedStoreError):
        SEALER.unseal(stored, PLACE)


def test_without_a_key_and_without_words_texts_stay_as_they_are() -> None:
    assert Sealer().seal(TEXT, PLACE) == SEALER.unseal(TEXT, PLACE) == TEXT
    assert SEALER.seal("", PLACE) == ""


def test_an_index_finds_an_address_however_it_is_written_and_belongs_to_one_key() -> None:
    assert SEALER.index("Jo@Example.org") == SEALER.index(TEXT) != SEALER.index("al@example.org")
    assert Sealer("another key").index(TEXT) != SEALER.index(TEXT)
