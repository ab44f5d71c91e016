"""People's names in free text: a name of the lists, where the words beside it say that it is one.

A street, a pub, a shop and a month may bear a person's name, and half of what is written has no
capitals. So a name alone counts only where it is nothing else; one that is a word or a place as
well needs a surname beside it, or a word such as "told by". What is missed and what is flagged
without need is measured: see `tests/geodata/people/labelled_sentences.tsv`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from geodata.people.texts.name_lists import name_lists
from geodata.people.texts.words_of_text import Word, Words, words_of

Span = tuple[int, int]


def people_in(text: str) -> list[Span]:
    """First and last letter of each name, in the text's order; they may overlap."""
    words = words_of(text)
    return [
        (words.words[index].start, words.words[last].end)
        for index in range(len(words.words))
        for last in _name_from(words, index)
    ]


def without_brands(text: str) -> str:
    """The text with "#" over what is sold, drunk or shopped in under somebody's name."""
    return _not_people().sub(lambda match: "#" * len(match.group()), text)


@cache
def _not_people() -> re.Pattern[str]:
    phrases = sorted(name_lists().not_people, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)


def _name_from(words: Words, index: int) -> Iterator[int]:
    """Where a name that begins at a word ends; nothing where none begins there."""
    for rule in _RULES:
        last = rule(words, index)
        if last is not None and (rule is _family or not _is_place(words, index, last)):
            yield last
            return


def _is_place(words: Words, index: int, last: int) -> bool:
    """Whether the words beside make it a street, a pub or a thing: "Victoria Road", "the Rose"."""
    lists = name_lists()
    head, tail = words.before(index), words.after(last)
    if words.words[last].is_owner and tail is not None and tail.text in lists.owned:
        tail = None
    if tail is not None and tail.text in lists.places:
        return True
    second = words.after(last + 1) if tail is not None else None
    if tail is not None and tail.is_capital and second is not None and second.text in lists.places:
        return True
    is_headed = head is not None and head.text in lists.heads
    return is_headed and index == last and not words.words[index].is_owner


def _is_certain(word: Word) -> bool:
    lists = name_lists()
    if len(word.text) < 3 or word.text in lists.uncertain:
        return False
    return word.text in lists.given and word.text not in lists.common


def _is_likely(word: Word) -> bool:
    return word.text in name_lists().likely


def _is_given(word: Word) -> bool:
    lists = name_lists()
    return word.text in lists.given or word.text in lists.uncertain


def _is_surname(word: Word) -> bool:
    lists = name_lists()
    return any(part in lists.surnames for part in (word.text, *word.text.split("-"))) or (
        len(word.text) > 6 and word.text.endswith(lists.endings)
    )


def _is_word(word: Word) -> bool:
    lists = name_lists()
    return word.text in lists.common or word.text in lists.words_as_surnames


def _titled(words: Words, index: int) -> int | None:
    """Mr Smith, PCSO Turner, cllr jones."""
    word, name = words.words[index], words.at(index + 1)
    if word.text not in name_lists().titles or name is None or name.gap not in {" ", ". ", "."}:
        return None
    if name.text in name_lists().places or (not name.is_capital and _is_word(name)):
        return None
    is_name = name.is_capital or (_is_surname(name) or _is_given(name))
    return index + 1 if is_name else None


def _full_name(words: Words, index: int) -> int | None:
    """Sarah Jones, Grace Walker, sarah jones; Anna Zielińska, whose surname no list has."""
    word, name = words.words[index], words.after(index)
    if name is None or word.is_owner or name.text in name_lists().places:
        return None
    if not (_is_certain(word) or (_is_given(word) and (word.is_capital or _is_likely(word)))):
        return None
    if words.has_case:
        return index + 1 if word.is_capital and _ends_name(word, name) else None
    is_sure = _is_certain(word) or _is_likely(word)
    return index + 1 if is_sure and _is_surname(name) and not _is_word(name) else None


def _ends_name(word: Word, name: Word) -> bool:
    if not name.is_capital:
        return False
    if _is_certain(word) or _is_likely(word):
        return _is_surname(name) or not _is_word(name)
    return _is_surname(name) and name.text not in name_lists().words_as_surnames


def _turned(words: Words, index: int) -> int | None:
    """KOWALSKI Piotr; Singh, Harpreet."""
    word, name = words.words[index], words.at(index + 1)
    if name is None or name.gap not in {" ", ", "} or word.is_capital != name.is_capital:
        return None
    if words.has_case and not word.is_capital:
        return None
    is_surname = _is_surname(word) and not _is_word(word) and not _is_given(word)
    return index + 1 if is_surname and _is_certain(name) else None


def _initialled(words: Words, index: int) -> int | None:
    """J. Smith."""
    word, name = words.words[index], words.at(index + 1)
    if len(word.text) != 1 or name is None or name.gap not in {" ", ". ", "."}:
        return None
    is_dotted = name.gap != " "
    is_initial = is_dotted or (word.is_capital and word.text not in {"a", "i"})
    is_name = (
        (name.is_capital or not words.has_case)
        and _is_surname(name)
        and name.text not in name_lists().places
    )
    return index + 1 if is_initial and is_name and not _is_word(name) else None


def _told_by_surname(words: Words, index: int) -> int | None:
    """Harpreet Kaur, wojtek brzezinski: the surname makes a word that is no common one a name."""
    word, name = words.words[index], words.after(index)
    if name is None or _is_word(word) or word.text in name_lists().heads or len(word.text) < 3:
        return None
    if words.has_case and not (word.is_capital and name.is_capital):
        return None
    if name.text in name_lists().telling:
        return index + 1
    is_name = _is_surname(name) and not _is_word(name) and word.text not in name_lists().places
    return index + 1 if is_name and name.text not in name_lists().places else None


def _alone(words: Words, index: int) -> int | None:
    """Kevin again; told by kevin; kevin's car; ask Rose."""
    word = words.words[index]
    if not _is_given(word) or (words.has_case and not word.is_capital):
        return None
    if _is_certain(word) and words.has_case:
        return index
    if _is_certain(word) or _is_likely(word):
        return index if _is_spoken_of(words, index) else None
    return index if words.has_case and _is_strongly_introduced(words, index) else None


def _is_spoken_of(words: Words, index: int) -> bool:
    lists, word = name_lists(), words.words[index]
    before, after = words.before(index), words.after(index)
    if word.is_owner and after is not None and after.text in lists.owned:
        return True
    if before is not None and before.text in lists.before:
        return True
    return after is not None and after.text in lists.after


def _signed(words: Words, index: int) -> int | None:
    """Thanks, Rose; regards Tom: the last word of a text."""
    word, before = words.words[index], words.at(index - 1)
    is_last = words.at(index + 1) is None
    if not is_last or before is None or before.text not in {"thanks", "regards", "cheers", "love"}:
        return None
    return index if _is_given(word) and len(word.text) > 2 else None


def _only_surname(words: Words, index: int) -> int | None:
    """It belongs to hussain."""
    is_name = words.words[index].text in name_lists().telling
    return index if is_name and _is_spoken_of(words, index) else None


def _is_strongly_introduced(words: Words, index: int) -> bool:
    before = words.before(index)
    return before is not None and before.text in name_lists().strongly_before


def _introduced(words: Words, index: int) -> int | None:
    """A lad called Xhevdet; my neighbour Oyelaran: a capital after such a word is a name."""
    word = words.words[index]
    if not word.is_capital or _is_word(word) or not _is_strongly_introduced(words, index):
        return None
    name = words.after(index)
    return index + 1 if name is not None and name.is_capital and not _is_word(name) else index


def _family(words: Words, index: int) -> int | None:
    """The Kowalski family; the Murphys."""
    word, family, before = words.words[index], words.after(index), words.before(index)
    if before is not None and before.text == "the" and word.is_capital and word.text[-1] == "s":
        one = replace(word, text=word.text[:-1])
        is_one = _is_surname(one) and not _is_word(one) and not _is_word(word)
        is_place = family is not None and family.text in name_lists().places
        return index if is_one and not is_place else None
    if family is None or family.text not in {"family", "brothers", "twins"}:
        return None
    is_name = word.is_capital or not words.has_case
    return index if is_name and _is_surname(word) and not _is_word(word) else None


_RULES: tuple[Callable[[Words, int], int | None], ...] = (
    _titled,
    _full_name,
    _told_by_surname,
    _turned,
    _initialled,
    _introduced,
    _family,
    _alone,
    _only_surname,
    _signed,
)
